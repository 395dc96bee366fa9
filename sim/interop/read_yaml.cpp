// Configurations in YAML, as the words that they stand for: flat arguments, FlagScale
// (https://github.com/FlagOpen/FlagScale, examples/*/conf/train), Megatron-Bridge and NeMo
// (https://github.com/NVIDIA-NeMo/Megatron-Bridge), Primus (https://github.com/AMD-AGI/Primus) and GPT-NeoX
// (https://github.com/EleutherAI/gpt-neox, megatron/neox_arguments).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "interop/yaml.hpp"

namespace chipmix::interop {
namespace {

struct Name {
  std::string_view key, flag;
};

/// Keys of other names than Megatron-LM's arguments have.
constexpr std::array names{
    Name{"pipe-parallel-size", "--pipeline-model-parallel-size"},
    Name{"model-parallel-size", "--tensor-model-parallel-size"},
    Name{"train-micro-batch-size-per-gpu", "--micro-batch-size"},
    Name{"train-batch-size", "--global-batch-size"},
    Name{"intermediate-size", "--ffn-hidden-size"},
    Name{"no-weight-tying", "--untie-embeddings-and-output-weights"},
    Name{"moe-num-experts", "--num-experts"},
    Name{"num-moe-experts", "--num-experts"},
    Name{"moe-top-k", "--moe-router-topk"},
    Name{"moe-expert-parallel-size", "--expert-model-parallel-size"},
    Name{"num-nodes", "--nnodes"},
    Name{"devices", "--nproc-per-node"},
    Name{"gpus-per-node", "--nproc-per-node"},
    Name{"encoder-seq-length", "--seq-length"},
    Name{"sequence-length", "--seq-length"},
    Name{"virtual-pipeline-model-parallel-size", "--num-virtual-stages-per-pipeline-rank"},
    Name{"activations-checkpoint-granularity", "--recompute-granularity"},
    Name{"num-layers-in-first-pipeline-stage", "--decoder-first-pipeline-num-layers"},
    Name{"num-layers-in-last-pipeline-stage", "--decoder-last-pipeline-num-layers"},
};

/// Blocks of a configuration that speak of files, logs and the machine.
constexpr std::array passed_blocks{"checkpoint", "logging",   "logger",   "data",        "tokenizer", "lr_scheduler",
                                   "scheduler",  "envs",      "cmds",     "exp_manager", "dataset",   "profiling",
                                   "rng",        "inference", "defaults", "hydra",       "serve",     "env"};

std::string dashed(std::string key) {
  while (key.starts_with('-')) key.erase(0, 1);
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool is_off(const std::string& value) {
  return value.empty() || value == "~" || lower(value) == "false" || lower(value) == "null" || lower(value) == "none";
}

class YamlWords {
 public:
  YamlWords(std::string_view text, Given& given, const std::map<std::string, std::string>& set)
      : given_(given), set_(set), flags_(flags(given.framework())), leaves_(read_yaml(text, given)) {}

  std::vector<Word> run() {
    for (const Leaf& leaf : leaves_) nested_ = nested_ || leaf.path.size() > 2;
    for (const Leaf& leaf : leaves_) {
      const std::string key = leaf.path.empty() ? "" : dashed(leaf.path.back());
      is_neox_ = is_neox_ || key == "pipe-parallel-size" || key == "train-micro-batch-size-per-gpu";
      const bool has_system = !leaf.path.empty() && (leaf.path[0] == "system" || leaf.path[0] == "modules");
      nested_ = nested_ || has_system;
    }
    for (const Leaf& leaf : leaves_) read(leaf);
    for (const auto& [name, value] : set_)
      if (!used_.contains(name)) add_set(name, value);
    if (!unknown_.empty()) given_.remark(fmt::format("keys that say nothing here: {}", fmt::join(unknown_, " ")));
    return std::move(words_);
  }

 private:
  void read(const Leaf& leaf) {
    if (leaf.path.empty()) return;
    for (const std::string& block : leaf.path)
      if (leaf.path.size() > 1 && &block != &leaf.path.back() &&
          std::find(passed_blocks.begin(), passed_blocks.end(), block) != passed_blocks.end())
        return;
    const std::string& own = leaf.path.back();
    if (std::none_of(own.begin(), own.end(), [](char c) { return c >= 'a' && c <= 'z'; })) return;  // environment
    const std::string key = dashed(own);
    std::string value = resolved(leaf.value, set_);
    for (const auto& [name, given] : set_) {
      if (leaf.value.find(name) != std::string::npos) used_.insert(name);
      if (dashed(name) == key || name == fmt::format("{}", fmt::join(leaf.path, ".")))
        value = given, used_.insert(name);
    }
    const bool both = leaf.path.size() > 1;
    if (both && special(lower(dashed(leaf.path[leaf.path.size() - 2])), key, value, leaf)) return;
    if (alone(key, value, leaf)) return;
    const auto other = std::find_if(names.begin(), names.end(), [&](const Name& name) { return name.key == key; });
    const bool renamed = other != names.end() && (is_neox_ || nested_ || !find(flags_, "--" + key));
    const std::string flag = renamed ? std::string(other->flag) : "--" + key;
    const Flag* row = find(flags_, flag);
    if (!row && (nested_ || is_neox_)) return static_cast<void>(unknown_.push_back(own));
    if (is_off(value)) return;
    if (is_neox_ && flag == "--pipeline-model-parallel-size" && value == "0") value = "1";  // no pipeline module
    if (flag == "--num-query-groups") word("--group-query-attention", leaf);
    if (leaf.is_element && !words_.empty() && last_ == leaf.at) return element(value, leaf);
    word(flag, leaf);
    if (lower(value) != "true") element(value, leaf);
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
    return block == "params" || block == "optimizer";
  }

  /// Keys whose value says which argument they are.
  bool alone(const std::string& key, const std::string& value, const Leaf& leaf) {
    const std::string low = lower(value);
    if (key == "precision" || (key == "dtype" && nested_)) {
      if (low.starts_with("bf16") || low == "bfloat16") word("--bf16", leaf);
      if (low == "fp16" || low.starts_with("16") || low == "float16") word("--fp16", leaf);
      return true;
    }
    if (key == "norm" || (key == "normalization" && low != value)) {
      word("--normalization", leaf);
      element(low == "rmsnorm" || low == "te_rmsnorm" ? "RMSNorm" : "LayerNorm", leaf);
      return true;
    }
    if (key == "normalization" && (low == "rmsnorm" || low == "layernorm")) {
      word("--normalization", leaf), element(low == "rmsnorm" ? "RMSNorm" : "LayerNorm", leaf);
      return true;
    }
    if (key == "pos-emb") {
      word("--position-embedding-type", leaf), element(low == "rotary" ? "rope" : low, leaf);
      return true;
    }
    if (key == "share-embeddings-and-output-weights") {
      if (is_off(value)) word("--untie-embeddings-and-output-weights", leaf);
      return true;
    }
    if (key == "num-kv-heads" && !is_off(value)) {
      word("--group-query-attention", leaf), word("--num-query-groups", leaf), element(value, leaf);
      return true;
    }
    if (key == "activation" || key == "mlp-type") {
      if (low.find("swiglu") != std::string::npos || low == "llama") word("--swiglu", leaf);
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
    if (lower(value) != "true") words_.push_back(word_of(value, 0));
  }

  Given& given_;
  const std::map<std::string, std::string>& set_;
  const Flags& flags_;
  std::vector<Leaf> leaves_;
  std::vector<Word> words_;
  std::set<std::string> used_;
  std::vector<std::string> unknown_;
  std::size_t last_ = Word::nowhere;
  bool nested_ = false, is_neox_ = false;
};

}  // namespace

std::vector<Word> words_of_yaml(std::string_view text, Given& given, const std::map<std::string, std::string>& set) {
  return YamlWords(text, given, set).run();
}

}  // namespace chipmix::interop
