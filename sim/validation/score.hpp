// How far predictions lie from what was measured, by group.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validation/predict.hpp"

namespace chipmix::validation {

/// Errors of peak memory; error = predicted / measured - 1.
struct MemoryScore {
  int runs = 0;
  double median = 0, mean = 0, bias = 0;
};

/// Whether runs were predicted to fit: those that died of out-of-memory, and those that ran.
struct Verdicts {
  int died = 0, died_said_so = 0, ran = 0, ran_said_so = 0;

  int all() const { return died + ran; }
  int right() const { return died_said_so + ran_said_so; }
};

/// Errors of one group of runs; error = predicted / measured - 1; median and mean of its size. Shares, not percent.
struct Score {
  int timed = 0;      ///< runs with a measured time
  int predicted = 0;  ///< of these, runs with a predicted time
  double median = 0, mean = 0, bias = 0, percentile_90 = 0;
  std::optional<double> coverage;    ///< measured times inside [p10, p90], of the runs with an interval
  std::optional<double> half_width;  ///< mean of √(p90 / p10) - 1
  MemoryScore memory;
  Verdicts verdicts;
};

/// A published prediction of another tool, and chipmix on the same rows.
struct Peer {
  Score theirs, ours;
};

using Scores = std::map<std::string, Score>;

struct Scored {
  Score all;                   ///< LoRA apart; memory of timed runs
  MemoryScore memory_alone;    ///< of runs of other tiers
  Scores kind;                 ///< dense, MoE, LoRA
  Scores family;               ///< by device family, MoE and LoRA apart
  Scores project;              ///< by publisher, times of LoRA apart
  Scores source;               ///< by title of the publication
  Scores mechanism;            ///< dense and MoE by what their step spends most on beside products, times only
  Scores memory_meaning;       ///< by what the measured peak counts; only memory means something
  std::optional<double> rank;  ///< mean Kendall tau over sets of alike runs (4 or more)
  int rank_sets = 0;
  std::map<std::string, Peer> peers;
};

/// Predicted over measured time less 1, where both are known.
std::optional<double> time_error(const PublishedRun& run, const Prediction& prediction);

Scored score(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions);

}  // namespace chipmix::validation
