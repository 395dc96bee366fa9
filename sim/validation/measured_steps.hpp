// Steps that the user measured, in the words of the command line, as anchors of a scenario's answers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "io/document.hpp"
#include "scenario/anchors.hpp"
#include "scenario/library.hpp"

namespace chipmix::validation {

/// One measured step each; plans and places are one for all, or one each, in order.
struct MeasuredWords {
  std::vector<std::string> steps{};  ///< "12.4s", a training log, or a trace of the PyTorch profiler
  std::vector<std::string> plans{};  ///< a plan file, or a plan in words ("TP8 PP4")
  /// Where: an option of the scenario; FILE:OPTION, an option of another one; or words as 'ask' takes them, "64xH800",
  /// before them a model and its length where they are not the scenario's ("llama-3.1-8b@8K 64xH800"), "batch=512".
  std::vector<std::string> places{};
  std::string usual_place{};  ///< where nothing is said: an option of the scenario
};

/// Played and compared with what was measured. The job is the scenario's, with the length, batch and format that the
/// plan file states. Throws InputError with every fault of all steps: a log without valid rows, of another device than
/// the place has, or that contradicts its plan; a place without a plan; a plan that cannot run there; and
/// std::invalid_argument where the numbers of steps, plans and places do not match.
std::shared_ptr<const scenario::Anchors> anchors_of(const MeasuredWords& words, const scenario::Scenario& scenario,
                                                    const io::Document& document, scenario::Library& library);

}  // namespace chipmix::validation
