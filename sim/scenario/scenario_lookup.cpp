// What a scenario says of its options and stages.
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

workload::TrainingJob Scenario::job_of(const Option& option) const {
  workload::TrainingJob own = job;
  own.dtype = option.dtype;
  return own;
}

workload::TrainingJob Scenario::stage_job(std::size_t stage) const {
  workload::TrainingJob one = job;
  if (stages.empty()) return one;
  one.sequence_length = stages[stage].sequence_length;
  one.global_batch = stages[stage].global_batch;
  one.tokens = stages[stage].tokens;
  return one;
}

const Option& Scenario::host(const Option& option, std::size_t run) const {
  return option.cluster ? option : options[option.phases[run].option];
}

int Scenario::find(const std::string& option) const {
  for (std::size_t i = 0; i < options.size(); ++i)
    if (options[i].name == option) return static_cast<int>(i);
  return -1;
}

}  // namespace chipmix::scenario
