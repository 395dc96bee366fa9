#include "report/chart/plot.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/chart/canvas.hpp"
#include "report/chart/scale.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

constexpr double left = 72, right = 190, height = 300, foot = 44;

/// Words beside the plot for something at a place in it.
struct Label {
  std::string words;
  double x = 0, y = 0;
};

bool is_within(const Axis& axis, double value) { return value >= axis.low && value <= axis.high; }

std::string tick_text(double value, bool is_log) {
  return is_log && value >= 1000 ? scaled(value) : significant(value);
}

void draw_axes(Canvas& canvas, const Plot& plot, const Scale& x, const Scale& y, double top, double bottom) {
  const double end = Canvas::width - right;
  for (double tick : y.ticks()) {
    canvas.line(left, y(tick), end, y(tick), "grid");
    canvas.text(left - 6, y(tick) + 4, tick_text(tick, plot.y.is_log), "end");
  }
  for (double tick : x.ticks()) {
    canvas.line(x(tick), bottom, x(tick), bottom + 5);
    canvas.text(x(tick), bottom + 18, tick_text(tick, plot.x.is_log), "middle");
  }
  canvas.line(left, bottom, end, bottom);
  canvas.line(left, top, left, bottom);
  canvas.text(end, bottom + 36, plot.x.name, "end");
  canvas.text(0, top - 10, plot.y.name);
}

/// One under another on the right, each with a line to its place; the order follows the places.
void draw_labels(Canvas& canvas, std::vector<Label> labels, double top, double bottom) {
  constexpr double line = 16;
  std::stable_sort(labels.begin(), labels.end(), [](const Label& a, const Label& b) { return a.y < b.y; });
  const double x = Canvas::width - right + 22;
  double lowest = top - line;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Label& label = labels[i];
    const double room = bottom - line * static_cast<double>(labels.size() - 1 - i);  // for those below it
    const double y = std::max(std::min(label.y, room), lowest + line);
    canvas.line(label.x, label.y, x - 4, y, "leader");
    canvas.text(x, y + 4, label.words, "start", Canvas::width - x);
    lowest = y;
  }
}

}  // namespace

std::string plot(const Words& words, const Plot& plot) {
  Canvas canvas;
  double top = 28;
  if (!plot.legend.empty()) {
    std::vector<std::string> names;
    std::vector<const char*> colours;
    for (const auto& [name, colour] : plot.legend) names.push_back(name), colours.push_back(colour);
    top += canvas.legend(0, names.data(), colours.data(), names.size());
  }
  const double bottom = top + height;
  const Scale x(plot.x.low, plot.x.high, left, Canvas::width - right, plot.x.is_log);
  const Scale y(plot.y.low, plot.y.high, bottom, top, plot.y.is_log);
  draw_axes(canvas, plot, x, y, top, bottom);
  std::vector<Label> labels;
  for (const Curve& curve : plot.curves) {
    std::string d;
    for (const auto& [px, py] : curve.points)
      if (is_within(plot.x, px) && is_within(plot.y, py)) {
        d += fmt::format("{}{:.1f} {:.1f}", d.empty() ? "M" : "L", x(px), y(py));
      }
    if (d.empty()) continue;
    canvas.path(d, curve.colour, curve.label);
    const auto& end = curve.points.back();
    if (!curve.label.empty())
      labels.push_back({curve.label, x(end.first), y(std::clamp(end.second, plot.y.low, plot.y.high))});
  }
  for (const Dot& dot : plot.dots) {
    if (!is_within(plot.x, dot.x) || !is_within(plot.y, dot.y)) continue;
    canvas.circle(x(dot.x), y(dot.y), dot.label.empty() ? 4 : 6, dot.colour, dot.is_filled, dot.tip);
    if (!dot.label.empty()) labels.push_back({dot.label, x(dot.x) + 7, y(dot.y)});
  }
  draw_labels(canvas, labels, top, bottom);
  const double last = top + 16.0 * static_cast<double>(labels.size());
  return canvas.svg(words.title, words.description, std::max(bottom + foot, last + 8));
}

}  // namespace chipmix::report
