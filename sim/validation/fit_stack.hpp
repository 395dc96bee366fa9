// A stack's figures fitted to the step times of runs.
#pragma once

#include <string>
#include <vector>

#include "calibration/calibrate.hpp"
#include "validation/predict.hpp"

namespace chipmix::validation {

/// A run that can be predicted, and how long a step of it took.
struct TimedRun {
  std::string id;
  RunProgram run;
  double seconds = 0;
};

/// Published runs of one stack as runs that a fit takes.
struct TimedRuns {
  std::vector<TimedRun> runs;
  std::vector<std::string> left_out;  ///< ids of runs without a time, of another stack, or that cannot be asked about
};
TimedRuns timed_runs(const std::vector<PublishedRun>& runs, const std::string& stack, scenario::Library& library);

/// The analytical engine's step time of a run, s; the stack of its cluster exchanged for another.
double step_seconds(const RunProgram& run, const hardware::SoftwareStack& stack);

/// The devices and links keep their profiles. Point k of the result is run k.
calibration::Calibration fit_stack(const std::vector<TimedRun>& runs);

}  // namespace chipmix::validation
