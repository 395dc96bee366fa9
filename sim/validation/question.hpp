// A published run as a question that the engines can answer: a job, a cluster, the plans it may have had.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "plan/plan.hpp"
#include "scenario/library.hpp"
#include "validation/published_run.hpp"
#include "workload/job.hpp"

namespace chipmix::validation {

/// The run's record says too little, or something chipmix does not model. what() says what.
class Unanswerable : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Names of fields that the source left open and what was taken, such as "plan.zero_stage = 1 (megatron-core)".
using Assumed = std::vector<std::string>;

struct Question {
  workload::TrainingJob job;
  hardware::Cluster cluster;
  std::vector<plan::ParallelPlan> plans;  ///< those that differ in what the source does not say, by recomputation
  Assumed assumed;
};

/// What a framework does where its user says nothing.
struct StackDefaults {
  const char* stack;
  int zero;
  bool sequence_parallel;
  bool flash_attention;
  Dtype dtype;
  bool cuts_experts;  ///< over the tensor group, unless a degree of their own is set
};
const StackDefaults& defaults_of(const std::string& stack);

/// When the software was released, as its name or date says: "NeMo 26.02.01" is {2026, 2, 1}.
struct Release {
  int year = 0, month = 0, patch = 0;
  friend auto operator<=>(const Release&, const Release&) = default;
};

/// What the run's release or framework names ("2026-07", "NeMo 25.04"), else the source's year.
Release software_release(const PublishedRun& run);

/// The stack profile that ran: the named one; else the nearest by the framework's words; else the device's usual one.
std::string stack_of(const PublishedRun& run, const hardware::DeviceSpec& device, Assumed& assumed);

workload::ModelSpec model_of(const PublishedRun& run, Assumed& assumed);
workload::TrainingJob job_of(const PublishedRun& run, const std::string& stack, Assumed& assumed);
hardware::Cluster cluster_of(const PublishedRun& run, scenario::Library& library, Assumed& assumed);
std::vector<plan::ParallelPlan> plans_of(const PublishedRun& run, const workload::TrainingJob& job,
                                         const hardware::Cluster& cluster, Assumed& assumed);

/// All of the above. Throws Unanswerable.
Question question_of(const PublishedRun& run, scenario::Library& library);

}  // namespace chipmix::validation
