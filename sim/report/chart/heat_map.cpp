#include <algorithm>
#include <cmath>

#include "report/chart/canvas.hpp"
#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"

namespace chipmix::report {
namespace {

constexpr double row = 30, top = 4;
constexpr double strongest = 0.55;  // so that ink stays readable on it

double widest(const HeatMap& map) {
  double widest = 0;
  for (const auto& cells : map.cells)
    for (double cell : cells)
      if (std::isfinite(cell)) widest = std::max(widest, std::abs(cell - map.middle));
  return widest;
}

/// One row of cells from x = `left` on.
void draw_row(Canvas& canvas, const HeatMap& map, std::size_t j, double left, double column, double y, double most,
              std::size_t step) {
  std::size_t place = 0;
  for (std::size_t i = 0; i < map.x.size(); i += step, ++place) {
    const double x = left + column * static_cast<double>(place), value = map.cells[j][i];
    if (!std::isfinite(value)) continue;
    const double strength = most > 0 ? strongest * std::abs(value - map.middle) / most : 0;
    canvas.rectangle(x + 1, y + 1, column - 2, row - 2, value > map.middle ? design::accounts[1] : design::one,
                     map.y[j] + ", " + map.x[i] + ": " + map.text[j][i], strength);
    canvas.text(x + column / 2, y + row / 2 + 4, map.text[j][i], "middle", column);
  }
}

}  // namespace

std::string heat_map(const Words& words, const HeatMap& map) {
  constexpr double labels = 210, line = 18;
  if (map.x.empty() || map.y.empty()) return {};
  const double most = widest(map);
  return drawn(words, [&](Canvas& canvas) {
    const std::size_t step = canvas.is_narrow() && map.x.size() > 5 ? 2 : 1;  // a phone shows every other column
    const std::size_t columns = (map.x.size() + step - 1) / step;
    const double left = canvas.is_narrow() ? 0 : labels, above = canvas.is_narrow() ? line : 0;
    const double column = (canvas.width() - left) / static_cast<double>(columns);
    double y = top;
    for (std::size_t j = 0; j < map.y.size(); ++j) {
      canvas.text(0, y + (canvas.is_narrow() ? line - 5 : row / 2 + 4), map.y[j], "start",
                  (canvas.is_narrow() ? canvas.width() : labels) - 8);
      draw_row(canvas, map, j, left, column, y + above, most, step);
      y += row + above;
    }
    for (std::size_t i = 0, place = 0; i < map.x.size(); i += step, ++place)
      canvas.text(left + column * (static_cast<double>(place) + 0.5), y + 18, map.x[i], "middle", column);
    canvas.text(canvas.width(), y + 38, map.x_name, "end");
    return y + 46;
  });
}

}  // namespace chipmix::report
