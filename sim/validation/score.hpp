// How far predictions lie from what was measured, by group.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validation/predict.hpp"

namespace chipmix::validation {

/// Errors of one group of runs; error = predicted / measured - 1. Shares, not percent.
struct Score {
  int timed = 0;      ///< runs with a measured time
  int predicted = 0;  ///< of these, runs with a predicted time
  double median = 0, mean = 0, bias = 0, percentile_90 = 0;
  double coverage = 0;  ///< measured times inside [p10, p90]
  int memory = 0;       ///< runs with measured and predicted peak memory
  double memory_mean = 0, memory_bias = 0;
  int verdicts = 0, verdicts_right = 0;  ///< runs that died of out-of-memory, and timed runs of the same sources
};

struct Scored {
  Score all;                            ///< LoRA apart
  std::map<std::string, Score> family;  ///< by device family
  std::map<std::string, Score> source;  ///< by title of the publication
  std::optional<double> rank;           ///< mean Kendall tau over sets of alike runs (4 or more)
  int rank_sets = 0;
  std::map<std::string, Score> peers;  ///< published predictions of other tools on the same rows
};

/// "A100 and A800", "H100", "Ascend 910", ...: devices whose errors are told together.
std::string family_of(const PublishedRun& run);

/// Predicted over measured time less 1, where both are known.
std::optional<double> time_error(const PublishedRun& run, const Prediction& prediction);

Scored score(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions);

}  // namespace chipmix::validation
