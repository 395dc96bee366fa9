#include <fmt/format.h>

#include <algorithm>

#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
#include "report/chart/rows.hpp"
#include "report/chart/scale.hpp"

namespace chipmix::report {
namespace {

constexpr std::array<const char*, 2> colours = {design::accounts[0], design::accounts[1]};

std::string change(double factor) { return fmt::format("{:+.1f} %", (factor - 1) * 100); }

void draw(Canvas& canvas, const Scale& x, const Swing& swing, double y, double thick) {
  for (const auto& [end, colour] : {std::pair{swing.at_low, colours[0]}, {swing.at_high, colours[1]}}) {
    if (end == 1) continue;
    canvas.rectangle(x(std::min(1.0, end)), y, x(std::max(1.0, end)) - x(std::min(1.0, end)), thick, colour,
                     swing.label + ": " + change(end));
  }
  const double left = std::min({1.0, swing.at_low, swing.at_high}),
               right = std::max({1.0, swing.at_low, swing.at_high});
  if (left < 1) canvas.text(x(left) - 4, y + thick / 2 + 4, change(left), "end");
  if (right > 1) canvas.text(x(right) + 4, y + thick / 2 + 4, change(right));
}

}  // namespace

std::string tornado(const Words& words, const std::vector<Swing>& swings, const std::array<std::string, 2>& ends) {
  constexpr double labels = 300, beside = 64, thick = 16;
  double low = 1, high = 1;
  for (const Swing& swing : swings) {
    low = std::min({low, swing.at_low, swing.at_high});
    high = std::max({high, swing.at_low, swing.at_high});
  }
  if (low >= high) return {};
  return drawn(words, [&](Canvas& canvas) {
    const double top = canvas.legend(0, ends.data(), colours.data(), ends.size()) + 4;
    Rows rows(canvas, labels, 0, top, thick);
    const Scale x(low, high, rows.left() + beside, rows.right() - beside);
    for (const Swing& swing : swings) draw(canvas, x, swing, rows.next(swing.label, ""), thick);
    if (!canvas.is_narrow()) canvas.line(x(1), top - 2, x(1), rows.bottom() - 8);
    return rows.bottom();
  });
}

}  // namespace chipmix::report
