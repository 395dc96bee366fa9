// Training logs of scenarios' options: what ran, how long its steps took, how much memory it used, and what was
// predicted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/document.hpp"
#include "validation/fit_stack.hpp"

namespace chipmix::validation {

/// Which scenario's option a log is of. One scenario, option or plan file for all logs, or one for each, in order.
struct LoggedAs {
  std::vector<std::string> scenarios{}, options{};
  std::vector<std::string> plans{};  ///< plan files, where options have no plan of their own
  io::Changes changes{};             ///< of every scenario
};

/// A log beside its prediction. Seconds and bytes.
struct LoggedRun {
  std::string log, scenario, option, plan;
  std::size_t iterations = 0, warm_up = 0;
  double seconds = 0;            ///< median step after the warm-up
  double low = 0, high = 0;      ///< middle 80 % of the steps
  double before = 0, after = 0;  ///< predicted by the stack's profile, and with the fitted figures
  std::optional<double> peak{};  ///< allocated, of the fullest rank that printed it
  double predicted_peak = 0;     ///< the same
};

struct LoggedRuns {
  std::vector<LoggedRun> logs;
  std::vector<TimedRun> runs;  ///< of the same logs
};

bool is_training_log(const std::string& path);

/// Throws InputError with every fault of all logs and scenarios: a log that contradicts its option (ranks, batch,
/// sequence, degrees, model), an option without a plan, of another stack, or that is no single cluster; and
/// std::invalid_argument where the numbers of logs, scenarios and options do not match, or an option is unknown.
LoggedRuns read_logs(const std::vector<std::string>& logs, const LoggedAs& as, const std::string& stack);

}  // namespace chipmix::validation
