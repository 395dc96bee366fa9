// A published whole run: the model, the number of training tokens, and the device-hours it took.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "practice/scope.hpp"
#include "validation/published_run.hpp"

namespace chipmix::validation {

/// A part of a run with devices, batch or tokens of its own.
struct WholeStage {
  int devices = 0;                  ///< 0: the run's
  std::optional<int> global_batch;  ///< sequences a step
  double tokens = 0;
};

/// Degrees as the source prints them, "TP8 PP16 CP1 DP128".
struct PrintedDegrees {
  std::optional<int> tensor, pipeline, context, expert, micro_batch, zero;
};

struct WholeRun {
  std::string id;
  std::string project;  ///< the publisher, whose runs are left out of a fit together; empty: not said
  RunSource source;
  RunModel model;
  RunCluster cluster;  ///< devices 0: not published
  std::string kind;    ///< pretrain, pretrain-per-T, cpt
  double tokens = 0;
  double batch_tokens = 0;  ///< per optimizer step; 0: not published
  std::string period, dtype, stack;
  PrintedDegrees degrees;
  std::vector<WholeStage> stages;
  std::optional<double> device_hours;  ///< measured
  std::optional<practice::Scope> scope;
  std::optional<practice::Practice> practice;  ///< how it was run, where the record says so
  std::string grade;
  std::vector<std::string> faults;  ///< why the record cannot be read, each with its place; usually none
};

struct WholeRunTable {
  std::vector<WholeRun> runs;
  std::vector<Diagnostic> faults;   ///< values that cannot be read; their runs carry them too
  std::vector<Diagnostic> unknown;  ///< members that are no field of a whole run, and are not read
};

/// A list of records as docs/whole_runs.md describes them. A record that cannot be read keeps nobody from the others.
WholeRunTable read_whole_runs(const io::Value& table);

}  // namespace chipmix::validation
