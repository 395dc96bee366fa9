// Plans to and from other programs' arguments, as commands share them.
#pragma once

#include "cli/exit_codes.hpp"
#include "cli/options.hpp"
#include "interop/formats.hpp"
#include "interop/interop.hpp"
#include "plan/job_plan.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::cli {

/// The framework of a name that the command table allows.
interop::Framework framework_named(const std::string& name);

/// Writes the launch arguments or configuration of a plan, or to stderr every reason why there are none. Throws
/// FileError.
Exit write_export(interop::Format format, const plan::JobPlan& plan, const workload::TrainingJob& job,
                  const hardware::Cluster& cluster, const Invocation& invocation);

/// Writes the step of a plan that nothing disturbs as execution traces of Chakra, FOLDER/step.STAGE.et. Throws
/// FileError.
void write_chakra(const std::string& folder, const scenario::Scenario& scenario, const scenario::Option& option,
                  const plan::JobPlan& plan);

}  // namespace chipmix::cli
