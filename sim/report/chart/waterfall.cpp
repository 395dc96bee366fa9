#include <algorithm>

#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
#include "report/chart/rows.hpp"
#include "report/chart/scale.hpp"

namespace chipmix::report {

std::string waterfall(const Words& words, const std::vector<Rise>& rises) {
  constexpr double labels = 250, texts = 130, thick = 16, top = 4;
  double most = 0, least = 0, sum = 0;
  for (const Rise& rise : rises) {
    sum = rise.is_total ? rise.amount : sum + rise.amount;
    most = std::max(most, sum), least = std::min(least, sum);
  }
  if (most <= least) return {};
  return drawn(words, [&](Canvas& canvas) {
    Rows rows(canvas, labels, texts, top, thick);
    const Scale x(least, most, rows.left(), rows.right());
    double level = 0, before = 0;
    for (const Rise& rise : rises) {
      const double from = rise.is_total ? 0 : level, to = from + rise.amount;
      const char* colour = rise.is_total ? design::one : rise.amount > 0 ? design::bad : design::good;
      const double y = rows.next(rise.label, rise.text, rise.is_total);
      if (&rise != &rises.front() && !canvas.is_narrow()) canvas.line(x(level), before, x(level), y, "thin");
      canvas.rectangle(x(std::min(from, to)), y, x(std::max(from, to)) - x(std::min(from, to)), thick, colour,
                       rise.label + ": " + rise.text);
      level = to;
      before = y + thick;
    }
    return rows.bottom();
  });
}

}  // namespace chipmix::report
