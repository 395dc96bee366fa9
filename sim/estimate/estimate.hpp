// The answer to "how fast and how big": an Estimate, or Infeasible with the shortfall.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/quantity.hpp"
#include "base/sourced.hpp"
#include "estimate/ledger.hpp"

namespace chipmix::estimate {

/// Peak memory of one rank of a pipeline stage.
struct StageMemory {
  int stage = 0;
  std::string device;
  Bytes capacity;
  Ledger<Bytes> use;

  Bytes peak() const { return use.total(); }
  bool fits() const { return peak() <= capacity; }
};

struct Estimate {
  Seconds step_time;  ///< one optimizer step; the total of `time`
  Ledger<Seconds> time;
  std::vector<StageMemory> memory;
  Flops model_flops;                       ///< of one step, all ranks, without recomputation
  FlopsPerSecond peak;                     ///< of all ranks, in the job's dtype
  Evidence evidence = Evidence::measured;  ///< weakest grade among the figures used
};

enum class Constraint { layout, memory, dtype, batch, progress, rate, impossible, nothing_found };
const char* name(Constraint constraint);

/// Why a plan cannot run, in words and numbers. An answer, not an error.
struct Infeasible {
  Constraint constraint = Constraint::layout;
  std::string explanation;
};

using Outcome = std::variant<Estimate, Infeasible>;

/// Model FLOPs utilisation: the model's own FLOPs over peak times time.
inline double mfu(const Estimate& e) { return e.model_flops / e.peak / e.step_time; }

}  // namespace chipmix::estimate
