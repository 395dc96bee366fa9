#include "report/chart/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart/canvas.hpp"
#include "report/chart/scale.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

constexpr double height = 280, foot = 44;

/// Room beside the plot: of the y axis' numbers, and of labels.
struct Sides {
  double left, right;

  explicit Sides(const Canvas& canvas) : left(canvas.is_narrow() ? 44 : 60), right(canvas.is_narrow() ? 104 : 200) {}
};

/// Words beside the plot for something at a place in it.
struct Label {
  std::string words;
  double x = 0, y = 0;
};

bool is_within(const Axis& axis, double value) { return value >= axis.low && value <= axis.high; }

std::string tick_text(double value, bool is_log) {
  return is_log && value >= 1000 ? scaled(value) : significant(value);
}

/// A power of ten.
bool is_power(double tick) { return std::abs(std::log10(tick) - std::round(std::log10(tick))) < 1e-9; }

void draw_axes(Canvas& canvas, const Plot& plot, const Scale& x, const Scale& y, double top, double bottom) {
  const auto [left, right] = Sides(canvas);
  const double end = canvas.width() - right;
  const int about = canvas.is_narrow() ? 3 : 5;
  for (double tick : y.ticks()) {
    canvas.line(left, y(tick), end, y(tick), "grid");
    canvas.text(left - 6, y(tick) + 4, tick_text(tick, plot.y.is_log), "end");
  }
  for (double tick : x.ticks(about)) {
    canvas.line(x(tick), bottom, x(tick), bottom + 5);
    if (!canvas.is_narrow() || !plot.x.is_log || is_power(tick))
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
  const double x = canvas.width() - Sides(canvas).right + 14;
  double lowest = top - line;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Label& label = labels[i];
    const double room = bottom - line * static_cast<double>(labels.size() - 1 - i);  // for those below it
    const double y = std::max(std::min(label.y, room), lowest + line);
    canvas.line(label.x, label.y, x - 4, y, "leader");
    canvas.text(x, y + 4, label.words, "start", canvas.width() - x);
    lowest = y;
  }
}

/// Lines through their points; the words at their ends.
void draw_curves(Canvas& canvas, const Plot& plot, const Scale& x, const Scale& y, std::vector<Label>& labels) {
  for (const Curve& curve : plot.curves) {
    std::string d;
    for (const auto& [px, py] : curve.points)
      if (is_within(plot.x, px) && is_within(plot.y, py))
        d += fmt::format("{}{:.1f} {:.1f}", d.empty() ? "M" : "L", x(px), y(py));
    if (d.empty()) continue;
    canvas.path(d, curve.colour, curve.label);
    const auto& end = curve.points.back();
    if (!curve.label.empty())
      labels.push_back({curve.label, x(end.first), y(std::clamp(end.second, plot.y.low, plot.y.high))});
  }
}

void draw_dots(Canvas& canvas, const Plot& plot, const Scale& x, const Scale& y, std::vector<Label>& labels) {
  for (const Dot& dot : plot.dots) {
    if (!is_within(plot.x, dot.x) || !is_within(plot.y, dot.y)) continue;
    canvas.circle(x(dot.x), y(dot.y), dot.label.empty() ? 4 : 6, dot.colour, dot.is_filled, dot.tip);
    if (!dot.label.empty()) labels.push_back({dot.label, x(dot.x) + 7, y(dot.y)});
  }
}

double draw_plot(Canvas& canvas, const Plot& plot) {
  double top = 28;
  if (!plot.legend.empty()) {
    std::vector<std::string> names;
    std::vector<const char*> colours;
    for (const auto& [name, colour] : plot.legend) names.push_back(name), colours.push_back(colour);
    top += canvas.legend(0, names.data(), colours.data(), names.size());
  }
  const double bottom = top + height;
  const auto [left, right] = Sides(canvas);
  const Scale x(plot.x.low, plot.x.high, left, canvas.width() - right, plot.x.is_log);
  const Scale y(plot.y.low, plot.y.high, bottom, top, plot.y.is_log);
  draw_axes(canvas, plot, x, y, top, bottom);
  std::vector<Label> labels;
  draw_curves(canvas, plot, x, y, labels);
  draw_dots(canvas, plot, x, y, labels);
  draw_labels(canvas, labels, top, bottom);
  const double last = top + 16.0 * static_cast<double>(labels.size());
  return std::max(bottom + foot, last + 8);
}

}  // namespace

std::string plot(const Words& words, const Plot& plot) {
  return drawn(words, [&](Canvas& canvas) { return draw_plot(canvas, plot); });
}

}  // namespace chipmix::report
