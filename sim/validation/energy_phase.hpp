// What a device did while it was measured, from the row's words.
#pragma once

#include <optional>
#include <string>

#include "validation/energy_row.hpp"

namespace chipmix::validation {

enum class Phase {
  matrix,
  attention,
  memory,
  communication,
  waiting,
  checkpoint,
  idle,
  one_server,   ///< a whole training step inside one server
  pretraining,  ///< whole steps over many servers
  fixed_job,    ///< a benchmark or fine-tuning of fixed size spread over devices
  other,        ///< nothing that a training step does for long
};
const char* name(Phase phase);

/// By the first word of a table found in model, then in id: what names no phase is whole training.
Phase phase_of(const EnergyRow& row);

/// Whether the row says that water or a bath cools the server.
bool is_liquid_cooled(const EnergyRow& row);

}  // namespace chipmix::validation
