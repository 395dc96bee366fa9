#include <fmt/format.h>

#include <map>

#include "report/chart/canvas.hpp"
#include "report/chart/charts.hpp"
#include "report/chart/scale.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

constexpr double thick = 18;
constexpr std::size_t many = 40;  // spans in a row, beyond which they are areas

/// All spans of a colour as one area: short bytes, and one thing to say of it.
void add_areas(Canvas& canvas, const SpanRow& row, const Scale& x, double y) {
  std::map<std::string, std::string> areas;
  for (const Span& span : row.spans)
    areas[span.colour] += fmt::format("M{:.1f} {:.0f}h{:.1f}v{:.0f}h{:.1f}z", x(span.from), y,
                                      x(span.to) - x(span.from), thick, x(span.from) - x(span.to));
  for (const auto& [colour, d] : areas) canvas.area(d, colour, row.label);
}

}  // namespace

std::string spans(const Words& words, const std::string& unit, double end, const std::vector<SpanRow>& rows) {
  constexpr double labels = 200, texts = 90, row_height = 30, top = 8;
  if (end <= 0 || rows.empty()) return {};
  const Scale x(0, end, labels, Canvas::width - texts);
  Canvas canvas;
  double y = top;
  for (const SpanRow& row : rows) {
    canvas.text(0, y + thick / 2 + 4, row.label, "start", labels - 8);
    if (row.spans.size() > many)
      add_areas(canvas, row, x, y);
    else
      for (const Span& span : row.spans)
        canvas.rectangle(x(span.from), y, x(span.to) - x(span.from), thick, span.colour, span.tip);
    canvas.text(Canvas::width, y + thick / 2 + 4, row.text, "end", texts);
    y += row_height;
  }
  canvas.line(labels, y, Canvas::width - texts, y);
  for (double tick : x.ticks()) {
    canvas.line(x(tick), y, x(tick), y + 5);
    canvas.text(x(tick), y + 19, significant(tick), "middle");
  }
  canvas.text(Canvas::width, y + 19, unit, "end");
  return canvas.svg(words.title, words.description, y + 28);
}

}  // namespace chipmix::report
