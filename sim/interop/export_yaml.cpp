// Plans as configurations of GPT-NeoX, FlagScale, Primus and Megatron-Bridge.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "interop/formats.hpp"
#include "interop/yaml_names.hpp"

namespace chipmix::interop {
namespace {

std::string underscored(std::string_view flag) {
  std::string key(flag.substr(flag.find_first_not_of('-')));
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

std::optional<std::string> value_of(const Number& value) {
  return value ? std::optional(std::to_string(*value)) : std::nullopt;
}
std::optional<std::string> value_of(bool value) { return value ? std::optional<std::string>("true") : std::nullopt; }
std::optional<std::string> value_of(const Text& value) {
  if (!value) return std::nullopt;
  const bool is_plain = value->find_first_not_of(
                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-") == std::string::npos;
  return is_plain && !value->empty() ? *value : fmt::format("\"{}\"", *value);
}
std::optional<std::string> value_of(const std::vector<std::string>& values) {
  return values.empty() ? std::nullopt : std::optional(fmt::format("[{}]", fmt::join(values, ", ")));
}

/// Keys and values of one block, a line each.
struct Lines {
  std::string text{};
  std::string indent{};
  void add(std::string_view key, const std::string& value) { text += fmt::format("{}{}: {}\n", indent, key, value); }
};

/// All that is set of some parts, in the table's order.
std::string lines_of(const Arguments& a, std::initializer_list<Part> parts, const std::string& indent) {
  Lines lines{{}, indent};
  for (const Flag& flag : flags(Framework::megatron)) {
    if (flag.meaning != Meaning::field || !flag.written) continue;
    if (std::find(parts.begin(), parts.end(), flag.part) == parts.end()) continue;
    if (const auto value = written_value(flag, a)) lines.add(underscored(flag.name), *value);
  }
  return lines.text;
}

std::string primus_text(const Arguments& a, const std::string& title) {
  return fmt::format(
      "{}# NNODES={} GPUS_PER_NODE={}\n"
      "work_group: local\nuser_name: local\nexp_name: chipmix\nworkspace: ./output\n\nmodules:\n  pre_trainer:\n"
      "    framework: megatron\n    config: pre_trainer.yaml\n    model: language_model.yaml\n    overrides:\n{}",
      title, a.nodes.value_or(1), a.processes.value_or(1),
      lines_of(a, {Part::model, Part::parallel, Part::training}, "      "));
}

/// Arguments that a framework has by itself, or makes of others.
bool goes_without_saying(std::string_view flag) {
  constexpr std::array list{"--group-query-attention",
                            "--use-flash-attn",
                            "--accumulate-allreduce-grads-in-fp32",
                            "--position-embedding-type",
                            "--vocab-size",
                            "--make-vocab-size-divisible-by",
                            "--max-position-embeddings",
                            "--bf16",
                            "--fp16",
                            "--fp8-format",
                            "--nnodes",
                            "--nproc-per-node",
                            "--moe-router-enable-expert-bias"};
  return std::find(list.begin(), list.end(), flag) != list.end();
}

/// Megatron-Bridge: the fields of its configuration classes, block by block.
class BridgeWriter {
 public:
  explicit BridgeWriter(const Arguments& arguments) : a_(arguments) {}

  std::string text(const std::string& title) {
    for (const YamlName& name : yaml_names)
      if (!name.bridge.empty()) renamed(name);
    for (const Flag& flag : flags(Framework::megatron)) {
      const bool is_field = flag.meaning == Meaning::field && flag.written;
      const auto value = is_field ? written_value(flag, a_) : std::nullopt;
      if (value && !is_renamed(flag.name) && !is_other(flag.name))
        blocks_[block_of(flag.name)] += fmt::format("  {}: {}\n", underscored(flag.name), *value);
    }
    std::string text = title + fmt::format("# torchrun --nnodes {} --nproc-per-node {}\n", a_.nodes.value_or(1),
                                           a_.processes.value_or(1));
    for (const char* block : {"model", "train", "ddp", "optimizer"})
      if (!blocks_[block].empty()) text += fmt::format("{}:\n{}", block, blocks_[block]);
    text += fmt::format("dataset:\n  seq_length: {}\n", a_.sequence_length.value_or(1));
    const char* precision = a_.fp8 ? "bf16_with_fp8_delayed_scaling_mixed" : a_.fp16 ? "fp16_mixed" : "bf16_mixed";
    return a_.bf16 || a_.fp16 ? text + fmt::format("mixed_precision: {}\n", precision) : text;
  }

 private:
  void renamed(const YamlName& name) {
    const Flag* flag = find(flags(Framework::megatron), name.flag);
    const auto value = flag ? written_value(*flag, a_) : std::nullopt;
    if (!value && !name.negated) return;
    const std::string key = underscored("--" + std::string(name.key));
    blocks_[std::string(name.bridge)] +=
        fmt::format("  {}: {}\n", key, name.negated ? (value ? "false" : "true") : *value);
  }
  static bool is_renamed(std::string_view flag) {
    return std::any_of(yaml_names.begin(), yaml_names.end(),
                       [&](const YamlName& name) { return !name.bridge.empty() && name.flag == flag; });
  }
  /// Said elsewhere, or by the class itself.
  static bool is_other(std::string_view flag) {
    return flag != "--vocab-size" && flag != "--make-vocab-size-divisible-by" && flag != "--position-embedding-type" &&
           flag != "--moe-router-enable-expert-bias" && goes_without_saying(flag);
  }
  static std::string block_of(std::string_view flag) {
    if (flag == "--micro-batch-size" || flag == "--global-batch-size") return "train";
    if (flag == "--use-distributed-optimizer" || flag == "--use-megatron-fsdp" ||
        flag == "--data-parallel-sharding-strategy")
      return "ddp";
    return flag.starts_with("--optimizer") ? "optimizer" : "model";
  }

  const Arguments& a_;
  std::map<std::string, std::string> blocks_;
};

/// GPT-NeoX: keys of its own; what has none is a reason.
class NeoxWriter {
 public:
  NeoxWriter(const Arguments& arguments, plan::Zero zero, Reasons& reasons)
      : a_(arguments), zero_(zero), reasons_(reasons) {}

  std::string text(const std::string& title) {
    for (const Flag& flag : flags(Framework::megatron)) {
      if (flag.meaning != Meaning::field || !flag.written) continue;
      if (const auto value = written_value(flag, a_)) key(flag.name, *value);
    }
    if (a_.pipeline.value_or(1) > 1 && zero_ > plan::Zero::optimizer)
      reasons_.push_back("ZeRO-2 and ZeRO-3 go without pipeline stages only");
    special();
    return title + lines_.text;
  }

 private:
  void key(std::string_view flag, const std::string& value) {
    for (const YamlName& name : yaml_names)
      if (name.flag == flag && !name.neox.empty()) return lines_.add(name.neox, value);
    constexpr std::array same{
        "--num-layers",        "--hidden-size",          "--num-attention-heads",     "--seq-length",
        "--hidden-dropout",    "--attention-dropout",    "--max-position-embeddings", "--make-vocab-size-divisible-by",
        "--sequence-parallel", "--context-parallel-size"};
    if (std::find(same.begin(), same.end(), flag) != same.end()) return lines_.add(underscored(flag), value);
    if (flag == "--num-query-groups") return lines_.add("num_kv_heads", value);
    const bool is_whole_head =
        flag == "--kv-channels" && a_.heads && a_.hidden && a_.kv_channels && *a_.kv_channels * *a_.heads == *a_.hidden;
    constexpr std::array below{"--use-megatron-fsdp",
                               "--data-parallel-sharding-strategy",
                               "--normalization",
                               "--swiglu",
                               "--use-distributed-optimizer",
                               "--disable-bias-linear",
                               "--recompute-granularity",
                               "--recompute-method",
                               "--recompute-num-layers",
                               "--grad-reduce-in-bf16",
                               "--expert-tensor-parallel-size",
                               "--moe-ffn-hidden-size"};
    const bool is_below = std::find(below.begin(), below.end(), flag) != below.end();
    if (is_below || is_whole_head || goes_without_saying(flag)) return;
    reasons_.push_back(fmt::format("GPT-NeoX has no key for {} {}", flag, value));
  }

  void special() {
    lines_.add("norm", a_.normalization == "RMSNorm" ? "rmsnorm" : "layernorm");
    lines_.add("pos_emb", a_.position_type == "rope" ? "rotary" : "learned");
    lines_.add("activation", a_.swiglu ? "swiglu" : "gelu");
    if (a_.no_bias) lines_.add("use_bias_in_attn_linear", "false"), lines_.add("use_bias_in_mlp", "false");
    lines_.add("zero_optimization", fmt::format("{{\"stage\": {}}}", static_cast<int>(zero_)));
    if (a_.bf16) lines_.add("bf16", "{\"enabled\": true}");
    if (a_.fp16) lines_.add("fp16", "{\"enabled\": true}");
    if (a_.fp8) reasons_.push_back("GPT-NeoX does not train in fp8");
    if (a_.recompute == "selective") reasons_.push_back("GPT-NeoX recomputes whole layers only");
    if (a_.recompute == "full" && a_.recompute_method == "block")
      reasons_.push_back("GPT-NeoX recomputes all layers or none");
    if (a_.recompute == "full") lines_.add("checkpoint_activations", "true"), lines_.add("checkpoint_num_layers", "1");
    if (a_.experts && a_.expert_width != a_.ffn && a_.ffn) reasons_.push_back("experts of another width than the MLPs");
    if (a_.expert_tensor.value_or(1) != (a_.experts ? a_.tensor.value_or(1) : 1))
      reasons_.push_back("experts and dense layers cut in different ways");
  }

  const Arguments& a_;
  plan::Zero zero_;
  Reasons& reasons_;
  Lines lines_{};
};

/// Chunks of a stage as a number, as these files have it.
void count_chunks(const plan::ParallelPlan& plan, Arguments& a) {
  if (!a.layers_per_chunk) return;
  a.chunks = plan.interleave;
  a.layers_per_chunk.reset();
}

}  // namespace

std::optional<std::string> written_value(const Flag& flag, const Arguments& arguments) {
  return std::visit([&](auto member) { return value_of(arguments.*member); }, flag.member);
}

std::string flagscale_text(const Arguments& a, const std::string& title, const std::string& more) {
  return title + "experiment:\n  runner:\n" + lines_of(a, {Part::launcher}, "    ") + "system:\n" +
         lines_of(a, {Part::parallel}, "  ") + more + "model:\n" + lines_of(a, {Part::model, Part::training}, "  ");
}

Written export_yaml(Format format, const plan::ParallelPlan& plan, const workload::TrainingJob& job,
                    const hardware::NodeGroup& group) {
  Arguments arguments;
  Reasons reasons;
  describe_model(job.model, Framework::megatron, arguments, reasons);
  describe_plan(plan, job, group, Framework::megatron, arguments, reasons);
  const std::string title = title_of(plan, job, group);
  std::string text;
  if (format == Format::flagscale) text = flagscale_text(arguments, title, "");
  if (format == Format::primus) text = primus_text(arguments, title);
  if (format == Format::nemo) count_chunks(plan, arguments), text = BridgeWriter(arguments).text(title);
  if (format == Format::neox) text = NeoxWriter(arguments, plan.zero, reasons).text(title);
  if (!reasons.empty()) return reasons;
  return text;
}

}  // namespace chipmix::interop
