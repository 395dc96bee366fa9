#include <algorithm>

#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
#include "report/chart/rows.hpp"
#include "report/chart/scale.hpp"

namespace chipmix::report {
namespace {

void draw(Canvas& canvas, const Rows& rows, const Scale& x, const Bar& bar, double y, bool has_emphasis) {
  const double middle = y + rows.thick() / 2;
  if (bar.cap > 0)
    canvas.rectangle(rows.left(), y, x(bar.cap) - rows.left(), rows.thick(), design::grey, bar.label + ": cap", 0.3);
  canvas.rectangle(rows.left(), y, x(bar.value) - rows.left(), rows.thick(),
                   bar.colour.empty() ? design::one : bar.colour, bar.label + ": " + bar.text,
                   has_emphasis && !bar.is_emphasised ? design::muted : 1);
  if (bar.high <= bar.low) return;
  canvas.line(x(bar.low), middle, x(bar.high), middle);
  for (double end : {bar.low, bar.high}) canvas.line(x(end), middle - 5, x(end), middle + 5);
}

}  // namespace

std::string bars(const Words& words, const std::vector<Bar>& bars, bool is_column) {
  constexpr double labels = 210, texts = 120, thick = 20, top = 4;
  double most = 0;
  for (const Bar& bar : bars) most = std::max({most, bar.high, bar.value, bar.cap});
  if (most <= 0) return {};
  const bool has_emphasis = std::any_of(bars.begin(), bars.end(), [](const Bar& bar) { return bar.is_emphasised; });
  const auto draw_all = [&](Canvas& canvas) {
    Rows rows(canvas, labels, texts, top, thick);
    const Scale x(0, most, rows.left(), rows.right() - 2);
    for (const Bar& bar : bars)
      draw(canvas, rows, x, bar, rows.next(bar.label, bar.text, bar.is_emphasised), has_emphasis);
    return rows.bottom();
  };
  return drawn(words, draw_all, is_column ? Measure::column : Measure::page);
}

}  // namespace chipmix::report
