// The errors of runs that a fit did not see, by run: published_runs/errors/left_out.json of steps, written by
// bench/fit_step.py, and whole_left_out.json of whole runs, written by bench/fit_practice.py.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "io/value.hpp"
#include "scenario/library.hpp"

namespace chipmix::validation {

/// Errors of one run's step time, ln(predicted / measured).
struct HeldOut {
  std::optional<double> shipped;    ///< fitted on all runs
  std::optional<double> left_out;   ///< fitted without the run's whole project
  std::optional<double> five_fold;  ///< fitted without a fifth of the runs, of which it is one
};

using LeftOut = std::map<std::string, HeldOut>;  ///< by the run's id

/// Reads {"runs": {"ID": {"shipped": 0.03, "left_out": -0.08, "five_fold": 0.05}}}; a member that is null or absent is
/// not known. Faults go to value.diagnostics().
LeftOut read_left_out(const io::Value& file);

/// The file of published_runs/errors/ in the first data folder that has it; empty if none has. Throws InputError and
/// FileError.
LeftOut own_left_out(const scenario::Library& library, const std::string& file = "left_out.json");

}  // namespace chipmix::validation
