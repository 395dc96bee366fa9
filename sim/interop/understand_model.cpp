// Which model the arguments are of: the library's are written as arguments too, and both are compared.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "interop/describe.hpp"
#include "interop/layer_lists.hpp"
#include "interop/understand.hpp"

namespace chipmix::interop {
namespace {

/// Sizes with the frameworks' defaults filled in, by name.
using Sizes = std::vector<std::pair<std::string, std::string>>;

constexpr int largest_padding = 16'384;  // rows that a vocabulary may be padded by
constexpr int most_layers = 10'000;

/// 8/3 of the hidden size, in steps of 64, for gated MLPs (megatron/training/arguments.py).
int default_width(const Arguments& a) {
  const double hidden = a.hidden.value_or(0);
  return a.swiglu ? static_cast<int>(hidden * 4 * 2 / 3 / 64) * 64 : static_cast<int>(hidden) * 4;
}

std::vector<int> expert_layers(const Arguments& a, int layers) {
  std::vector<int> list(layers, 1);
  const std::string text = a.expert_layers.value_or("1");
  if (text.find('[') != std::string::npos) return read_pattern(text).value_or(std::vector<int>{});
  const int every = std::max(1, std::atoi(text.c_str()));
  for (int i = 0; i < layers; ++i) list[i] = i % every == 0 && i >= a.dense_first.value_or(0);
  return list;
}

/// Of layers that do something.
int real_layers(const Arguments& a) {
  const auto empty = a.empty_layers ? read_numbers(*a.empty_layers) : std::nullopt;
  return std::clamp(a.layers.value_or(0) - static_cast<int>(empty ? empty->size() : 0), 0, most_layers);
}

void add_attention(Sizes& sizes, const Arguments& a) {
  const auto add = [&](const char* name, auto value) { sizes.emplace_back(name, fmt::format("{}", value)); };
  const int heads = a.heads.value_or(0);
  add("attention heads", heads);
  add("latent attention", a.latent);
  if (a.latent) {
    add("query rank", a.q_rank.value_or(0));
    add("key/value rank", a.kv_rank.value_or(512));
    add("head size without position", a.nope_dim.value_or(128));
    add("head size with position", a.rope_dim.value_or(64));
    add("value size", a.value_dim.value_or(128));
    return;
  }
  add("key/value heads", a.grouped_queries ? a.query_groups.value_or(1) : heads);
  add("head size", a.kv_channels.value_or(heads > 0 ? a.hidden.value_or(0) / heads : 0));
  add("norms of queries and keys", a.qk_norm);
}

void add_experts(Sizes& sizes, const Arguments& a, const std::vector<int>& layers) {
  const auto add = [&](const char* name, auto value) { sizes.emplace_back(name, fmt::format("{}", value)); };
  const int width = a.expert_width.value_or(a.ffn.value_or(default_width(a)));
  add("experts", *a.experts);
  add("experts of a token", a.active_experts.value_or(2));
  add("expert width", width);
  add("shared expert width", a.shared_experts ? 1LL * *a.shared_experts * width : a.shared_width.value_or(0));
  std::vector<bool> is_moe(layers.begin(), layers.end());
  add("layers with experts", write_pattern(is_moe));
  add("groups of experts", std::max(1, a.expert_groups.value_or(1)));
}

Sizes sizes_of(const Arguments& a) {
  Sizes sizes;
  const auto add = [&](const char* name, auto value) { sizes.emplace_back(name, fmt::format("{}", value)); };
  const int layers = real_layers(a);
  const bool has_experts = a.experts.value_or(0) > 0;
  const std::vector<int> moe = has_experts ? expert_layers(a, layers) : std::vector<int>(layers, 0);
  add("layers", layers);
  add("hidden size", a.hidden.value_or(0));
  add_attention(sizes, a);
  if (std::find(moe.begin(), moe.end(), 0) != moe.end()) add("MLP width", a.ffn.value_or(default_width(a)));
  if (has_experts) add_experts(sizes, a, moe);
  add("gated MLP", a.swiglu);
  add("normalization", a.normalization.value_or("LayerNorm"));
  add("embedding and head of one table", !a.untied);
  add("biases", !a.no_bias);
  add("biases of queries, keys and values", a.qkv_bias || !a.no_bias);
  add("rotary positions", a.rotary || a.position_type == "rope");
  add("prediction layers", a.prediction_layers.value_or(0));
  return sizes;
}

bool same_vocabulary(const Arguments& given, int model) {
  if (given.vocabulary) return *given.vocabulary >= model && *given.vocabulary - model < largest_padding;
  if (given.padded_vocabulary)
    return *given.padded_vocabulary >= model && *given.padded_vocabulary - model < largest_padding;
  return true;
}

/// What is different, in words: "layers 64 (61)".
std::vector<std::string> differences(const Sizes& given, const Sizes& model) {
  std::vector<std::string> list;
  for (const auto& [name, value] : given) {
    const auto same =
        std::find_if(model.begin(), model.end(), [name = name](const auto& one) { return one.first == name; });
    if (same == model.end() || same->second != value)
      list.push_back(fmt::format("{} {} ({})", name, value, same == model.end() ? "none" : same->second));
  }
  return list;
}

}  // namespace

namespace {

/// Of several models with the sizes given, those whose vocabulary needs no padding, where the arguments do not state
/// it: scripts give the multiple that fits their model.
std::string choose(const std::vector<const workload::ModelSpec*>& found, Given& given) {
  const int multiple = std::max(1, given.values().vocabulary_multiple.value_or(1));
  const auto fits = [&](const workload::ModelSpec* model) { return model->vocabulary % multiple == 0; };
  const auto first = std::find_if(found.begin(), found.end(), fits);
  const workload::ModelSpec* chosen = first == found.end() ? found.front() : *first;
  std::vector<std::string> others;
  for (const workload::ModelSpec* model : found)
    if (model != chosen && fits(model)) others.push_back(model->id);
  if (!others.empty())
    given.remark(fmt::format("{} has these sizes; so has {}, but for what the arguments do not state", chosen->id,
                             fmt::join(others, ", ")));
  return chosen->id;
}

}  // namespace

std::string understand_model(Given& given, scenario::Library& library) {
  const auto& of_model = given.of_model();
  if (!of_model.empty()) {
    given.remark(
        fmt::format("the model gets no name: {} describe it in more detail than the library's models are compared",
                    fmt::join(of_model, " ")));
    return "";
  }
  if (!given.values().vocabulary && !given.values().padded_vocabulary) {
    given.remark("the model gets no name: the arguments do not state its vocabulary");
    return "";
  }
  const Sizes sizes = sizes_of(given.values());
  std::string nearest;
  std::vector<std::string> least;
  std::vector<const workload::ModelSpec*> equal;
  for (const std::string& id : library.ids("models")) {
    const workload::ModelSpec* model = library.model(id);
    Arguments arguments;
    Reasons reasons;
    if (model) describe_model(*model, given.framework(), arguments, reasons);
    if (!model || !reasons.empty()) continue;
    auto found = differences(sizes, sizes_of(arguments));
    if (!same_vocabulary(given.values(), model->vocabulary))
      found.push_back(fmt::format("vocabulary ({})", model->vocabulary));
    if (found.empty()) equal.push_back(model);
    if (nearest.empty() || found.size() < least.size()) nearest = id, least = std::move(found);
  }
  if (!equal.empty()) return choose(equal, given);
  given.remark(nearest.empty() ? std::string("no model is known")
                               : fmt::format("no known model has these sizes; nearest is {}, but: {}", nearest,
                                             fmt::join(least, ", ")));
  return "";
}

}  // namespace chipmix::interop
