#include "interop/torchtitan.hpp"

namespace chipmix::interop {

const std::vector<TitanKey>& titan_keys() {
  using T = Titan;
  static const std::vector<TitanKey> keys = {
      {"model", "name", &T::model},
      {"model", "flavor", &T::flavor},
      {"model", "converters", &T::converters},
      {"optimizer", "name", &T::optimizer},
      {"training", "local_batch_size", &T::local_batch, "batch_size"},
      {"training", "global_batch_size", &T::global_batch},
      {"training", "seq_len", &T::sequence},
      {"training", "dtype", &T::dtype},
      {"training", "mixed_precision_param", &T::mixed},
      {"training", "enable_cpu_offload", &T::in_host},
      {"parallelism", "data_parallel_replicate_degree", &T::replicate},
      {"parallelism", "data_parallel_shard_degree", &T::shard},
      {"parallelism", "fsdp_reshard_after_forward", &T::reshard},
      {"parallelism", "tensor_parallel_degree", &T::tensor},
      {"parallelism", "pipeline_parallel_degree", &T::pipeline},
      {"parallelism", "pipeline_parallel_schedule", &T::schedule},
      {"parallelism", "pipeline_parallel_schedule_csv", &T::schedule_file},
      {"parallelism", "pipeline_parallel_microbatch_size", &T::micro_batch},
      {"parallelism", "pipeline_parallel_layers_per_stage", &T::layers_per_stage},
      {"parallelism", "pipeline_parallel_first_stage_less_layers", &T::less_first},
      {"parallelism", "pipeline_parallel_last_stage_less_layers", &T::less_last},
      {"parallelism", "context_parallel_degree", &T::context},
      {"parallelism", "expert_parallel_degree", &T::expert},
      {"parallelism", "expert_tensor_parallel_degree", &T::expert_tensor},
      {"activation_checkpoint", "mode", &T::recompute},
      {"activation_checkpoint", "selective_ac_option", &T::recompute_option},
      {"float8", "enable_float8_linear", &T::fp8},
  };
  return keys;
}

const std::vector<TitanFlavor>& titan_flavors() {
  static const std::vector<TitanFlavor> flavors = {
      {"llama3", "8B", "llama-3.1-8b"},
      {"llama3", "70B", "llama-3.1-70b"},
      {"llama3", "405B", "llama-3.1-405b"},
      {"deepseek_v3", "16B", "deepseek-v2-lite"},
      {"deepseek_v3", "236B", "deepseek-v2"},
      {"deepseek_v3", "671B", "deepseek-v3"},
      {"qwen3", "0.6B", "qwen3-0.6b"},
      {"qwen3", "1.7B", "qwen3-1.7b"},
      {"qwen3", "4B", "qwen3-4b"},
      {"qwen3", "8B", "qwen3-8b"},
      {"qwen3", "14B", "qwen3-14b"},
      {"qwen3", "32B", "qwen3-32b"},
      {"qwen3", "30B-A3B", "qwen3-30b-a3b"},
      {"qwen3", "235B-A22B", "qwen3-235b-a22b"},
      {"llama4", "17bx16e", "llama-4-scout"},
      {"llama4", "17bx128e", "llama-4-maverick"},
  };
  return flavors;
}

const std::vector<TitanSchedule>& titan_schedules() {
  using plan::ScheduleKind;
  static const std::vector<TitanSchedule> schedules = {{"1F1B", ScheduleKind::one_f_one_b},
                                                       {"Interleaved1F1B", ScheduleKind::interleaved},
                                                       {"GPipe", ScheduleKind::gpipe},
                                                       {"ZBVZeroBubble", ScheduleKind::zb_v},
                                                       {"DualPipeV", ScheduleKind::dualpipe_v}};
  return schedules;
}

std::vector<int> titan_layers(int layers, int chunks, int first, int last) {
  std::vector<int> counts;
  const int all = layers + first + last;
  for (int chunk = 0; chunk < chunks; ++chunk) counts.push_back(all / chunks + (chunk < all % chunks ? 1 : 0));
  counts.front() -= first;
  counts.back() -= last;
  return counts;
}

bool is_torchtitan(const std::vector<Leaf>& leaves) {
  for (const Leaf& leaf : leaves)
    if (!leaf.path.empty() && leaf.path.back() == "framework") return leaf.value == "torchtitan";
  return false;
}

}  // namespace chipmix::interop
