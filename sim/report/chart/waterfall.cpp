#include <algorithm>

#include "report/chart/canvas.hpp"
#include "report/chart/charts.hpp"
#include "report/chart/colours.hpp"
#include "report/chart/scale.hpp"

namespace chipmix::report {

std::string waterfall(const Words& words, const std::vector<Rise>& rises) {
  constexpr double labels = 250, texts = 130, row = 30, thick = 16, top = 8;
  double most = 0, least = 0, sum = 0;
  for (const Rise& rise : rises) {
    sum = rise.is_total ? rise.amount : sum + rise.amount;
    most = std::max(most, sum), least = std::min(least, sum);
  }
  if (most <= least) return {};
  const Scale x(least, most, labels, Canvas::width - texts);
  Canvas canvas;
  double y = top;
  sum = 0;
  for (const Rise& rise : rises) {
    const double from = rise.is_total ? 0 : sum, to = from + rise.amount;
    const char* colour = rise.is_total ? palette[0] : rise.amount > 0 ? palette[1] : palette[2];
    canvas.text(0, y + thick / 2 + 4, rise.label, "start", labels - 8);
    canvas.rectangle(x(std::min(from, to)), y, x(std::max(from, to)) - x(std::min(from, to)), thick, colour,
                     rise.label + ": " + rise.text);
    canvas.text(Canvas::width, y + thick / 2 + 4, rise.text, "end", texts);
    sum = to;
    y += row;
    if (&rise != &rises.back()) canvas.line(x(sum), y - row + thick, x(sum), y, "thin");
  }
  return canvas.svg(words.title, words.description, y);
}

}  // namespace chipmix::report
