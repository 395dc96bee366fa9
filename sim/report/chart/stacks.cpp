#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "report/chart/canvas.hpp"
#include "report/chart/charts.hpp"
#include "report/chart/colours.hpp"
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
  for (std::size_t i = 0; i < count; ++i) list.push_back(palette[i % palette.size()]);
  return list;
}

}  // namespace

std::string stacks(const Words& words, const std::vector<std::string>& names, const std::vector<Stack>& stacks,
                   const std::string& unit) {
  constexpr double labels = 200, texts = 110, row = 34, thick = 18;
  double most = 0;
  for (const Stack& stack : stacks) most = std::max({most, whole(stack), stack.limit});
  if (most <= 0) return {};
  const bool has_text = std::any_of(stacks.begin(), stacks.end(), [](const Stack& s) { return !s.text.empty(); });
  const Scale x(0, most, labels, Canvas::width - (has_text ? texts : 2));
  const auto colour = colours(names.size());
  Canvas canvas;
  double y = canvas.legend(0, names.data(), colour.data(), names.size()) + 4;
  for (const Stack& stack : stacks) {
    canvas.text(0, y + thick / 2 + 4, stack.label, "start", labels - 8);
    double sum = 0;
    for (std::size_t i = 0; i < stack.parts.size(); ++i) {
      if (stack.parts[i] <= 0) continue;
      canvas.rectangle(x(sum), y, x(sum + stack.parts[i]) - x(sum), thick, colour[i],
                       fmt::format("{}, {}: {}", stack.label, names[i], part_text(stack.parts[i], unit)));
      sum += stack.parts[i];
    }
    if (stack.limit > 0) canvas.line(x(stack.limit), y - 5, x(stack.limit), y + thick + 5, "limit");
    canvas.text(Canvas::width, y + thick / 2 + 4, stack.text, "end", texts);
    y += row;
  }
  return canvas.svg(words.title, words.description, y);
}

}  // namespace chipmix::report
