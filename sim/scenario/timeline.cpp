#include "scenario/timeline.hpp"

#include <fmt/format.h>

#include <sstream>

#include "engine/evaluate.hpp"
#include "engine/event/gantt.hpp"
#include "engine/event/timeline.hpp"

namespace chipmix::scenario {

namespace {

/// Visits every lane of the answer's plan, played.
template <class Visit>
void each_lane(const Scenario& scenario, const Option& option, const OptionAnswer& answer, engine::Kind kind,
               Visit visit) {
  plan::Lowering lowering(scenario.job_of(option));
  engine::EventEngine engine(*option.cluster, option.disturbed, engine::player(kind));
  int number = 0;
  for (const plan::Program& lane : plan::lower(lowering, answer.runs.front().plan, *option.cluster).lanes)
    visit(engine.play(lane), fmt::format("{} pipeline {}", option.name, number++), lane);
}

}  // namespace

std::optional<engine::PlayedStep> played(const Scenario& scenario, const Option& option, const OptionAnswer& answer,
                                         int most) {
  plan::Lowering lowering(scenario.job_of(option));
  const plan::Program lane = plan::lower(lowering, answer.runs.front().plan, *option.cluster).lanes.front();
  const int passes = 2 * static_cast<int>(lane.stages.size()) * lane.interleave * lane.micro_batches;
  if (passes > most) return std::nullopt;
  return engine::EventEngine(*option.cluster).play(lane);
}

std::string timeline(const Scenario& scenario, const Option& option, const OptionAnswer& answer, engine::Kind kind) {
  std::ostringstream text;
  {
    engine::Timeline timeline(text);
    each_lane(scenario, option, answer, kind,
              [&](const engine::PlayedStep& step, const std::string& name, const plan::Program& lane) {
                timeline.add(step, name, engine::pass_works(lane, *option.cluster));
              });
  }
  return std::move(text).str();
}

std::string gantt(const Scenario& scenario, const Option& option, const OptionAnswer& answer, engine::Kind kind,
                  int columns) {
  std::string text;
  each_lane(scenario, option, answer, kind,
            [&](const engine::PlayedStep& step, const std::string& name, const plan::Program&) {
              text += fmt::format("{}, one step of {:.4g} s\n{}", name, step.end, engine::gantt(step, columns));
            });
  return text +
         "digits: forward passes by micro-batch, letters: backward (A is 0), f b: passes too short to label, w: of\n"
         "weights, =: gradients, .: idle\n";
}

}  // namespace chipmix::scenario
