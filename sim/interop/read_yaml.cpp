// Configurations in YAML, as the words that they stand for: flat arguments, FlagScale
// (https://github.com/FlagOpen/FlagScale, examples/*/conf/train), Megatron-Bridge and NeMo
// (https://github.com/NVIDIA-NeMo/Megatron-Bridge), Primus (https://github.com/AMD-AGI/Primus) and GPT-NeoX
// (https://github.com/EleutherAI/gpt-neox, megatron/neox_arguments).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/lower_case.hpp"
#include "interop/yaml.hpp"
#include "interop/yaml_names.hpp"

namespace chipmix::interop {
namespace {

/// Blocks of a configuration that speak of files, logs and the machine.
constexpr std::array passed_blocks{"checkpoint", "logging",   "logger",   "data",        "tokenizer", "lr_scheduler",
                                   "scheduler",  "envs",      "cmds",     "exp_manager", "dataset",   "profiling",
                                   "rng",        "inference", "defaults", "hydra",       "serve",     "env"};

std::string dashed(std::string key) {
  while (key.starts_with('-')) key.erase(0, 1);
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

bool is_off(const std::string& value) {
  return value.empty() || value == "~" || lower_case(value) == "false" || lower_case(value) == "null" ||
         lower_case(value) == "none";
}

class YamlWords {
 public:
  YamlWords(const std::vector<Leaf>& leaves, Given& given, const std::map<std::string, std::string>& set)
      : given_(given), set_(set), flags_(flags(given.framework())), leaves_(leaves) {}

  std::vector<Word> run() {
    for (const Leaf& leaf : leaves_)
      nested_ = nested_ || leaf.path.size() > 2 ||
                (leaf.path.size() == 2 && (leaf.path[0] == "model" || leaf.path[0] == "train"));
    for (const Leaf& leaf : leaves_) {
      const std::string key = leaf.path.empty() ? "" : dashed(leaf.path.back());
      is_neox_ = is_neox_ || key == "pipe-parallel-size" || key == "train-micro-batch-size-per-gpu";
      const bool has_system = !leaf.path.empty() && (leaf.path[0] == "system" || leaf.path[0] == "modules");
      nested_ = nested_ || has_system;
      has_trainer_ = has_trainer_ || (leaf.path.size() > 1 && leaf.path[0] == "trainer");
      for (const std::string& block : leaf.path) has_optimizer_ = has_optimizer_ || block.starts_with("optim");
      no_fp8_ = no_fp8_ || (key == "fp8" && is_off(leaf.value));
    }
    const auto says = [&](const char* block, const char* key) {
      return std::any_of(leaves_.begin(), leaves_.end(), [&](const Leaf& leaf) {
        return !leaf.path.empty() && (*block == '\0' || leaf.path.front() == block) &&
               (*key == '\0' || leaf.path.back() == key);
      });
    };
    // Megatron-Bridge's overrides change a recipe that has the sizes; NeMo's fine-tuning starts from a checkpoint.
    const bool is_elsewhere = says("train", "") || says("", "restore_from_path");
    if (is_elsewhere && !says("", "num_layers")) given_.names_model();
    if (has_trainer_ && !has_optimizer_)
      given_.fault(0, "this configuration trains nothing: it has no optimizer",
                   "a plan is read from the configuration of a training run");
    for (const Leaf& leaf : leaves_) read(leaf);
    for (const auto& [name, value] : set_)
      if (!used_.contains(name)) add_set(name, value);
    if (!unknown_.empty()) given_.remark(fmt::format("keys without meaning here: {}", fmt::join(unknown_, " ")));
    return std::move(words_);
  }

 private:
  void read(const Leaf& leaf) {
    if (leaf.path.empty()) return;
    for (const std::string& block : leaf.path)
      if (leaf.path.size() > 1 && &block != &leaf.path.back() && !is_sequence(leaf) &&
          std::find(passed_blocks.begin(), passed_blocks.end(), block) != passed_blocks.end())
        return;
    const std::string& own = leaf.path.back();
    if (std::none_of(own.begin(), own.end(), [](char c) { return c >= 'a' && c <= 'z'; })) return;  // environment
    const std::string key = dashed(own);
    std::string value = leaf.value;
    for (const auto& [name, given] : set_) {
      if (dashed(name) == key || name == fmt::format("{}", fmt::join(leaf.path, ".")))
        value = given, used_.insert(name);
    }
    const bool both = leaf.path.size() > 1;
    if (both && special(lower_case(dashed(leaf.path[leaf.path.size() - 2])), key, value, leaf)) return;
    if (alone(key, value, leaf)) return;
    if (no_fp8_ && key.starts_with("fp8-")) return;
    const auto other =
        std::find_if(yaml_names.begin(), yaml_names.end(), [&](const YamlName& n) { return n.key == key; });
    const bool renamed = other != yaml_names.end() && (is_neox_ || nested_ || !find(flags_, "--" + key));
    const std::string flag = renamed ? std::string(other->flag) : "--" + key;
    const Flag* row = find(flags_, flag);
    if (!row && (nested_ || is_neox_ || has_trainer_)) return static_cast<void>(unknown_.push_back(own));
    const bool is_switch = row && row->meaning == Meaning::field && row->takes() == 0;
    if (is_switch && (value == "0" || value == "1")) value = value == "1" ? "true" : "false";
    if (renamed && other->negated) value = is_off(value) ? "true" : "false";
    if (is_off(value)) return;
    if (is_neox_ && flag == "--pipeline-model-parallel-size" && value == "0") value = "1";  // no pipeline module
    if (row && row->meaning == Meaning::nothing) return word(flag, leaf);  // whatever its value, and whoever says it
    if (flag == "--num-query-groups") word("--group-query-attention", leaf);
    if (leaf.is_element && !words_.empty() && last_ == leaf.at) return element(value, leaf);
    word(flag, leaf);
    if (lower_case(value) != "true") element(value, leaf);
  }

  /// The length of sequences may stand in a block about data.
  static bool is_sequence(const Leaf& leaf) {
    const std::string key = dashed(leaf.path.back());
    return leaf.path.front() == "dataset" && (key == "seq-length" || key == "sequence-length");
  }

  /// A key whose meaning hangs on the block around it.
  bool special(const std::string& block, const std::string& key, const std::string& value, const Leaf& leaf) {
    if (block == "zero-optimization") {
      if (key == "stage") word("--zero-stage", leaf), element(value, leaf);
      if (key == "cpu-offload" && !is_off(value)) word("--optimizer-cpu-offload", leaf);
      return true;
    }
    if (block == "offload-optimizer" || block == "offload-param") {
      if (key == "device" && !is_off(value)) word("--optimizer-cpu-offload", leaf);
      return true;
    }
    if (block == "fp16" || block == "bf16" || block == "bfloat16") {
      if (key == "enabled" && !is_off(value)) word(block == "fp16" ? "--fp16" : "--bf16", leaf);
      return true;
    }
    if (block == "optim" || block == "optimizer") {
      if (key == "use-distributed-optimizer" && !is_off(value)) word("--" + key, leaf);
      if (key == "name" && value.starts_with("distributed")) word("--use-distributed-optimizer", leaf);
      return !key.starts_with("optimizer-");
    }
    if (block == "peft") {
      if (key == "dim" || (key == "peft-scheme" && !is_off(value))) word("--lora-rank", leaf), element("1", leaf);
      return true;
    }
    return block == "params";
  }

  /// Keys whose value says which argument they are.
  bool alone(const std::string& key, const std::string& value, const Leaf& leaf) {
    const std::string low = lower_case(value);
    if (key == "framework" && low == "maxtext")
      return given_.fault(leaf.value_at, fmt::format("configurations of {} are not read", value)), true;
    if (key == "model" && low.ends_with(".yaml")) return given_.names_model(), true;
    if (key == "precision" || key == "mixed-precision" || (key == "dtype" && nested_)) {
      if (low.find("fp8") != std::string::npos) word("--fp8-hybrid", leaf);
      if (low.starts_with("bf16") || low == "bfloat16") word("--bf16", leaf);
      if (low.starts_with("fp16") || low.starts_with("16") || low == "float16") word("--fp16", leaf);
      return true;
    }
    if ((key == "norm" || key == "normalization") && !is_off(value)) {
      word("--normalization", leaf);
      element(low.find("rmsnorm") != std::string::npos ? "RMSNorm" : "LayerNorm", leaf);
      return true;
    }
    if (key == "fsdp" && !is_off(value)) return word("--use-torch-fsdp2", leaf), true;
    if (key == "pos-emb") {
      word("--position-embedding-type", leaf), element(low == "rotary" ? "rope" : low, leaf);
      return true;
    }
    if (key == "num-kv-heads" && !is_off(value)) {
      word("--group-query-attention", leaf), word("--num-query-groups", leaf), element(value, leaf);
      return true;
    }
    if (key == "activation" || key == "mlp-type") {
      const bool is_gated = low.find("swiglu") != std::string::npos || low == "llama" || low == "fast-swiglu";
      if (is_gated) word("--swiglu", leaf);
      return true;
    }
    if (key == "attention-config" || key == "flash-attention") {
      if (low.find("flash") != std::string::npos || low == "true") word("--use-flash-attn", leaf);
      return true;
    }
    return key == "optimizer" && nested_ && low != "adam" && low != "sgd";
  }

  void word(std::string_view text, const Leaf& leaf) {
    words_.push_back(word_of(text, leaf.at));
    last_ = leaf.at;
  }
  void element(const std::string& value, const Leaf& leaf) {
    Word word = word_of(value, leaf.value_at);
    if (value.starts_with('$')) word.unknown = value;
    words_.push_back(std::move(word));
  }

  /// What the command line adds.
  void add_set(const std::string& name, const std::string& value) {
    if (!find(flags_, "--" + dashed(name)))
      return given_.fault(0, fmt::format("--set {}: the file has no such name, and no argument is called so", name));
    words_.push_back(word_of("--" + dashed(name), 0));
    if (lower_case(value) != "true") words_.push_back(word_of(value, 0));
  }

  Given& given_;
  const std::map<std::string, std::string>& set_;
  const Flags& flags_;
  const std::vector<Leaf>& leaves_;
  std::vector<Word> words_;
  std::set<std::string> used_;
  std::vector<std::string> unknown_;
  std::size_t last_ = Word::nowhere;
  bool nested_ = false, is_neox_ = false, has_trainer_ = false, has_optimizer_ = false, no_fp8_ = false;
};

}  // namespace

std::vector<Word> words_of_yaml(const std::vector<Leaf>& leaves, Given& given,
                                const std::map<std::string, std::string>& set) {
  return YamlWords(leaves, given, set).run();
}

}  // namespace chipmix::interop
