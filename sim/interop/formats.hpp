// The frameworks that a plan can be written for.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "hardware/cluster.hpp"
#include "interop/describe.hpp"
#include "plan/job_plan.hpp"

namespace chipmix::interop {

enum class Format { megatron, mindspeed, neox, flagscale, primus, nemo, torchtitan, deepspeed };
const char* name(Format format);
std::vector<std::string> format_names();
Format format_named(const std::string& name);

/// A text, or everything that the framework cannot express.
using Written = std::variant<std::string, Reasons>;

/// What launches or configures the plan of the job on the cluster, so that importing it gives the plan back. Of several
/// islands FlagScale can run one pipeline; others none.
Written export_plan(Format format, const plan::JobPlan& plan, const workload::TrainingJob& job,
                    const hardware::Cluster& cluster);

/// Pieces: of one pipeline on one node group.
Written export_yaml(Format format, const plan::ParallelPlan& plan, const workload::TrainingJob& job,
                    const hardware::NodeGroup& group);
Written export_torchtitan(const plan::ParallelPlan& plan, const workload::TrainingJob& job,
                          const hardware::NodeGroup& group);
Written export_deepspeed(const plan::ParallelPlan& plan, const workload::TrainingJob& job,
                         const hardware::NodeGroup& group);
/// One pipeline over islands, as FlagScale's process meshes (flagscale/train/arguments.py): the degrees of each run of
/// stages, the layers of each stage, the devices of each mesh.
Written export_meshes(const plan::ParallelPlan& plan, const workload::TrainingJob& job,
                      const hardware::Cluster& cluster);

/// A value as YAML, TOML or a script has it, where it is written at all.
std::optional<std::string> written_value(const Flag& flag, const Arguments& arguments);

/// FlagScale's YAML of arguments that are described already; `more`: lines inside its block "system".
std::string flagscale_text(const Arguments& arguments, const std::string& title, const std::string& more);
/// What stands above every configuration.
std::string title_of(const plan::ParallelPlan& plan, const workload::TrainingJob& job,
                     const hardware::NodeGroup& group);

}  // namespace chipmix::interop
