#include <algorithm>

#include "report/chart/canvas.hpp"
#include "report/chart/charts.hpp"
#include "report/chart/colours.hpp"
#include "report/chart/scale.hpp"

namespace chipmix::report {

std::string bars(const Words& words, const std::vector<Bar>& bars) {
  constexpr double labels = 200, texts = 110, row = 34, thick = 18, top = 8;
  double most = 0;
  for (const Bar& bar : bars) most = std::max({most, bar.high, bar.value, bar.cap});
  if (most <= 0) return {};
  const Scale x(0, most, labels, Canvas::width - texts);
  Canvas canvas;
  double y = top;
  for (const Bar& bar : bars) {
    const double middle = y + thick / 2;
    canvas.text(0, middle + 4, bar.label, "start", labels - 8);
    if (bar.cap > 0) canvas.rectangle(labels, y, x(bar.cap) - labels, thick, palette.back(), bar.label + ": cap", 0.3);
    canvas.rectangle(labels, y, x(bar.value) - labels, thick, bar.colour.empty() ? palette[0] : bar.colour,
                     bar.label + ": " + bar.text);
    if (bar.high > bar.low) {
      canvas.line(x(bar.low), middle, x(bar.high), middle);
      for (double end : {bar.low, bar.high}) canvas.line(x(end), middle - 5, x(end), middle + 5);
    }
    canvas.text(Canvas::width, middle + 4, bar.text, "end", texts);
    y += row;
  }
  return canvas.svg(words.title, words.description, y);
}

}  // namespace chipmix::report
