#include "scenario/timeline.hpp"

#include <fmt/format.h>

#include <sstream>

#include "engine/evaluate.hpp"
#include "engine/event/timeline.hpp"

namespace chipmix::scenario {

std::string timeline(const Scenario& scenario, const Option& option, const OptionAnswer& answer, engine::Kind kind) {
  const plan::JobPlan& plan = answer.runs.front().plan;
  plan::Lowering lowering(scenario.job_of(option));
  engine::EventEngine engine(*option.cluster, option.disturbed, engine::player(kind));
  std::ostringstream text;
  {
    engine::Timeline timeline(text);
    int number = 0;
    for (const plan::Program& lane : plan::lower(lowering, plan, *option.cluster).lanes)
      timeline.add(engine.play(lane), fmt::format("{} pipeline {}", option.name, number++));
  }
  return std::move(text).str();
}

}  // namespace chipmix::scenario
