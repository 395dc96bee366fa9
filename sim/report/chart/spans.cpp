#include <fmt/format.h>

#include <map>

#include "report/chart/charts.hpp"
#include "report/chart/rows.hpp"
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

std::string spans(const Words& words, const std::string& unit, double end, const std::vector<SpanRow>& list) {
  constexpr double labels = 210, texts = 90, top = 4;
  constexpr int ticks = 5, narrow_ticks = 3;
  if (end <= 0 || list.empty()) return {};
  return drawn(words, [&](Canvas& canvas) {
    Rows rows(canvas, labels, texts, top, thick);
    const Scale x(0, end, rows.left(), rows.right() - 1);
    for (const SpanRow& row : list) {
      const double y = rows.next(row.label, row.text);
      if (row.spans.size() > many)
        add_areas(canvas, row, x, y);
      else
        for (const Span& span : row.spans)
          canvas.rectangle(x(span.from), y, x(span.to) - x(span.from), thick, span.colour, span.tip);
    }
    const double y = rows.bottom();
    canvas.line(rows.left(), y, rows.right(), y);
    const double unit_room = canvas.is_narrow() ? Canvas::room(unit) + 24 : 0;
    for (double tick : x.ticks(canvas.is_narrow() ? narrow_ticks : ticks)) {
      canvas.line(x(tick), y, x(tick), y + 5);
      if (x(tick) > canvas.width() - unit_room) continue;
      canvas.text(x(tick), y + 19, significant(tick), x(tick) < 12 ? "start" : "middle");
    }
    canvas.text(canvas.width(), y + 19, unit, "end");
    return y + 28;
  });
}

}  // namespace chipmix::report
