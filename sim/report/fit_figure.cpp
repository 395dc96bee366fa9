#include "report/fit_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart/canvas.hpp"
#include "report/chart/design.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

constexpr double plot_side = 560, beside = 70, above = 40, legend_width = 220, below = 50;

struct LogScale {
  double low = 0, high = 0;  ///< powers of ten
  double along(double value) const { return (std::log10(value) - low) / (high - low) * plot_side; }
  double x(double value) const { return beside + along(value); }
  double y(double value) const { return above + plot_side - along(value); }
};

LogScale scale_of(const std::vector<FitPoint>& points) {
  double least = points.front().measured, most = least;
  for (const FitPoint& point : points) {
    least = std::min({least, point.measured, point.fitted});
    most = std::max({most, point.measured, point.fitted});
  }
  const double low = std::floor(std::log10(least)), high = std::ceil(std::log10(most));
  return {low, std::max(high, low + 1)};
}

std::string text(double x, double y, const std::string& words, const char* anchor = "start") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, escaped(words));
}

std::string axes(const LogScale& scale) {
  std::string svg;
  for (double power = scale.low; power <= scale.high; ++power) {
    const double value = std::pow(10, power), x = scale.x(value), y = scale.y(value);
    svg += fmt::format("<path d=\"M{:.1f} {:.1f}V{:.1f}M{:.1f} {:.1f}H{:.1f}\" stroke=\"#d0d0d0\"/>\n", x, above,
                       above + plot_side, beside, y, beside + plot_side);
    svg += text(x, above + plot_side + 18, duration(Seconds(value)), "middle");
    svg += text(beside - 6, y + 4, duration(Seconds(value)), "end");
  }
  svg += text(beside + plot_side / 2, above + plot_side + 40, "measured", "middle");
  return svg + text(beside - 60, above - 14, "fitted");
}

/// y = factor · x, as far as both axes reach.
std::string diagonal(const LogScale& scale, double factor, const char* dash) {
  const double least = std::pow(10, scale.low), most = std::pow(10, scale.high);
  const double from = std::max(least, least / factor), to = std::min(most, most / factor);
  return fmt::format("<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" stroke=\"#606060\" stroke-dasharray=\"{}\"/>\n",
                     scale.x(from), scale.y(from * factor), scale.x(to), scale.y(to * factor), dash);
}

}  // namespace

std::string fit_figure(const std::string& title, const std::vector<FitPoint>& points, double band) {
  if (points.empty()) return {};
  std::vector<std::string> series;
  for (const FitPoint& point : points) {
    if (!(point.measured > 0 && point.fitted > 0)) return {};
    if (std::find(series.begin(), series.end(), point.series) == series.end()) series.push_back(point.series);
  }
  const LogScale scale = scale_of(points);
  std::string svg = fmt::format(
      "<svg role=\"img\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" height=\"{1:g}\" font-family=\"sans-serif\" "
      "font-size=\"13\" xmlns=\"http://www.w3.org/2000/svg\"><title>{2}</title><desc>Fitted over measured time of "
      "{3} samples; the dashed lines are {4} apart from equality.</desc>\n"
      "<rect width=\"{0:g}\" height=\"{1:g}\" fill=\"#ffffff\"/>\n",
      beside + plot_side + legend_width, above + plot_side + below, escaped(title), points.size(), percent(band));
  svg += text(beside + plot_side / 2, 22, title, "middle") + axes(scale);
  svg += diagonal(scale, 1, "none") + diagonal(scale, 1 + band, "4 4") + diagonal(scale, 1 / (1 + band), "4 4");
  for (const FitPoint& point : points) {
    const auto which = static_cast<std::size_t>(std::find(series.begin(), series.end(), point.series) - series.begin());
    svg += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\" fill-opacity=\"0.7\"><title>{}</title></circle>\n",
        scale.x(point.measured), scale.y(point.fitted), design::accounts[which % design::accounts.size()],
        escaped(point.label));
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double y = above + 14 + 20 * static_cast<double>(i);
    svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" fill=\"{}\"/>\n", beside + plot_side + 14, y - 4,
                       design::accounts[i % design::accounts.size()]);
    svg += text(beside + plot_side + 24, y, series[i]);
  }
  return svg + "</svg>\n";
}

}  // namespace chipmix::report
