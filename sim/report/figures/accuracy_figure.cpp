#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/chart/design.hpp"
#include "report/chart/plot.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"
#include "validation/groups.hpp"
#include "validation/score.hpp"

namespace chipmix::report {

Figure predicted_and_measured(const std::vector<validation::PublishedRun>& runs,
                              const std::vector<validation::Prediction>& predictions) {
  constexpr double margin = 1.2;
  Figure figure;
  figure.title = "Predicted and measured step time of published runs, s";
  figure.caption =
      "As shipped. On the line a prediction is right; the thin lines are 10 % off. Colours are families of devices.";
  figure.data.columns = {{"devices"}, numeric("runs"), numeric("median error"), numeric("bias"), numeric("in P10-P90")};
  const validation::Scored scored = score(runs, predictions);
  std::map<std::string, const char*> colours;
  Plot chart{{"measured, s", 1e9, 0, true}, {"predicted, s", 0, 0, true}, {}, {}};
  for (const auto& [family, one] : scored.family) {
    if (one.predicted == 0) continue;
    figure.data.add({family,
                     one.predicted,
                     {one.median, percent(one.median)},
                     {one.bias, percent(one.bias)},
                     one.coverage ? Cell{*one.coverage, percent(*one.coverage)} : Cell{}});
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!time_error(runs[i], predictions[i])) continue;
    const double measured = *runs[i].measured.iteration_s, predicted = predictions[i].iteration_s;
    chart.x.low = std::min({chart.x.low, measured, predicted}),
    chart.x.high = std::max({chart.x.high, measured, predicted});
    const std::string family = validation::family_of(runs[i].cluster.device);
    const auto [colour, is_new] = colours.emplace(family, design::hues[colours.size() % design::hues.size()]->front());
    if (is_new) chart.legend.emplace_back(family, colour->second);
    chart.dots.push_back({measured, predicted, colour->second,
                          fmt::format("{}: {} predicted, {} measured", runs[i].id, duration(Seconds{predicted}),
                                      duration(Seconds{measured}))});
  }
  if (chart.dots.empty()) return {};
  chart.x.low /= margin, chart.x.high *= margin;
  chart.y.low = chart.x.low, chart.y.high = chart.x.high;
  const auto line = [&](double factor, const char* label, const char* colour) {
    chart.curves.push_back({label,
                            {{chart.x.low * margin, chart.x.low * margin * factor},
                             {chart.x.high / margin, chart.x.high / margin * factor}},
                            colour});
  };
  line(1, "right", design::grey), line(1.1, "", design::grey), line(1 / 1.1, "", design::grey);
  figure.svg = plot({figure.title, "Points along a diagonal, on logarithmic axes"}, chart);
  return figure;
}

}  // namespace chipmix::report
