// Out to the real world and back: launch arguments of a plan, and the plan that launch arguments describe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "hardware/cluster.hpp"
#include "interop/flags.hpp"
#include "io/document.hpp"
#include "plan/plan.hpp"
#include "scenario/library.hpp"
#include "scenario/plan_file.hpp"
#include "workload/job.hpp"

namespace chipmix::interop {

/// A script that launches the plan of the job on the node group, which import_arguments() reads back; or everything
/// that the framework cannot express, by name.
std::variant<std::string, std::vector<std::string>> export_arguments(Framework framework,
                                                                     const plan::ParallelPlan& plan,
                                                                     const workload::TrainingJob& job,
                                                                     const hardware::NodeGroup& group);

/// What the command line adds to a file.
struct Asked {
  std::optional<int> ranks;
  std::map<std::string, std::string> set{};  ///< variables and "1", "2", ... of a script; keys of a configuration
  bool is_toml = false;                      ///< whatever the file's name
  bool is_yaml = false;                      ///< where the text is neither a script nor JSON
};

struct Imported {
  scenario::PlanFile plan;
  std::vector<std::string> remarks;  ///< what the plan file cannot say
};

/// The plan that a launch script, a list of arguments, a JSON object or YAML lines of arguments describe. The model is
/// named if the library has one of the same sizes. Throws InputError with every argument that is not understood, with
/// everything that is missing, and with contradictions among what is there; for programs that train nothing too.
Imported import_arguments(Framework framework, const std::string& file, const std::string& text,
                          scenario::Library& library, const Asked& asked = {});

/// The JSON with names in capitals where values should be ("train_batch_size": GBSIZE) replaced by what is asked, which
/// is then taken out. Throws InputError with all that have no value.
std::string filled(const std::string& file, const std::string& text, Asked& asked);

/// The plan that a DeepSpeed configuration describes; layers are spread evenly. Throws InputError.
Imported import_deepspeed(const io::Document& document, const Asked& asked = {});

/// A Hugging Face config.json as models/ keeps it: the same keys, and who it is. `assumed`: what its reading had to
/// assume. Throws InputError.
std::string import_hf(const io::Document& document, const std::string& id, std::vector<std::string>& assumed);

}  // namespace chipmix::interop
