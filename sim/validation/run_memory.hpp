// The memory of a predicted run: of which rank, what it is made of, and which of three figures a source printed.
#pragma once

#include <string>
#include <vector>

#include "estimate/estimate.hpp"
#include "hardware/cluster.hpp"
#include "plan/program.hpp"
#include "validation/published_run.hpp"

namespace chipmix::validation {

/// An entry of the fullest rank's ledger.
struct MemoryPart {
  std::string name;
  double gib = 0;
};

struct RunMemory {
  double reported_gib = 0;  ///< the one of the next three that the source means
  double allocated_gib = 0, reserved_gib = 0, device_gib = 0;
  double first_step_gib = 0;   ///< allocated through the first step, where the stack's logs print that
  double full = 0;             ///< the fullest rank's share of its capacity, device total
  double fit_probability = 1;  ///< the least of all stages
  std::string heaviest;        ///< "stage 0: embedding, 12 chunk(s) in flight"
  std::vector<MemoryPart> parts;
};

/// P(needed <= capacity) = Φ(ln(capacity / peak) / σ), the need log-normal around the predicted peak, σ from the 80 %
/// range of measured over predicted memory that the stack's profile holds:  σ = ln(high / low) / (2 · 1.2816).
double fit_probability(const estimate::StageMemory& memory, const hardware::SoftwareStack& stack);

RunMemory memory_of_run(const plan::Program& program, const hardware::Cluster& cluster, const RunMeasured& measured);

}  // namespace chipmix::validation
