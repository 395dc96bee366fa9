#include <algorithm>
#include <cmath>

#include "report/chart/canvas.hpp"
#include "report/chart/charts.hpp"
#include "report/chart/colours.hpp"

namespace chipmix::report {

std::string heat_map(const Words& words, const HeatMap& map) {
  constexpr double labels = 200, row = 30, top = 4;
  constexpr double strongest = 0.75;  // so that ink stays readable on it
  double widest = 0;
  for (const auto& cells : map.cells)
    for (double cell : cells)
      if (std::isfinite(cell)) widest = std::max(widest, std::abs(cell - map.middle));
  if (map.x.empty() || map.y.empty()) return {};
  const double column = (Canvas::width - labels) / static_cast<double>(map.x.size());
  Canvas canvas;
  for (std::size_t j = 0; j < map.y.size(); ++j) {
    const double y = top + row * static_cast<double>(j);
    canvas.text(0, y + row / 2 + 4, map.y[j], "start", labels - 8);
    for (std::size_t i = 0; i < map.x.size(); ++i) {
      const double x = labels + column * static_cast<double>(i), value = map.cells[j][i];
      if (!std::isfinite(value)) continue;
      const double strength = widest > 0 ? strongest * std::abs(value - map.middle) / widest : 0;
      canvas.rectangle(x + 1, y + 1, column - 2, row - 2, value > map.middle ? palette[1] : palette[0],
                       map.y[j] + ", " + map.x[i] + ": " + map.text[j][i], strength);
      canvas.text(x + column / 2, y + row / 2 + 4, map.text[j][i], "middle", column);
    }
  }
  const double foot = top + row * static_cast<double>(map.y.size());
  for (std::size_t i = 0; i < map.x.size(); ++i)
    canvas.text(labels + column * (static_cast<double>(i) + 0.5), foot + 18, map.x[i], "middle", column);
  canvas.text(Canvas::width, foot + 38, map.x_name, "end");
  return canvas.svg(words.title, words.description, foot + 46);
}

}  // namespace chipmix::report
