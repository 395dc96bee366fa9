// DeepSpeed's configuration (https://www.deepspeed.ai/docs/config-json/; deepspeed/runtime/constants.py and
// zero/config.py of https://github.com/microsoft/DeepSpeed): which keys say something about the plan.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/spelling.hpp"
#include "interop/interop.hpp"

namespace chipmix::interop {
namespace {

constexpr int most = 1 << 18;

struct Settings {
  std::optional<int> batch, micro_batch, accumulation, stage, stages;
  bool fp16 = false, bf16 = false;
};

struct Key {
  std::string path;                                         ///< "zero_optimization.stage"
  std::function<void(const io::Value&, Settings&)> read{};  ///< none: the key is ignored
};

std::optional<int> number(const io::Value& value, int low) {
  if (value.is_text()) {
    value.error(fmt::format("{} is set by the program that reads it", value.to_json()), "write the number");
    return std::nullopt;
  }
  const auto found = value.as_integer();
  if (found && *found >= low && *found <= most) return static_cast<int>(*found);
  if (found) value.error(fmt::format("must be between {} and {}, found {}", low, most, *found));
  return std::nullopt;
}

Key count(const char* path, std::optional<int> Settings::*member, int low) {
  return {path, [member, low](const io::Value& value, Settings& s) { s.*member = number(value, low); }};
}

Key on(const char* path, bool Settings::*member) {
  return {path, [member](const io::Value& value, Settings& s) {
            if (value.is_text())
              value.error(fmt::format("{} is set by the program that reads it", value.to_json()),
                          "write true or false");
            else
              s.*member = value.as_boolean().value_or(false);
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
            value.error_at_key(fmt::format("{}: not modelled", what), "without it the plan is of training without it");
          }};
}

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
        off("zero_optimization.offload_optimizer", "optimizer states in the host's memory"),
        off("zero_optimization.offload_param", "weights in the host's memory"),
        off("zero_optimization.cpu_offload", "optimizer states in the host's memory"),
        off("zero_optimization.zero_hpz_partition_size", "weights shared inside servers (ZeRO++)"),
        off("zero_optimization.zero_quantized_weights", "quantized weights (ZeRO++)"),
        off("zero_optimization.zero_quantized_gradients", "quantized gradients (ZeRO++)"),
        off("zero_optimization.mics_shard_size", "weights shared inside groups (MiCS)"),
        off("activation_checkpointing.partition_activations", "saved inputs spread over the tensor group"),
        off("activation_checkpointing.cpu_checkpointing", "saved inputs in the host's memory"),
        off("tensor_parallel.autotp_size", "tensor parallelism that DeepSpeed finds by itself"),
        off("sequence_parallel_size", "sequence parallelism over all heads (Ulysses)"),
        off("amp.enabled", "mixed precision by apex"),
        off("sparse_attention", "sparse attention"),
        off("compression_training", "compression"),
        off("curriculum_learning.enabled", "sequences that grow"),
        off("data_types.grad_accum_dtype", "gradients in another format"),
        off("zero_allow_untested_optimizer", "an optimizer of one's own"),
    };
    for (const char* path : {"$schema",
                             "optimizer",
                             "scheduler",
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

class ConfigReader {
 public:
  explicit ConfigReader(const io::Value& root) : root_(root) {}

  Imported run() {
    if (!root_.is_object()) root_.expected("an object (a DeepSpeed configuration)");
    if (root_.is_object()) members(root_, "");
    if (root_.diagnostics().empty()) batch();
    root_.diagnostics().throw_if_any();
    return imported();
  }

 private:
  void members(const io::Value& object, const std::string& prefix) {
    for (const auto& [name, value] : object.members()) {
      const std::string path = prefix + name;
      const auto& table = keys();
      const auto key = std::find_if(table.begin(), table.end(), [&](const Key& k) { return k.path == path; });
      const bool is_parent =
          std::any_of(table.begin(), table.end(), [&](const Key& k) { return k.path.starts_with(path + "."); });
      if (key != table.end()) {
        if (key->read) key->read(value, settings_);
      } else if (is_parent && value.is_object()) {
        members(value, path + ".");
      } else if (is_parent) {
        value.expected("an object");
      } else {
        unknown(value, name, prefix);
      }
    }
  }

  static void unknown(const io::Value& value, const std::string& name, const std::string& prefix) {
    std::vector<std::string> names;
    for (const Key& key : keys())
      if (key.path.starts_with(prefix)) {
        const std::string rest = key.path.substr(prefix.size());
        const std::string head = rest.substr(0, rest.find('.'));
        if (std::find(names.begin(), names.end(), head) == names.end()) names.push_back(head);
      }
    value.error_at_key(fmt::format("unknown key '{}{}' of DeepSpeed", prefix, name), spelling_hint(name, names));
  }

  void batch() {
    const Settings& s = settings_;
    if (!s.batch || !s.micro_batch)
      return root_.error("train_batch_size and train_micro_batch_size_per_gpu are needed",
                         "the number of replicas follows from them and gradient_accumulation_steps");
    const long long share = 1LL * *s.micro_batch * s.accumulation.value_or(1);
    if (*s.batch % share != 0)
      root_.find("train_batch_size")
          ->error(fmt::format("a batch of {} cannot be divided by micro-batch {} x accumulation {}", *s.batch,
                              *s.micro_batch, s.accumulation.value_or(1)),
                  fmt::format("a multiple of {}", share));
    if (s.stage.value_or(0) > 3) root_.find("zero_optimization")->error("ZeRO stages are 0 to 3");
    if (s.stages.value_or(1) > 10'000) root_.find("pipeline")->error("too many stages");
    if (s.stages.value_or(1) > 1 && s.stage.value_or(0) > 1)
      root_.find("zero_optimization")
          ->error(fmt::format("ZeRO-{} with a pipeline", *s.stage), "DeepSpeed's pipelines go with ZeRO-0 and ZeRO-1");
  }

  Imported imported() const {
    const Settings& s = settings_;
    scenario::PlanLaneSpec lane;
    lane.micro_batch = *s.micro_batch;
    lane.micro_batches = s.accumulation.value_or(1);
    lane.zero = static_cast<plan::Zero>(s.stage.value_or(0));
    lane.sequence_parallel = false;
    scenario::PlanStageSpec stage;
    stage.data = static_cast<int>(*s.batch / (1LL * lane.micro_batch * lane.micro_batches));
    lane.stages.assign(s.stages.value_or(1), stage);
    scenario::PlanFile file;
    file.global_batch = s.batch;
    file.dtype = s.bf16 ? Dtype::bf16 : s.fp16 ? Dtype::fp16 : Dtype::fp32;
    file.lanes.push_back(std::move(lane));
    return {std::move(file),
            {"a DeepSpeed configuration names neither model nor sequence length nor tensor parallelism: the plan has "
             "none",
             "whether activations are recomputed is said by the program, not here: the plan says \"recompute\": "
             "\"none\""}};
  }

  io::Value root_;
  Settings settings_;
};

}  // namespace

Imported import_deepspeed(const io::Document& document) {
  io::Diagnostics diagnostics;
  return ConfigReader(document.root(diagnostics)).run();
}

}  // namespace chipmix::interop
