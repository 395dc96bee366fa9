// DeepSpeed's configuration (https://www.deepspeed.ai/docs/config-json/; deepspeed/runtime/constants.py and
// zero/config.py of https://github.com/microsoft/DeepSpeed): which keys say something about the plan.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "base/spelling.hpp"
#include "interop/arithmetic.hpp"
#include "interop/interop.hpp"

namespace chipmix::interop {
namespace {

constexpr int most = 1 << 18;

struct Settings {
  std::optional<int> batch, micro_batch, accumulation, stage, stages, tensor, sequence_ranks, group;
  std::optional<bool> fp16, bf16;
  double states_in_host = 0, weights_in_host = 0;
  std::vector<std::pair<std::string, io::Value>> automatic{};  ///< keys that are "auto"
};

struct Key {
  std::string path;                                         ///< "zero_optimization.stage"
  std::function<void(const io::Value&, Settings&)> read{};  ///< none: the key is ignored
};

/// Hugging Face's Trainer fills in what is "auto" from its own arguments (transformers, integrations/deepspeed.py).
struct Twin {
  const char* key;
  const char* argument;
};
constexpr Twin twins[] = {{"train_micro_batch_size_per_gpu", "per_device_train_batch_size"},
                          {"gradient_accumulation_steps", "gradient_accumulation_steps"},
                          {"train_batch_size", "train_batch_size"},
                          {"fp16.enabled", "fp16"},
                          {"bf16.enabled", "bf16"}};

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
        in_host("zero_optimization.offload_optimizer", &Settings::states_in_host),
        in_host("zero_optimization.offload_param", &Settings::weights_in_host),
        in_host("zero_optimization.cpu_offload", &Settings::states_in_host),
        in_host("zero_optimization.cpu_offload_params", &Settings::weights_in_host),
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
                             "fp16.fp16_master_weights_and_grads",
                             "fp16.loss_scale_window_size",
                             "steps_per_eval",
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

class ConfigReader {
 public:
  ConfigReader(const io::Value& root, const Asked& asked) : root_(root), asked_(asked) {}

  Imported run() {
    if (!root_.is_object()) root_.expected("an object (a DeepSpeed configuration)");
    if (root_.is_object()) members(root_, "");
    given();
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

  /// What --set says of a key, under its own name or that of the Trainer's argument.
  std::optional<std::string> said(const std::string& key) {
    for (const Twin& twin : twins)
      for (const char* name : {twin.key, twin.argument})
        if (key == twin.key && asked_.set.contains(name)) {
          used_.insert(name);
          return asked_.set.at(name);
        }
    return std::nullopt;
  }

  void set_number(const char* key, std::optional<int>& member) {
    const auto text = said(key);
    if (!text) return;
    const auto value = whole_number(*text);
    if (value && *value > 0 && *value <= most)
      member = static_cast<int>(*value);
    else
      root_.error(fmt::format("--set {}={} is no number from 1 to {}", key, *text, most));
  }

  void set_truth(const char* key, std::optional<bool>& member) {
    const auto text = said(key);
    if (!text) return;
    if (*text != "true" && *text != "false")
      root_.error(fmt::format("--set {}={} is neither true nor false", key, *text));
    member = *text == "true";
  }

  /// What the command line gives, and what is left to be asked for, all at once.
  void given() {
    Settings& s = settings_;
    set_number("train_batch_size", s.batch);
    set_number("train_micro_batch_size_per_gpu", s.micro_batch);
    set_number("gradient_accumulation_steps", s.accumulation);
    set_truth("fp16.enabled", s.fp16);
    set_truth("bf16.enabled", s.bf16);
    if (s.bf16.value_or(false) && !s.fp16) s.fp16 = false;
    if (s.fp16.value_or(false) && !s.bf16) s.bf16 = false;
    for (const auto& [name, value] : asked_.set)
      if (!used_.contains(name))
        root_.error(fmt::format("--set {}: no key that a plan needs", name),
                    "train_batch_size, per_device_train_batch_size, gradient_accumulation_steps, bf16, fp16");
    const int batches = int{s.batch.has_value()} + int{s.micro_batch.has_value()} + int{s.accumulation.has_value()};
    for (const auto& [path, value] : s.automatic) {
      const bool follows = (path == "train_batch_size" && s.micro_batch && s.accumulation) ||
                           (path == "gradient_accumulation_steps" && s.batch && s.micro_batch) ||
                           (path == "train_micro_batch_size_per_gpu" && s.batch && s.accumulation);
      const bool is_format = path == "fp16.enabled" || path == "bf16.enabled";
      const bool known = (path == "fp16.enabled" && s.fp16) || (path == "bf16.enabled" && s.bf16) ||
                         (path == "train_batch_size" && s.batch) ||
                         (path == "gradient_accumulation_steps" && s.accumulation) ||
                         (path == "train_micro_batch_size_per_gpu" && s.micro_batch);
      const bool is_made = path == "train_batch_size" && s.automatic.size() > 2;  // of the others and the ranks
      if (known || follows || is_made || (!is_format && batches >= 2)) continue;
      std::string name = path;
      for (const Twin& twin : twins)
        if (path == twin.key) name = twin.argument;
      value.error(fmt::format("\"{}\" is left to the program that reads it", path),
                  fmt::format("--set {}={} gives it", name, is_format ? "true" : "N"));
    }
    const bool needs_ranks = !s.batch || !s.micro_batch || !s.accumulation;
    if (needs_ranks && !asked_.ranks && (!s.batch || !s.micro_batch))
      root_.error("the number of ranks is not said", "--ranks N");
  }

  /// batch = micro-batch x accumulation x replicas; two of the three numbers and the ranks give the third.
  void batch() {
    Settings& s = settings_;
    const int others =
        std::max(1, s.stages.value_or(1)) * std::max(1, s.tensor.value_or(1)) * s.sequence_ranks.value_or(1);
    if (asked_.ranks) {
      if (*asked_.ranks % others != 0)
        return root_.error(
            fmt::format("{} ranks cannot be divided over {} stages, tensor and sequence ranks", *asked_.ranks, others),
            fmt::format("a multiple of {}", others));
      const long long data = *asked_.ranks / others;
      if (!s.micro_batch && s.batch) {
        const long long each = data * s.accumulation.value_or(1);
        if (*s.batch % each == 0) s.micro_batch = static_cast<int>(*s.batch / each);
      }
      if (!s.batch && s.micro_batch)
        s.batch = static_cast<int>(std::min(1LL * most, data * *s.micro_batch * s.accumulation.value_or(1)));
      if (!s.accumulation && s.batch && s.micro_batch && *s.batch % (data * *s.micro_batch) == 0)
        s.accumulation = static_cast<int>(*s.batch / (data * *s.micro_batch));
      if (s.batch && s.micro_batch && data * *s.micro_batch * s.accumulation.value_or(1) != *s.batch)
        return root_.error(fmt::format("a batch of {} is not micro-batch {} x accumulation {} x {} replicas", *s.batch,
                                       *s.micro_batch, s.accumulation.value_or(1), data));
    }
    if (!s.batch || !s.micro_batch)
      return root_.error(
          "two of train_batch_size, train_micro_batch_size_per_gpu and gradient_accumulation_steps are needed",
          "--set train_micro_batch_size_per_gpu=N, --ranks N");
    const long long share = 1LL * *s.micro_batch * s.accumulation.value_or(1);
    if (*s.batch % share != 0)
      batch_value().error(fmt::format("a batch of {} cannot be divided by micro-batch {} x accumulation {}", *s.batch,
                                      *s.micro_batch, s.accumulation.value_or(1)),
                          fmt::format("a multiple of {}", share));
    if (s.stage.value_or(0) > 3) root_.find("zero_optimization")->error("ZeRO stages are 0 to 3");
    if (s.stages.value_or(1) > 10'000) root_.find("pipeline")->error("too many stages");
    if (s.stages.value_or(1) > 1 && s.stage.value_or(0) > 1)
      root_.find("zero_optimization")
          ->error(fmt::format("ZeRO-{} with a pipeline", *s.stage), "DeepSpeed's pipelines go with ZeRO-0 and ZeRO-1");
  }

  io::Value batch_value() const { return root_.find("train_batch_size").value_or(root_); }

  Imported imported() const {
    const Settings& s = settings_;
    scenario::PlanLaneSpec lane;
    lane.micro_batch = *s.micro_batch;
    lane.micro_batches = s.accumulation.value_or(1);
    lane.zero = static_cast<plan::Zero>(s.stage.value_or(0));
    lane.sequence_parallel = false;
    scenario::PlanStageSpec stage;
    stage.data = static_cast<int>(*s.batch / (1LL * lane.micro_batch * lane.micro_batches));
    stage.tensor = std::max(1, s.tensor.value_or(1));
    stage.context = stage.ulysses = s.sequence_ranks.value_or(1);
    lane.states_in_host = s.states_in_host;
    lane.weights_in_host = lane.zero == plan::Zero::parameters ? s.weights_in_host : 0;
    lane.shard_group = std::max(0, s.group.value_or(0));
    lane.stages.assign(s.stages.value_or(1), stage);
    scenario::PlanFile file;
    file.global_batch = s.batch;
    file.dtype = s.bf16.value_or(false) ? Dtype::bf16 : s.fp16.value_or(false) ? Dtype::fp16 : Dtype::fp32;
    file.lanes.push_back(std::move(lane));
    return {std::move(file),
            {"a DeepSpeed configuration names neither model nor sequence length: the plan has none",
             "whether activations are recomputed is said by the program, not here: the plan says \"recompute\": "
             "\"none\""}};
  }

  io::Value root_;
  const Asked& asked_;
  Settings settings_;
  std::set<std::string> used_;
};

}  // namespace

Imported import_deepspeed(const io::Document& document, const Asked& asked) {
  io::Diagnostics diagnostics;
  return ConfigReader(document.root(diagnostics), asked).run();
}

}  // namespace chipmix::interop
