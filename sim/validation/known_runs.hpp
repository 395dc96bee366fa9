// The published runs that come with chipmix, as evidence: what each was, and by how much its prediction was off.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/library.hpp"
#include "validation/left_out.hpp"
#include "validation/published_run.hpp"
#include "validation/whole_run.hpp"

namespace chipmix::validation {

/// What makes a training run like another one.
struct RunTraits {
  std::string device;        ///< id of its profile
  std::string die, vendor;   ///< die: as in hardware/device_family.hpp, the device's id where it has no relative
  bool is_inferred = false;  ///< the die is what an unnamed device is assumed to be
  std::string stack;         ///< id of a software stack; empty: not known
  bool is_moe = false;
  bool is_base_frozen = false;  ///< adapters alone were trained (LoRA)
  std::string dispatcher;       ///< that exchanges tokens between experts; empty: not known
  std::string model;
  double total = 0, active = 0;  ///< parameters; 0: not known
  int devices = 0;
  int bits = 0;  ///< of the matrix products' operands; 0: not known
};

/// What a whole run took.
struct WholeFacts {
  double tokens = 0, device_hours = 0;
  practice::Scope scope = practice::Scope::billed;
};

/// A timed run. Errors are ln(predicted / measured) of the step time, where known: as shipped, and with all runs of its
/// project left out of the fit.
struct KnownRun {
  std::string id, project;
  RunTraits traits;
  std::optional<double> shipped, left_out;
  double flops_per_device = 0;        ///< the model's own FLOP/s of one device, without recomputation; 0: not known
  std::optional<WholeFacts> whole{};  ///< of a whole run: its errors are of device-hours, its publisher left out
};

using KnownRuns = std::vector<KnownRun>;

/// Die and vendor of the traits' device; `vendor`: where the table of families has none.
void set_family(RunTraits& traits, const std::string& vendor = "");

/// The timed ones among `runs`, with their errors where these are known.
KnownRuns known_runs(const std::vector<PublishedRun>& runs, const LeftOut& errors);

/// Whole runs that say what they took.
KnownRuns known_whole_runs(const std::vector<WholeRun>& runs, const LeftOut& errors);

/// The runs of own_tables.
std::vector<PublishedRun> own_runs(const scenario::Library& library);

/// Those of own_tables and own_whole_tables, read once in a process and kept; from any thread.
const KnownRuns& known_runs(const scenario::Library& library);

}  // namespace chipmix::validation
