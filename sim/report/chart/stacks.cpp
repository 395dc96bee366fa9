#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
#include "report/chart/rows.hpp"
#include "report/chart/scale.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

double whole(const Stack& stack) { return std::accumulate(stack.parts.begin(), stack.parts.end(), 0.0); }

std::string part_text(double part, const std::string& unit) {
  return unit == "%" ? percent(part) : fmt::format("{} {}", significant(part), unit);
}

/// More parts than colours share them from the start.
std::vector<const char*> colours(std::size_t count) {
  std::vector<const char*> list;
  for (std::size_t i = 0; i < count; ++i) list.push_back(design::accounts[i % design::accounts.size()]);
  return list;
}

}  // namespace

std::string stacks(const Words& words, const std::vector<std::string>& names, const std::vector<Stack>& stacks,
                   const std::string& unit) {
  constexpr double labels = 210, texts = 110, thick = 18;
  double most = 0;
  for (const Stack& stack : stacks) most = std::max({most, whole(stack), stack.limit});
  if (most <= 0) return {};
  const bool has_text = std::any_of(stacks.begin(), stacks.end(), [](const Stack& s) { return !s.text.empty(); });
  const auto colour = colours(names.size());
  return drawn(words, [&](Canvas& canvas) {
    Rows rows(canvas, labels, has_text ? texts : 2, canvas.legend(0, names.data(), colour.data(), names.size()) + 4,
              thick);
    const Scale x(0, most, rows.left(), rows.right());
    for (const Stack& stack : stacks) {
      const double y = rows.next(stack.label, stack.text);
      double sum = 0;
      for (std::size_t i = 0; i < stack.parts.size(); ++i) {
        if (stack.parts[i] <= 0) continue;
        canvas.rectangle(x(sum), y, x(sum + stack.parts[i]) - x(sum), thick, colour[i],
                         fmt::format("{}, {}: {}", stack.label, names[i], part_text(stack.parts[i], unit)));
        sum += stack.parts[i];
      }
      if (stack.limit > 0) canvas.line(x(stack.limit), y - 4, x(stack.limit), y + thick + 4, "limit");
    }
    return rows.bottom();
  });
}

}  // namespace chipmix::report
