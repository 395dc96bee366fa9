#include "interop/deepspeed_keys.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chipmix::interop::deepspeed {
namespace {

std::optional<int> number(const io::Value& value, int low) {
  const auto found = value.as_integer();
  if (found && *found >= low && *found <= most) return static_cast<int>(*found);
  if (found) value.error(fmt::format("must be between {} and {}, found {}", low, most, *found));
  return std::nullopt;
}

bool is_auto(const io::Value& value) { return value.is_text() && *value.as_text() == "auto"; }

Key count(const char* path, std::optional<int> Settings::*member, int low) {
  return {path, [path, member, low](const io::Value& value, Settings& s) {
            if (is_auto(value))
              s.automatic.emplace_back(path, value);
            else
              s.*member = number(value, low);
          }};
}

Key on(const char* path, std::optional<bool> Settings::*member) {
  return {path, [path, member](const io::Value& value, Settings& s) {
            if (is_auto(value))
              s.automatic.emplace_back(path, value);
            else
              s.*member = value.as_boolean().value_or(false);
          }};
}

/// {"device": "cpu"}: what waits in the host's memory.
Key in_host(const char* path, double Settings::*member) {
  return {path, [member](const io::Value& value, Settings& s) {
            if (value.is_boolean()) return static_cast<void>(s.*member = *value.as_boolean() ? 1 : 0);
            const auto device = value.is_object() ? value.find("device") : std::nullopt;
            if (value.is_null() || !device) return;
            const auto where = device->as_text();
            if (where && *where == "nvme") device->error("data on NVMe disks: not modelled", "cpu or none");
            if (where && *where == "cpu") s.*member = 1;
            if (const auto ratio = value.find("ratio"); ratio && s.*member > 0)
              s.*member = std::clamp(ratio->as_number().value_or(1), 0.0, 1.0);
          }};
}

/// What is not modelled must be off.
Key off(const char* path, const char* what) {
  return {path, [what](const io::Value& value, Settings&) {
            if (value.is_boolean() && !*value.as_boolean()) return;
            if (value.is_object()) {
              const auto device = value.find("device");
              if (device && device->is_text() && *device->as_text() == "none") return;
            }
            if (value.is_number() && *value.as_number() <= 1) return;
            value.error_at_key(fmt::format("{}: not modelled", what), "leave it out for a plan without it");
          }};
}

/// Of a truth value that sets bytes of a weight.
Key bytes(const char* path, std::function<void(Settings&)> set) {
  return {path, [set](const io::Value& value, Settings& s) {
            if (value.as_boolean().value_or(false)) set(s);
          }};
}

}  // namespace

const std::vector<Key>& keys() {
  static const std::vector<Key> table = [] {
    std::vector<Key> list = {
        count("train_batch_size", &Settings::batch, 1),
        count("train_micro_batch_size_per_gpu", &Settings::micro_batch, 1),
        count("gradient_accumulation_steps", &Settings::accumulation, 1),
        count("zero_optimization.stage", &Settings::stage, 0),
        count("pipeline.stages", &Settings::stages, 1),
        on("fp16.enabled", &Settings::fp16),
        on("bf16.enabled", &Settings::bf16),
        on("bfloat16.enabled", &Settings::bf16),
        in_host("zero_optimization.offload_optimizer", &Settings::states_in_host),
        in_host("zero_optimization.offload_param", &Settings::weights_in_host),
        in_host("zero_optimization.cpu_offload", &Settings::states_in_host),
        in_host("zero_optimization.cpu_offload_params", &Settings::weights_in_host),
        // Weights, gradients and, if named, Adam's moments in 16 bits, without a copy in fp32.
        bytes("bf16.bf16_master_weights_and_grads",
              [](Settings& s) { s.gradient_bytes = 2, s.optimizer_bytes = s.optimizer_bytes.value_or(8); }),
        bytes("fp16.fp16_master_weights_and_grads", [](Settings& s) { s.gradient_bytes = 2, s.optimizer_bytes = 8; }),
        bytes("bf16.bf16_optimizer_states", [](Settings& s) { s.optimizer_bytes = 4; }),
        off("zero_optimization.zero_hpz_partition_size", "weights shared inside servers (ZeRO++)"),
        off("zero_optimization.zero_quantized_weights", "quantized weights (ZeRO++)"),
        off("zero_optimization.zero_quantized_gradients", "quantized gradients (ZeRO++)"),
        count("zero_optimization.mics_shard_size", &Settings::group, -1),
        off("activation_checkpointing.partition_activations", "saved inputs spread over the tensor group"),
        off("activation_checkpointing.cpu_checkpointing", "saved inputs in the host's memory"),
        count("tensor_parallel.autotp_size", &Settings::tensor, 0),
        count("sequence_parallel_size", &Settings::sequence_ranks, 1),
        off("amp.enabled", "mixed precision by apex"),
        off("sparse_attention", "sparse attention"),
        off("compression_training", "compression"),
        off("curriculum_learning.enabled", "sequences that grow"),
    };
    for (const char* path : {"$schema",
                             "optimizer",
                             "scheduler",
                             "zero_allow_untested_optimizer",
                             "data_types",
                             "elasticity",
                             "seed",
                             "hybrid_engine",
                             "autotuning",
                             "bfloat16.immediate_grad_update",
                             "zero_optimization.stage3_module_granularity_threshold",
                             "zero_optimization.load_from_fp32_weights",
                             "zero_optimization.use_multi_rank_bucket_allreduce",
                             "zero_optimization.memory_efficient_linear",
                             "zero_optimization.mics_hierarchical_params_gather",
                             "zero_optimization.log_trace_cache_warnings",
                             "zero_optimization.param_persistence_threshold",
                             "zero_optimization.model_persistence_threshold",
                             "fp16.loss_scale_window_size",
                             "steps_per_eval",
                             "curriculum_learning.curriculum_type",
                             "curriculum_learning.min_difficulty",
                             "curriculum_learning.max_difficulty",
                             "curriculum_learning.schedule_type",
                             "curriculum_learning.schedule_config",
                             "cuda_visible_devices",
                             "torch_autocast",
                             "data_efficiency",
                             "compile",
                             "steps_per_print",
                             "wall_clock_breakdown",
                             "gradient_clipping",
                             "prescale_gradients",
                             "gradient_predivide_factor",
                             "dump_state",
                             "tensorboard",
                             "wandb",
                             "csv_monitor",
                             "comet",
                             "flops_profiler",
                             "comms_logger",
                             "checkpoint",
                             "communication_data_type",
                             "seq_parallel_communication_data_type",
                             "disable_allgather",
                             "aio",
                             "zero_force_ds_cpu_optimizer",
                             "memory_breakdown",
                             "dataloader_drop_last",
                             "fp16.loss_scale",
                             "fp16.initial_scale_power",
                             "fp16.loss_scale_window",
                             "fp16.hysteresis",
                             "fp16.consecutive_hysteresis",
                             "fp16.min_loss_scale",
                             "fp16.auto_cast",
                             "bf16.immediate_grad_update",
                             "zero_optimization.allgather_partitions",
                             "zero_optimization.allgather_bucket_size",
                             "zero_optimization.overlap_comm",
                             "zero_optimization.reduce_scatter",
                             "zero_optimization.reduce_bucket_size",
                             "zero_optimization.contiguous_gradients",
                             "zero_optimization.round_robin_gradients",
                             "zero_optimization.sub_group_size",
                             "zero_optimization.stage3_prefetch_bucket_size",
                             "zero_optimization.stage3_param_persistence_threshold",
                             "zero_optimization.stage3_max_live_parameters",
                             "zero_optimization.stage3_max_reuse_distance",
                             "zero_optimization.elastic_checkpoint",
                             "zero_optimization.stage3_gather_16bit_weights_on_model_save",
                             "zero_optimization.stage3_gather_fp16_weights_on_model_save",
                             "zero_optimization.ignore_unused_parameters",
                             "activation_checkpointing.contiguous_memory_optimization",
                             "activation_checkpointing.number_checkpoints",
                             "activation_checkpointing.synchronize_checkpoint_boundary",
                             "activation_checkpointing.profile",
                             "pipeline.partition",
                             "pipeline.seed_layers",
                             "pipeline.activation_checkpoint_interval"})
      list.push_back({path});
    return list;
  }();
  return table;
}

}  // namespace chipmix::interop::deepspeed
