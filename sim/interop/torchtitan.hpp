// Configurations of torchtitan (https://github.com/pytorch/torchtitan, torchtitan/config/job_config.py of v0.2.0, and
// the older places of its keys), read and written by one table.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "hardware/cluster.hpp"
#include "interop/interop.hpp"
#include "interop/yaml.hpp"

namespace chipmix::interop {

/// What a configuration says; absent: torchtitan's own default.
struct Titan {
  Text model, flavor;
  Number local_batch, global_batch, sequence;
  Text dtype, mixed;
  bool in_host = false;
  Number replicate, shard, tensor, pipeline, context, expert, expert_tensor;
  Text reshard;
  Text schedule, schedule_file;
  Number micro_batch, layers_per_stage, less_first, less_last;
  Text recompute, recompute_option;
  std::vector<std::string> converters;
  bool fp8 = false;  ///< an older place of the same
  Text optimizer;
  std::vector<std::vector<std::string>> parts;  ///< modules of each chunk, in pipeline order
};

struct TitanKey {
  const char* block;
  const char* key;
  std::variant<Number Titan::*, bool Titan::*, Text Titan::*, std::vector<std::string> Titan::*> member;
  const char* older = "";  ///< another name, or another block ("experimental.*"), of older releases; only read
};
const std::vector<TitanKey>& titan_keys();

/// Model sizes that torchtitan names (torchtitan/models/*/__init__.py), and the library's models of the same sizes.
struct TitanFlavor {
  const char *model, *flavor, *id;
};
const std::vector<TitanFlavor>& titan_flavors();

/// Schedules that can be said on both sides (torch/distributed/pipelining/schedules.py).
struct TitanSchedule {
  const char* name;
  plan::ScheduleKind kind;
};
const std::vector<TitanSchedule>& titan_schedules();

/// Layers of `chunks` chunks, in pipeline order: first and last count as having so many layers more
/// (distributed/pipeline_parallel.py, generate_llm_fqn_per_model_part).
std::vector<int> titan_layers(int layers, int chunks, int first, int last);

/// Whether the leaves of a YAML file are torchtitan's keys inside another file's blocks (Primus).
bool is_torchtitan(const std::vector<Leaf>& leaves);

/// The plan that the leaves describe.
scenario::PlanFile understand_torchtitan(const std::vector<Leaf>& leaves, Given& given, scenario::Library& library,
                                         const Asked& asked);

}  // namespace chipmix::interop
