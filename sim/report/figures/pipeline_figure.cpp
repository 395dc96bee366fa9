#include <fmt/format.h>

#include <algorithm>

#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"
#include "scenario/timeline.hpp"

namespace chipmix::report {
namespace {

constexpr const char *forward_colour = design::blue[0], *backward_colour = design::ochre[2],
                     *weight_colour = design::green[0], *gradient_colour = design::vermilion[0];
constexpr int most_passes = 20000;   // of a step that is played for a picture
constexpr double passes_shown = 60;  // of a stage: more are too narrow to see

const char* colour_of(const engine::StepList::Pass& pass) {
  if (pass.is_weight) return weight_colour;
  return pass.slot.direction == plan::Direction::forward ? forward_colour : backward_colour;
}

/// Of a step of the first class of replicas.
struct Drawn {
  std::vector<SpanRow> rows;
  std::vector<double> busy;  ///< seconds by stage
  double end = 0, window = 0;
};

Drawn draw_step(const engine::PlayedStep& step, double unit) {
  Drawn drawn;
  const std::size_t stages = step.classes.front().slow.size();
  drawn.rows.resize(stages), drawn.busy.resize(stages, 0);
  for (const auto& span : step.spans) drawn.end = std::max(drawn.end, span.end);
  const auto of_first = std::count_if(step.list.passes.begin(), step.list.passes.end(),
                                      [](const auto& pass) { return pass.replica_class == 0; });
  const double each = static_cast<double>(of_first) / static_cast<double>(stages);
  drawn.window = drawn.end * std::min(1.0, passes_shown / each);
  const auto put = [&](int stage, int task, const char* colour) {
    const auto& span = step.spans[task];
    if (span.start < drawn.window)
      drawn.rows[stage].spans.push_back({span.start / unit, std::min(span.end, drawn.window) / unit, colour, ""});
    return span.end - span.start;
  };
  for (const auto& transfer : step.list.transfers)
    if (transfer.replica_class == 0 && transfer.is_reduction) put(transfer.stage, transfer.task, gradient_colour);
  for (const auto& pass : step.list.passes)
    if (pass.replica_class == 0) drawn.busy[pass.stage] += put(pass.stage, pass.task, colour_of(pass));
  return drawn;
}

}  // namespace

Figure pipeline_timeline(const Matter& matter, const OptionAnswer& answer) {
  Figure figure;
  const Scenario& scenario = matter.scenario;
  const scenario::Option& option = scenario.options[scenario.find(answer.name)];
  if (answer.runs.size() != 1 || !option.cluster || answer.runs.front().estimate.memory.size() < 2) return figure;
  const auto step = scenario::played(scenario, option, answer, most_passes);
  if (!step) return figure;
  const bool is_short = step->end < 1;
  const double unit = is_short ? 1e-3 : 1;
  Drawn drawn = draw_step(*step, unit);
  const bool is_whole = drawn.window >= drawn.end;
  const Say& say = matter.say;
  figure.title = is_whole ? say(Text::one_step, {answer.label})
                          : say(Text::first_of_step, {duration(Seconds{drawn.window}), answer.label});
  figure.caption = say(Text::step_caption, {duration(Seconds{drawn.end})});
  figure.data.columns = {numeric(say(Text::stage)), numeric(say(Text::busy)), numeric(say(Text::of_step))};
  for (std::size_t stage = 0; stage < drawn.rows.size(); ++stage) {
    const double share = drawn.busy[stage] / drawn.end;
    drawn.rows[stage].label = say(Text::stage_n, {std::to_string(stage)});
    drawn.rows[stage].text = percent(share);
    figure.data.add({{static_cast<double>(stage), std::to_string(stage)},
                     {drawn.busy[stage], duration(Seconds{drawn.busy[stage]})},
                     {share, percent(share)}});
  }
  figure.svg = spans({figure.title, say(Text::spans_words)}, is_short ? "ms" : "s", drawn.window / unit, drawn.rows);
  return figure;
}

}  // namespace chipmix::report
