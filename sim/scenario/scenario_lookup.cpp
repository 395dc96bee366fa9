// What a scenario says of its options and stages.
#include "scenario/scenario.hpp"

#include <algorithm>

namespace chipmix::scenario {
namespace {

workload::TrainingJob as_option_trains(workload::TrainingJob job, const Option& option) {
  job.dtype = option.dtype;
  const auto own = std::find_if(option.batches.begin(), option.batches.end(), [&](const OwnBatch& batch) {
    return batch.sequence_length == job.sequence_length && batch.job == job.global_batch;
  });
  if (own != option.batches.end()) job.global_batch = own->own;
  return job;
}

}  // namespace

workload::TrainingJob Scenario::job_of(const Option& option) const {
  return as_option_trains(job, option);
}

workload::TrainingJob Scenario::job_of(const Option& option, std::size_t stage) const {
  return as_option_trains(stage_job(stage), option);
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
