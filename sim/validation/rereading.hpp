// "A run that ran, fits": other readings of what a source leaves open, for runs that do not fit as read first.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "validation/published_run.hpp"

namespace chipmix::validation {

/// A field read otherwise.
struct Reading {
  std::string taken;  ///< "plan.recompute = full"
  std::function<void(RunPlan&)> read;
};

/// Whether the run took place: its time or memory was measured and it did not die of out-of-memory.
bool ran(const PublishedRun& run);

/// Meant to be taken one on top of the other, in this order: those that change no more than how states are
/// kept come first, those that cost time last. A field that the record states stays; a
/// release's default may have been overruled:
///   a distributed optimizer · sequence parallelism · experts cut over the tensor group · weights sharded as
///   MindSpore's parallel optimizer says · gathered weights freed between the passes (FSDP) · gradients in 16 bit ·
///   moments in 16 bit · all states in 16 bit (plain PyTorch) · selective, then full recomputation · a micro-batch of
///   one sequence.
std::vector<Reading> rereadings(const PublishedRun& run);

}  // namespace chipmix::validation
