// What of a published run's activations is recomputed, and in how many of its layers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>

#include "validation/run_recompute.hpp"

namespace chipmix::validation {
namespace {

using Layers = std::vector<int>;

double sum(const Layers& list) { return std::accumulate(list.begin(), list.end(), 0.0); }

bool holds(const std::string& text, const char* word) { return text.find(word) != std::string::npos; }

/// Words of a framework's module names, and what of a layer they are: Megatron-Core's recompute modules ("core_attn",
/// "moe_act", "layernorm", "mla_up_proj", "mlp", "moe"), MindFormers' select_recompute paths ("feed_forward.mul",
/// "feed_forward.w1.activation.silu"), MindSpeed's switches ("activation_function", "norm").
struct Word {
  const char* word;
  bool plan::Remade::*part;
};
constexpr std::array<Word, 12> words{{{"norm", &plan::Remade::norms},
                                      {"Norm", &plan::Remade::norms},
                                      {"act", &plan::Remade::activations},
                                      {"silu", &plan::Remade::activations},
                                      {"mul", &plan::Remade::activations},
                                      {"up_proj", &plan::Remade::latents},
                                      {"up-projection", &plan::Remade::latents},
                                      {"mla", &plan::Remade::latents},
                                      {"attn", &plan::Remade::attention},
                                      {"attention", &plan::Remade::attention},
                                      {"mlp", &plan::Remade::mlp},
                                      {"moe", &plan::Remade::experts}}};

plan::Remade remade_by(const std::vector<std::string>& modules) {
  plan::Remade remade{false, false, false, false, false, false};
  for (const std::string& module : modules) {
    if (module == "mlp_activation") {
      remade.activations = true;
      continue;
    }
    for (const Word& one : words) {
      const bool is_module = one.part == &plan::Remade::mlp || one.part == &plan::Remade::experts;
      if (is_module ? module == one.word
                    : holds(module, one.word) && !(holds(module, "activation") && one.part == &plan::Remade::attention))
        remade.*one.part = true;
    }
  }
  return remade;
}

/// Layers recomputed in full, of all.
double full_share(const RunPlan& plan, int layers) {
  double share = 1;
  if (plan.recompute_share) share = *plan.recompute_share;
  if (plan.recompute_layers) share = static_cast<double>(*plan.recompute_layers) / layers;
  if (!plan.recompute_layers_per_stage.empty()) share = sum(plan.recompute_layers_per_stage) / layers;
  if (!plan.recompute_layer_ids.empty()) share = static_cast<double>(plan.recompute_layer_ids.size()) / layers;
  return std::clamp(share, 0.0, 1.0);
}

double selective_share(const RunPlan& plan, int layers) {
  double share = 1;
  if (plan.recompute_module_layers) share = static_cast<double>(*plan.recompute_module_layers) / layers;
  if (!plan.recompute_module_layers_per_stage.empty()) share = sum(plan.recompute_module_layers_per_stage) / layers;
  return std::clamp(share, 0.0, 1.0);
}

bool says_full(const RunPlan& plan) {
  const auto& modules = plan.recompute_modules;
  const bool listed = std::any_of(modules.begin(), modules.end(), [](const auto& m) { return holds(m, "full"); });
  return plan.recompute == "full" || (plan.recompute != "selective" && listed) || plan.recompute_layers ||
         !plan.recompute_layers_per_stage.empty() || !plan.recompute_layer_ids.empty();
}

/// Megatron's word "selective" means its attention kernel, unless modules are named (arguments.py,
/// recompute_granularity); other stacks recompute what is cheap.
bool means_attention(const std::string& stack) { return stack.rfind("megatron", 0) == 0; }

}  // namespace

std::vector<Recomputation> recomputations(const RunPlan& plan, const std::string& stack, int layers, Assumed& assumed) {
  using plan::Recompute;
  static constexpr std::array known{"", "none", "selective", "full"};
  if (std::find(known.begin(), known.end(), plan.recompute) == known.end())
    throw Unanswerable(fmt::format("plan.recompute '{}' is none of none, selective and full", plan.recompute));
  if (says_full(plan)) return {{Recompute::full, full_share(plan, layers), {}}};
  const bool listed = !plan.recompute_modules.empty() && !holds(plan.recompute_modules.front(), "selective");
  if (plan.recompute == "selective" || listed) {
    Recomputation selective{Recompute::selective, selective_share(plan, layers), {}};
    if (listed)
      selective.remade = remade_by(plan.recompute_modules);
    else if (means_attention(stack))
      selective.remade = {false, false, false, true, false, false};
    if (selective.remade == plan::Remade{false, false, false, false, false, false}) {
      assumed.push_back("plan.recompute_modules taken as norms and activations");
      selective.remade = {};
    }
    return {selective};
  }
  if (!plan.recompute.empty()) return {{Recompute::none, 1, {}}};
  assumed.push_back("plan.recompute: none, or selective where that does not fit");
  return {{Recompute::none, 1, {}}, {Recompute::selective, 1, {}}};
}

}  // namespace chipmix::validation
