// From DeepSpeed's configuration to a plan.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "base/spelling.hpp"
#include "interop/arithmetic.hpp"
#include "interop/deepspeed_keys.hpp"
#include "interop/flags.hpp"
#include "interop/interop.hpp"

namespace chipmix::interop {
namespace {

using deepspeed::Key;
using deepspeed::keys;
using deepspeed::most;
using deepspeed::Settings;

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

class ConfigReader {
 public:
  ConfigReader(const io::Value& root, const Asked& asked) : root_(root), asked_(asked), ranks_(asked.ranks) {
    take_trainer();
  }

  Imported run() {
    if (!root_.is_object()) root_.expected("an object (a DeepSpeed configuration)");
    if (root_.is_object()) members(root_, "");
    given();
    if (root_.diagnostics().empty()) batch();
    root_.diagnostics().throw_if_any();
    return imported();
  }

 private:
  /// The Trainer's arguments written out, with the configuration among them.
  void take_trainer() {
    const auto inner = root_.is_object() ? root_.find("deepspeed") : std::nullopt;
    if (!inner || !inner->is_object() || !root_.find("per_device_train_batch_size")) return;
    trainer_ = root_;
    root_ = *inner;
    const auto world = trainer_->find("world_size");
    if (!ranks_ && world && world->is_number())
      if (const auto ranks = world->as_integer(); ranks && *ranks > 0 && *ranks <= most)
        ranks_ = static_cast<int>(*ranks);
  }

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
      } else if (name.starts_with('_') || is_harmless_by_name("--" + name)) {
        passed_.push_back(path);
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
    for (const Twin& twin : twins)
      if (trainer_ && key == twin.key)
        if (const auto value = trainer_->find(twin.argument); value && (value->is_number() || value->is_boolean()))
          return value->to_json();
    return std::nullopt;
  }

  void set_number(const char* key, std::optional<int>& member) {
    const auto text = said(key);
    if (!text) return;
    const auto value = whole_number(*text);
    if (value && *value > 0 && *value <= most)
      member = static_cast<int>(*value);
    else
      root_.error(fmt::format("--set {}={} is not a number from 1 to {}", key, *text, most));
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
    if (needs_ranks && !ranks_ && (!s.batch || !s.micro_batch))
      root_.error("the number of ranks is not given", "--ranks N");
  }

  /// batch = micro-batch x accumulation x replicas; two of the three numbers and the ranks give the third.
  void batch() {
    Settings& s = settings_;
    const int others =
        std::max(1, s.stages.value_or(1)) * std::max(1, s.tensor.value_or(1)) * s.sequence_ranks.value_or(1);
    if (ranks_) {
      if (*ranks_ % others != 0)
        return root_.error(
            fmt::format("{} ranks cannot be divided over {} stages, tensor and sequence ranks", *ranks_, others),
            fmt::format("a multiple of {}", others));
      const long long data = *ranks_ / others;
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
          ->error(fmt::format("ZeRO-{} with a pipeline", *s.stage),
                  "DeepSpeed's pipelines work with ZeRO-0 and ZeRO-1");
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
    scenario::PlanStackSpec stack;
    stack.gradient_bytes = s.gradient_bytes;
    stack.optimizer_bytes = s.optimizer_bytes;
    if (!stack.says_nothing()) file.stack = stack;
    std::vector<std::string> remarks = {
        "a DeepSpeed configuration names neither model nor sequence length: the plan has none"};
    if (const auto again = trainer_ ? trainer_->find("gradient_checkpointing") : std::nullopt; again)
      file.lanes.front().recompute = again->to_json() == "true" ? plan::Recompute::full : plan::Recompute::none;
    else
      remarks.emplace_back(
          "the program sets whether activations are recomputed, not this file: the plan says \"recompute\": \"none\"");
    if (!passed_.empty())
      remarks.push_back(fmt::format("not known here, by their names without effect: {}", fmt::join(passed_, " ")));
    return {std::move(file), std::move(remarks)};
  }

  io::Value root_;
  const Asked& asked_;
  std::optional<int> ranks_;
  std::optional<io::Value> trainer_;
  Settings settings_;
  std::set<std::string> used_;
  std::vector<std::string> passed_;
};

}  // namespace

Imported import_deepspeed(const io::Document& document, const Asked& asked) {
  io::Diagnostics diagnostics;
  const std::string& file = document.file();
  if (file.find("infer", file.rfind('/') + 1) != std::string::npos) {
    diagnostics.add(document.diagnostic("", "by its name this configuration is for inference, which trains nothing",
                                        "a plan is read from the configuration of a training run"));
    diagnostics.throw_if_any();
  }
  return ConfigReader(document.root(diagnostics), asked).run();
}

}  // namespace chipmix::interop
