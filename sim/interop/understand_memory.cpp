// What arguments say of memory: recomputation, host memory, bytes of a weight.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "interop/layer_lists.hpp"
#include "interop/understand.hpp"

namespace chipmix::interop {
namespace {

/// Bytes of a weight in NF4 with quantised constants: 4.127 bits (QLoRA, arXiv:2305.14314, sections 3 and 4).
constexpr double nf4_bytes = 4.127 / 8;

/// Of what recomputing MLP and experts saves, MindSpeed's levels save so much (docs/zh/features/megatron_moe/
/// megatron-moe-zero-memory.md).
constexpr double zero_memory_shares[] = {0.7, 0.9};

class MemoryReader {
 public:
  MemoryReader(Given& given, const std::vector<int>& counts, int stages, scenario::PlanLaneSpec& lane)
      : given_(given), a_(given.values()), counts_(counts), stages_(stages), lane_(lane) {}

  void run(scenario::PlanFile& file) {
    recompute();
    offload();
    stack(file);
  }

 private:
  bool is_mindspeed() const { return given_.framework() == Framework::mindspeed; }

  void recompute() {
    const bool parts = a_.recompute_activation || a_.recompute_norm || a_.recompute_latents || a_.zero_memory;
    if (a_.swaps_attention && a_.recompute_layers.value_or(0) > 0) return beside_swapped();
    const bool whole = a_.recompute == "full" || a_.recompute_whole || (a_.deepspeed_recompute && a_.zero_stage) ||
                       a_.recompute_ahead || (!a_.recompute && a_.recompute_method && is_older_method());
    const bool every = a_.recompute_method == "uniform" || (!a_.recompute_method && !a_.recompute_ahead);
    if (whole && (parts || a_.recompute_selective) && !every && !is_everywhere())
      given_.remark(
          "parts recomputed in the layers that are not recomputed whole are counted as kept: memory is an upper "
          "bound");
    if (a_.recompute_ahead)
      given_.remark(
          "--recompute-in-advance: chipmix recomputes where the backward pass is; the time is an upper bound");
    if (whole) return full();  // every layer: parts of them add nothing
    if (a_.zero_memory && *a_.zero_memory != "disable") return zero_memory();
    if (a_.recompute == "selective" || a_.recompute_selective || parts) return selective(parts);
    if (!a_.recompute_modules.empty() || a_.recompute_method || a_.recompute_layers)
      given_.remark("recomputation without '--recompute-granularity' has no effect");
  }
  bool is_older_method() const { return given_.has("--activations-checkpoint-method"); }
  int layers() const { return std::accumulate(counts_.begin(), counts_.end(), 0); }
  /// Whether the layers recomputed whole are all of them.
  bool is_everywhere() const {
    const int most = counts_.empty() ? 0 : *std::max_element(counts_.begin(), counts_.end());
    return a_.recompute_layers.value_or(0) >= most && most > 0;
  }

  /// Of a stage, so many layers.
  double share_of(int each) const {
    const int all = layers();
    if (all == 0) return 1;
    std::vector<int> stages(stages_, 0);
    for (std::size_t chunk = 0; chunk < counts_.size(); ++chunk) stages[chunk % stages_] += counts_[chunk];
    long long again = 0;
    for (const int count : stages) again += std::min(each, count);
    return static_cast<double>(again) / all;
  }

  /// MindSpeed, docs/zh/features/swap_attention.md: with --swap-attention the number means layers of each stage whose
  /// MLP is recomputed.
  void beside_swapped() {
    lane_.recompute = plan::Recompute::selective;
    lane_.remade = plan::Remade{false, true, false, false, true, true};
    lane_.recompute_share = share_of(*a_.recompute_layers);
  }

  void zero_memory() {
    const int level = *a_.zero_memory == "level1" ? 1 : 0;
    lane_.recompute = plan::Recompute::selective;
    lane_.remade = plan::Remade{a_.recompute_norm, true, a_.recompute_latents, false, true, true};
    lane_.recompute_share =
        zero_memory_shares[level] * (a_.zero_memory_layers ? share_of(*a_.zero_memory_layers) : 1.0);
    given_.remark(fmt::format("--moe-zero-memory: counted as MLP and experts recomputed in {:.0f} % of the layers",
                              lane_.recompute_share * 100));
  }

  /// Of what is named; without modules, of the attention (Megatron-LM, transformer_config.py). Where the model has no
  /// latents they go unsaid, and in models without experts the activation functions go with the norms: Megatron-LM has
  /// a name for those of experts only.
  void selective(bool parts) {
    lane_.recompute = plan::Recompute::selective;
    plan::Remade made{false, false, false, false, false, false};
    const auto& modules = a_.recompute_modules;
    const auto has = [&](const char* name) { return std::find(modules.begin(), modules.end(), name) != modules.end(); };
    made.norms = has("layernorm") || a_.recompute_norm;
    made.activations = has("moe_act") || a_.recompute_activation ||
                       (!is_mindspeed() && a_.experts.value_or(0) == 0 && has("layernorm"));
    made.latents = has("mla_up_proj") || a_.recompute_latents || !a_.latent;
    made.attention = has("core_attn") || (modules.empty() && (a_.recompute || a_.recompute_selective || !parts));
    made.mlp = has("mlp") || has("shared_experts");
    made.experts = has("moe");
    if (made != plan::Remade{}) lane_.remade = made;
    part_layers(made);
  }

  /// Parts of some of the layers, if they are the same layers.
  void part_layers(const plan::Remade& made) {
    if (!a_.activation_layers && !a_.norm_layers) return;
    const double acts = made.activations && a_.activation_layers ? share_of(*a_.activation_layers) : 1;
    const double norms = made.norms && a_.norm_layers ? share_of(*a_.norm_layers) : 1;
    const bool both = made.activations && made.norms;
    lane_.recompute_share = made.activations ? acts : norms;
    if (both && acts != norms)
      given_.fault_at("--recompute-activation-function-num-layers --recompute-norm-num-layers",
                      "activation functions of some layers and norms of others are recomputed: not modelled",
                      "the same number of layers for both");
    if (lane_.recompute_share == 0) lane_.recompute = plan::Recompute::none, lane_.remade.reset();
  }

  void full() {
    lane_.recompute = plan::Recompute::full;
    if (a_.recompute_ids) return listed();
    const int each = a_.recompute_layers.value_or(1);
    if (a_.recompute_method != "block" && !a_.recompute_ahead) {
      if (!a_.recompute_method && a_.recompute == "full")
        given_.fault_at("--recompute-granularity", "full recomputation needs '--recompute-method'", "uniform or block");
      if (each > 1)
        given_.remark(
            fmt::format("the input of every {} layers is kept, here that of each: memory is an upper bound as "
                        "long as {} layers recomputed at once need less",
                        each, each));
      return;
    }
    const int total = layers();
    long long again = 0;
    for (const int count : counts_) again += std::min(each, count);
    lane_.recompute_share = a_.recompute_per_stage ? share_of(each)
                            : total > 0            ? static_cast<double>(again) / total
                                                   : 1;
    if (lane_.recompute_share == 0) lane_.recompute = plan::Recompute::none, lane_.recompute_share = 1;
  }

  void listed() {
    const auto ids = read_numbers(*a_.recompute_ids);
    if (!ids || layers() == 0)
      return given_.fault_at("--recompute-layer-ids", "a number of layers, but their total is unknown",
                             "--set num_layers=N");
    lane_.recompute_share = std::min(1.0, static_cast<double>(ids->size()) / layers());
  }

  void offload() {
    if (a_.swaps_optimizer) {
      lane_.states_in_host = 1;
      given_.remark("--swap-optimizer: optimizer states wait in host memory; chipmix has them stepped there too");
    }
    if (a_.optimizer_in_host)
      lane_.states_in_host =
          std::clamp(a_.optimizer_in_host_share ? std::atof(a_.optimizer_in_host_share->c_str()) : 1.0, 0.0, 1.0);
    if (a_.layers_in_host && a_.layers.value_or(0) > 0)
      lane_.activations_in_host = std::min(1.0, 1.0 * *a_.layers_in_host / *a_.layers);
    if (a_.swaps_attention || a_.swaps_attention_output || a_.offloads_modules) parts_in_host();
  }

  /// Megatron-LM, transformer_config.py (offload_modules): the input of each module waits in host memory.
  static double share_of(const std::string& module, const KeptShares& kept) {
    if (module == "core_attn") return kept.qkv;
    if (module == "attn_proj") return kept.output;
    if (module == "qkv_linear") return kept.input;
    if (module == "attn_norm" || module == "mlp_norm") return kept.norms / 2;
    if (module == "expert_fc1" || module == "fused_group_mlp") return kept.mlp_input;
    if (module == "moe_act") return kept.gates;
    return 0;
  }

  /// Shares are of what is kept: recomputed MLPs keep nothing.
  void parts_in_host() {
    const KeptShares kept = kept_shares(a_);
    double share = a_.swaps_attention ? kept.attention : a_.swaps_attention_output ? kept.output : 0;
    for (const std::string& module : a_.modules_in_host) share += share_of(module, kept);
    const plan::Remade made = lane_.remade.value_or(plan::Remade{});
    const bool is_full = lane_.recompute == plan::Recompute::full,
               is_part = lane_.recompute == plan::Recompute::selective;
    const double gone = is_full ? share : !is_part ? 0 : made.mlp ? kept.mlp : made.activations ? kept.activation : 0;
    const double left = 1 - (is_full ? 0 : gone * lane_.recompute_share);
    share = is_full ? share * (1 - lane_.recompute_share) : share / left;
    lane_.activations_in_host = std::round(std::min(1.0, share) * 1000) / 1000;
    given_.remark(fmt::format("{:.0f} % of the kept activations wait in host memory", lane_.activations_in_host * 100));
  }

  /// Megatron-LM, arguments.py: with bf16 gradients are added and reduced in fp32 unless --grad-reduce-in-bf16, with
  /// fp16 in fp16 unless told otherwise; Adam keeps weights and two moments in fp32, 12 bytes.
  void stack(scenario::PlanFile& file) {
    scenario::PlanStackSpec spec;
    gradients_and_states(spec);
    const std::string backend = a_.attention.value_or("");
    const bool local = a_.implementation == "local" && backend.empty();
    if (backend == "unfused" || backend == "local" || ((local || is_mindspeed()) && !a_.flash))
      spec.fused_attention = false;
    if (a_.flash || backend == "flash" || backend == "fused") spec.fused_attention = true;
    loss(spec);
    if (a_.quantised_base) spec.weight_bytes = nf4_bytes;
    if (!spec.says_nothing()) file.stack = spec;
  }

  void gradients_and_states(scenario::PlanStackSpec& spec) {
    const auto bytes = [](const Text& format, double usual) {
      if (!format) return usual;
      return *format == "fp32" ? 4.0 : *format == "fp8" ? 1.0 : 2.0;
    };
    const bool deepspeed = a_.zero_stage.has_value();
    if (a_.bf16 && !deepspeed) spec.gradient_bytes = a_.narrow_gradients ? 2 : 4;
    if (a_.fp16 && !deepspeed) spec.gradient_bytes = a_.wide_gradients ? 4 : 2;
    if (a_.precise_optimizer) {
      if (a_.main_gradients) spec.gradient_bytes = bytes(a_.main_gradients, 4);
      spec.optimizer_bytes = bytes(a_.main_weights, 4) + bytes(a_.first_moment, 4) + bytes(a_.second_moment, 4);
    }
    if (a_.optimizer == "sgd") spec.optimizer_bytes = 8;        // fp32 weights and momentum
    if (a_.optimizer == "ademamix") spec.optimizer_bytes = 16;  // a second, slower mean (arXiv:2409.03137)
    // MindSpeed-LLM, docs/pytorch/features/o2.md: 4 bytes of states and 2 of gradients a weight less.
    if (a_.half_moments) spec.optimizer_bytes = 8;
    if (a_.half_gradients) spec.gradient_bytes = 2;
    // MindSpeed, docs/features/reuse-fp32-param: 16-bit weights are the upper half of the fp32 ones.
    if (a_.reuses_weights) spec.optimizer_bytes = spec.optimizer_bytes.value_or(12) - 2;
  }

  /// MindSpeed-LLM: the head's weight in slices, or tokens in chunks of a size (--loss-compute-mode chunk).
  void loss(scenario::PlanStackSpec& spec) {
    int pieces = a_.head_slices.value_or(1);
    const int tokens = a_.sequence_length.value_or(0) / std::max(1, a_.context.value_or(1));
    if (a_.loss_mode == "chunk" || (a_.loss_chunk && !a_.loss_mode)) {
      const int size = std::max(1, a_.loss_chunk.value_or(1024));
      pieces = std::max(1, (tokens + size - 1) / size);
    }
    if (pieces > 1) spec.loss_pieces = pieces;
  }

  Given& given_;
  const Arguments& a_;
  const std::vector<int>& counts_;
  int stages_;
  scenario::PlanLaneSpec& lane_;
};

}  // namespace

/// What a layer keeps of a token, in 16-bit numbers, with fused attention (after arXiv:2205.05198, section 4.1):
///   attention   h + q + k + v + o + latents      h: its input; MLP   h + 3 f gated, h + 2 f not; norms   2 h
/// and of experts h + 3 f each that a token has.
KeptShares kept_shares(const Arguments& a) {
  const double hidden = a.hidden.value_or(1), heads = a.heads.value_or(1);
  const double width = a.kv_channels ? *a.kv_channels * heads : hidden;
  const double groups = a.grouped_queries ? a.query_groups.value_or(1) : heads;
  double qkv = width + 2 * width * groups / heads, output = width;
  if (a.latent) {
    const double both = a.nope_dim.value_or(128) + a.rope_dim.value_or(64);
    output = heads * a.value_dim.value_or(128);
    qkv = 2 * heads * both + output + a.q_rank.value_or(0) + a.kv_rank.value_or(512) + a.rope_dim.value_or(64);
  }
  const double each = a.swiglu ? 3 : 2;
  const double dense = a.ffn.value_or(static_cast<int>(4 * hidden)),
               expert = a.expert_width.value_or(a.ffn.value_or(0));
  const double active = a.active_experts.value_or(2);
  const double shared = a.shared_width.value_or(a.shared_experts.value_or(0) * static_cast<int>(expert));
  const bool has_experts = a.experts.value_or(0) > 0;
  const double wide = has_experts ? active * expert + shared : dense;
  const double inputs = has_experts ? active + (shared > 0 ? 1 : 0) : 1;
  KeptShares kept;
  kept.input = hidden;
  kept.qkv = width + 2 * width * groups / heads;
  kept.output = output;
  kept.attention = hidden + qkv + output;
  if (a.latent) kept.qkv = qkv;
  kept.mlp_input = inputs * hidden;
  kept.activation = wide;
  kept.gates = (each - 1) * wide;
  kept.mlp = kept.mlp_input + kept.gates + kept.activation;
  kept.norms = 2 * hidden;
  const double all = kept.attention + kept.mlp + kept.norms;
  for (double* part : {&kept.attention, &kept.input, &kept.qkv, &kept.output, &kept.mlp, &kept.mlp_input, &kept.gates,
                       &kept.activation, &kept.norms})
    *part /= all;
  return kept;
}

void understand_memory(Given& given, const std::vector<int>& counts, int stages, scenario::PlanLaneSpec& lane,
                       scenario::PlanFile& file) {
  MemoryReader(given, counts, stages, lane).run(file);
}

}  // namespace chipmix::interop
