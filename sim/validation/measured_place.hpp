// Where a measured step ran, and by which plan: words of --measured-on and --measured-plan.
#pragma once

#include <memory>
#include <string>

#include "io/document.hpp"
#include "scenario/library.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::validation {

/// A fault of an option of the command line.
[[noreturn]] void refuse(const char* option, std::string message, std::string hint);

/// --measured-plan: a file, or words; neither where the place has its plan.
struct MeasuredPlan {
  std::shared_ptr<const io::Document> file{};
  std::string words{};
};
/// Throws InputError where a file is no JSON, FileError where it is not there.
MeasuredPlan read_plan(const std::string& text);

/// A scenario, one option of which ran.
struct Place {
  std::string name;  ///< for messages
  scenario::Scenario scenario;
  int option = 0;
};

/// --measured-on, with what a plan file says of the job in place of the scenario's. Faults stand where the user wrote
/// them: in the plan file, or in the option's words.
Place place_of(const std::string& text, const MeasuredPlan& plan, const scenario::Scenario& scenario,
               const io::Document& document, scenario::Library& library);

/// Gives the place's option the plan that ran; true.
bool take_plan(Place& place, const MeasuredPlan& plan);

}  // namespace chipmix::validation
