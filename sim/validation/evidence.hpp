// Which published runs are nearest to what is asked, and how far off chipmix was on runs comparable to it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/scenario.hpp"
#include "validation/known_runs.hpp"

namespace chipmix::validation {

/// How unlike two runs are:
///   d = device + stack + kind + format + dispatcher + model + ½·size + ¼·scale
///   device      0 the same; 1 another of its die family; 2 another of its vendor's; 3 anything else
///   stack       0 the same; 1 another, or not known
///   kind        2 if one is MoE and the other dense; 2 more if one trains adapters alone
///   format      ½ if operands have other widths, or one is not known
///   dispatcher  ¼ if both are known and differ
///   model       ¼ if it goes by another name
///   size        mean of |ln(p/p')| over total and active parameters p; 2 if one is not known
///   scale       |ln(n/n')| of the devices n
/// The weights are a choice, not a fit: they order runs for a reader, and no prediction depends on them.
double distance(const RunTraits& one, const RunTraits& other);

/// Of the same die family, both MoE or both dense, both training all weights or both adapters alone.
bool is_comparable(const RunTraits& one, const RunTraits& other);

struct NearRun {
  KnownRun run;
  double distance = 0;
  bool is_comparable = false;
};

/// Signed errors of comparable runs with their project left out of the fit, as shares: predicted / measured - 1.
struct ErrorSummary {
  int runs = 0;  ///< that have one
  double median = 0, p10 = 0, p90 = 0;
  double half_within = 0;  ///< half of the errors are no further from 0
};

struct RunEvidence {
  RunTraits asked;
  int runs = 0, projects = 0;  ///< comparable ones
  int on_device = 0;           ///< of these on the very device
  int of_family = 0;           ///< runs on the die family, comparable or not
  std::optional<ErrorSummary> errors;
  std::vector<NearRun> nearest;
  std::vector<NearRun> whole;       ///< the nearest whole runs; counted in nothing else here
  std::optional<KnownRun> fastest;  ///< comparable run on the very device, in the same format, of most FLOP/s a device
  bool is_nothing_alike() const { return runs == 0; }
};

inline constexpr std::size_t nearest_kept = 5, whole_kept = 3, most_of_project = 2;

/// The nearest comparable runs, at most two of a project while other projects have some; where fewer than five are
/// comparable, the nearest others after them.
RunEvidence evidence_for(const RunTraits& asked, const KnownRuns& known);

/// One for each kind of device that an option uses; of phases those of all of them. Empty where no run is known at all.
using OptionEvidence = std::vector<RunEvidence>;
OptionEvidence evidence_for(const scenario::Scenario& scenario, const scenario::Option& option, const KnownRuns& known);

/// Of all options, in the scenario's order.
std::vector<OptionEvidence> evidence_for(const scenario::Scenario& scenario, const KnownRuns& known);

/// The kind of device that fewest projects, then fewest runs, stand behind; the list must not be empty.
const RunEvidence& weakest(const OptionEvidence& list);

/// "MoE", "dense", "MoE adapters", "dense adapters".
std::string kind(const RunTraits& traits);

/// "44 runs of 6 projects (Hopper, MoE), median error -4 %, half within ±12 %; nearest: mbridge-x (-3 %), ...", or
/// "nothing like it was ever compared: ...".
std::string sentence(const RunEvidence& evidence);

/// ln(predicted / measured) as a share, predicted / measured - 1.
double share(double log_error);

}  // namespace chipmix::validation
