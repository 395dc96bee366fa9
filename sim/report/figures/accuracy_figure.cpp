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

Figure predicted_and_measured(const Matter& matter) {
  constexpr double margin = 1.2;
  const Say& say = matter.say;
  const auto& runs = matter.findings.runs;
  const auto& predictions = matter.findings.predictions;
  Figure figure;
  figure.title = say(Text::accuracy);
  figure.caption = say(Text::accuracy_caption);
  figure.data.columns = {{say(Text::devices)},
                         numeric(say(Text::runs)),
                         numeric(say(Text::median_error)),
                         numeric(say(Text::bias)),
                         numeric(say(Text::inside_range))};
  const validation::Scored scored = score(runs, predictions);
  std::map<std::string, const char*> colours;
  Plot chart{{say(Text::measured_s), 1e9, 0, true}, {say(Text::predicted_s), 0, 0, true}, {}, {}};
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
    if (is_new) chart.legend.emplace_back(say.fixed_words(family), colour->second);
    chart.dots.push_back(
        {measured, predicted, colour->second,
         say(Text::predicted_measured, {runs[i].id, duration(Seconds{predicted}), duration(Seconds{measured})})});
  }
  if (chart.dots.empty()) return {};
  chart.x.low /= margin, chart.x.high *= margin;
  chart.y.low = chart.x.low, chart.y.high = chart.x.high;
  const auto line = [&](double factor, const std::string& label, const char* colour) {
    chart.curves.push_back({label,
                            {{chart.x.low * margin, chart.x.low * margin * factor},
                             {chart.x.high / margin, chart.x.high / margin * factor}},
                            colour});
  };
  line(1, say(Text::exact_line), design::grey), line(1.1, "", design::grey), line(1 / 1.1, "", design::grey);
  figure.svg = plot({figure.title, say(Text::diagonal_words)}, chart);
  return figure;
}

}  // namespace chipmix::report
