#include <fmt/format.h>

#include <algorithm>

#include "report/chart/canvas.hpp"
#include "report/chart/charts.hpp"
#include "report/chart/colours.hpp"
#include "report/chart/scale.hpp"

namespace chipmix::report {
namespace {

std::string change(double factor) { return fmt::format("{:+.1f} %", (factor - 1) * 100); }

}  // namespace

std::string tornado(const Words& words, const std::vector<Swing>& swings) {
  constexpr double labels = 290, texts = 64, row = 32, thick = 16;
  constexpr std::array<const char*, 2> colours = {palette[0], palette[1]};
  const std::array<std::string, 2> names = {"at the low end of its range", "at the high end"};
  double low = 1, high = 1;
  for (const Swing& swing : swings) {
    low = std::min({low, swing.at_low, swing.at_high});
    high = std::max({high, swing.at_low, swing.at_high});
  }
  if (low >= high) return {};
  const Scale x(low, high, labels + texts, Canvas::width - texts);
  Canvas canvas;
  double y = canvas.legend(0, names.data(), colours.data(), names.size()) + 4;
  for (const Swing& swing : swings) {
    canvas.text(0, y + thick / 2 + 4, swing.label, "start", labels - 8);
    for (const auto& [end, colour] : {std::pair{swing.at_low, colours[0]}, {swing.at_high, colours[1]}}) {
      if (end == 1) continue;
      canvas.rectangle(x(std::min(1.0, end)), y, x(std::max(1.0, end)) - x(std::min(1.0, end)), thick, colour,
                       swing.label + ": " + change(end));
    }
    const double left = std::min({1.0, swing.at_low, swing.at_high}),
                 right = std::max({1.0, swing.at_low, swing.at_high});
    if (left < 1) canvas.text(x(left) - 4, y + thick / 2 + 4, change(left), "end");
    if (right > 1) canvas.text(x(right) + 4, y + thick / 2 + 4, change(right));
    y += row;
  }
  canvas.line(x(1), 26, x(1), y - row + thick + 4);
  return canvas.svg(words.title, words.description, y);
}

}  // namespace chipmix::report
