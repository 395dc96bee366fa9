// Whether a training log can be of the run that it is said to be of.
#pragma once

#include <string>

#include "calibration/training_log.hpp"
#include "plan/plan.hpp"
#include "workload/job.hpp"

namespace chipmix::validation {

/// The run that a log is said to be of.
struct SaidRun {
  const workload::TrainingJob& job;
  const plan::ParallelPlan& plan;
  int ranks = 0;
  std::string option, scenario;  ///< for messages
};

/// Adds a fault at each number of the log that the run has otherwise; what the log does not print is not compared.
bool agrees(const calibration::TrainingLog& log, const SaidRun& run, io::Diagnostics& faults);

}  // namespace chipmix::validation
