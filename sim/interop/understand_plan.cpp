#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "interop/layer_lists.hpp"
#include "interop/understand.hpp"

namespace chipmix::interop {
namespace {

class PlanReader {
 public:
  explicit PlanReader(Given& given) : given_(given), a_(given.values()) {}

  scenario::PlanFile run() {
    scenario::PlanFile file;
    file.sequence_length = required(a_.sequence_length, "--seq-length");
    file.dtype = dtype();
    degrees();
    batch(file);
    layers();
    sharding();
    recompute();
    offload();
    stack(file);
    lane_.sequence_parallel = a_.sequence_parallel && degrees_.tensor > 1;
    lane_.schedule = lane_.interleave > 1 ? plan::ScheduleKind::interleaved : plan::ScheduleKind::one_f_one_b;
    if (a_.adapter_rank.value_or(0) > 0) file.frozen_base = true;
    file.lanes.push_back(std::move(lane_));
    return file;
  }

 private:
  bool is_mindspeed() const { return given_.framework() == Framework::mindspeed; }

  int required(const Number& value, const char* flag) {
    if (value && *value > 0) return *value;
    if (!value && given_.has(flag)) return 1;  // its fault is already reported, or it says "not said"
    given_.fault_at(flag, value ? fmt::format("'{}' cannot be 0", flag) : fmt::format("'{}' is missing", flag));
    return 1;
  }

  int degree(const Number& value, const char* flag) {
    if (!value) return 1;
    return required(value, flag);
  }

  Dtype dtype() {
    if (a_.bf16 && a_.fp16) given_.fault_at("--fp16", "both '--bf16' and '--fp16'");
    if (a_.fp8 || a_.fp8_hybrid) return Dtype::fp8;
    return a_.bf16 ? Dtype::bf16 : a_.fp16 ? Dtype::fp16 : Dtype::fp32;
  }

  void degrees() {
    degrees_.tensor = degree(a_.tensor, "--tensor-model-parallel-size");
    degrees_.context = degree(a_.context, "--context-parallel-size");
    degrees_.expert = degree(a_.expert, "--expert-model-parallel-size");
    stages_ = a_.no_pipeline ? 1 : degree(a_.pipeline, "--pipeline-model-parallel-size");
    context();
    const long long shards = 1LL * degrees_.tensor * degrees_.context * stages_;
    const long long world = this->world();
    if (world == 0 || !given_.clean()) return;
    if (world % shards != 0)
      return given_.fault_at("--nnodes --nproc-per-node --nproc_per_node",
                             fmt::format("{} ranks cannot be divided into TP {} x CP {} x PP {} = {}", world,
                                         degrees_.tensor, degrees_.context, stages_, shards),
                             fmt::format("a multiple of {} ranks", shards));
    degrees_.data = static_cast<int>(world / shards);
    experts();
  }

  long long world() {
    const long long ranks = a_.world ? *a_.world : 1LL * a_.nodes.value_or(1) * a_.processes.value_or(0);
    if (ranks > 0 && ranks <= 1 << 24) return ranks;
    const auto& lacking = given_.lacking();
    std::string hint = "--ranks N";
    for (const std::string& name : lacking)
      if (name.starts_with('$'))
        hint += fmt::format("{}--set {}=N", &name == lacking.data() ? ", or " : " ", name.substr(1));
    given_.fault_at("--nproc-per-node --nproc_per_node --nnodes --num_gpus --worker_num",
                    ranks > 0 ? fmt::format("{} ranks", ranks) : "the number of ranks is not said", hint);
    return 0;
  }

  /// Without a degree of their own experts are cut as dense layers are.
  void experts() {
    if (!a_.experts || *a_.experts == 0) {
      if (degrees_.expert > 1)
        given_.fault_at("--expert-model-parallel-size", "expert parallelism without '--num-experts'");
      return;
    }
    if (a_.experts_over_tensor)
      degrees_.expert = static_cast<int>(std::min(1LL << 20, 1LL * degrees_.expert * degrees_.tensor));
    else
      degrees_.expert_tensor =
          degree(a_.expert_tensor ? a_.expert_tensor : Number(degrees_.tensor), "--expert-tensor-parallel-size");
    const long long cut = 1LL * degrees_.expert * degrees_.expert_tensor;
    if (degrees_.ranks() % cut != 0)
      given_.fault_at("--expert-model-parallel-size",
                      fmt::format("EP {} x {} ranks that cut an expert do not divide the {} ranks of a stage",
                                  degrees_.expert, degrees_.expert_tensor, degrees_.ranks()),
                      fmt::format("a multiple of {} ranks", cut * stages_));
    if (const double factor = a_.capacity ? std::atof(a_.capacity->c_str()) : 0; factor > 0)
      given_.fault_at("--moe-expert-capacity-factor",
                      fmt::format("'--moe-expert-capacity-factor' {} drops tokens: not modelled", *a_.capacity));
  }

  /// Keys and values go around or are gathered (the same bytes), or heads are exchanged for tokens (Ulysses), or both.
  void context() {
    const int ulysses = degree(a_.ulysses, "--ulysses-degree-in-cp --ds-sequence-parallel-size");
    if (given_.has("--ds-sequence-parallel-size")) {
      degrees_.context = degrees_.ulysses = ulysses;
      return;
    }
    if (degrees_.context == 1) return;
    constexpr const char* flag = "--context-parallel-algo --cp-comm-type";
    if (!a_.context_algorithm && is_mindspeed())
      return given_.fault_at(
          "--context-parallel-size",
          "context parallelism without '--context-parallel-algo': the default differs among versions",
          "--context-parallel-algo megatron_cp_algo is the ring");
    const std::string algorithm = a_.context_algorithm.value_or("p2p");
    if (algorithm == "ulysses_cp_algo" || algorithm == "a2a") {
      degrees_.ulysses = degrees_.context;
    } else if (algorithm == "hybrid_cp_algo") {
      degrees_.ulysses = ulysses;
      if (!a_.ulysses) given_.fault_at(flag, "'hybrid_cp_algo' needs '--ulysses-degree-in-cp'");
    } else if (algorithm == "a2a+p2p") {
      const auto inner = a_.context_levels.empty() ? std::nullopt : read_numbers(a_.context_levels.front());
      degrees_.ulysses = inner && !inner->empty() ? std::max(1, inner->front()) : 1;
      if (!inner) given_.fault_at(flag, "'a2a+p2p' needs '--hierarchical-context-parallel-sizes'");
    } else {
      static const std::vector<std::string> rings = {"p2p", "all_gather", "allgather", "megatron_cp_algo",
                                                     "kvallgather_cp_algo"};
      if (std::find(rings.begin(), rings.end(), algorithm) == rings.end())
        given_.fault_at(
            flag, fmt::format("context parallelism '{}' is not modelled", algorithm),
            "modelled: keys and values sent around a ring or gathered, heads exchanged (Ulysses), and both");
    }
    if (degrees_.context % degrees_.ulysses != 0)
      given_.fault_at(
          flag, fmt::format("{} ranks that exchange heads do not divide CP {}", degrees_.ulysses, degrees_.context));
  }

  void batch(scenario::PlanFile& file) {
    lane_.micro_batch = required(a_.micro_batch, "--micro-batch-size");
    const long long share = 1LL * lane_.micro_batch * degrees_.data;
    const long long batch = a_.global_batch ? required(a_.global_batch, "--global-batch-size")
                                            : share * std::max(1, a_.accumulation.value_or(1));
    file.global_batch = static_cast<int>(std::min(batch, 1LL << 30));
    if (!given_.clean()) return;
    if (batch % share != 0) {
      const long long below = batch / share * share;
      given_.fault_at(
          "--global-batch-size",
          fmt::format("a global batch of {} cannot be divided by micro-batch {} x DP {} = {}", batch, lane_.micro_batch,
                      degrees_.data, share),
          below > 0 ? fmt::format("nearest: {} or {}", below, below + share) : fmt::format("at least {}", share));
    }
    lane_.micro_batches = static_cast<int>(batch / share);
  }

  void layers() {
    const auto counts = given_.clean() || a_.layers ? chunk_layers(given_) : std::nullopt;
    if (!counts) return;
    counts_ = *counts;
    lane_.interleave = static_cast<int>(counts_.size()) / stages_;
    if (lane_.interleave > 1 && stages_ == 1)
      given_.fault_at("--num-layers-per-virtual-pipeline-stage --num-virtual-stages-per-pipeline-rank",
                      "several chunks on one pipeline stage", "interleaving needs more than one stage");
    for (int stage = 0; stage < stages_; ++stage) {
      scenario::PlanStageSpec spec{"",
                                   {},
                                   degrees_.tensor,
                                   degrees_.context,
                                   degrees_.expert,
                                   degrees_.data,
                                   degrees_.expert_tensor,
                                   degrees_.ulysses};
      for (std::size_t chunk = stage; chunk < counts_.size(); chunk += stages_) spec.layers.push_back(counts_[chunk]);
      lane_.stages.push_back(std::move(spec));
    }
  }

  void sharding() {
    lane_.zero = a_.distributed_optimizer ? plan::Zero::optimizer : plan::Zero::none;
    if (a_.torch_fsdp) lane_.zero = plan::Zero::parameters;
    if (a_.zero_stage && *a_.zero_stage <= 3) lane_.zero = static_cast<plan::Zero>(*a_.zero_stage);
    if (a_.zero_stage.value_or(0) > 3) given_.fault_at("--zero-stage", "ZeRO stages are 0 to 3");
    const std::string strategy = a_.sharding.value_or("no_shard");
    if (a_.megatron_fsdp)
      lane_.zero = strategy == "optim_grads_params" ? plan::Zero::parameters
                   : strategy == "optim_grads"      ? plan::Zero::gradients
                   : strategy == "optim"            ? plan::Zero::optimizer
                                                    : plan::Zero::none;
    else if (strategy != "no_shard")
      given_.fault_at("--data-parallel-sharding-strategy", "a sharding strategy without FSDP has no effect",
                      "--use-megatron-fsdp");
  }

  void recompute() {
    const bool parts = a_.recompute_activation || a_.recompute_norm || a_.recompute_latents;
    const bool whole = a_.recompute == "full" || a_.recompute_whole || (a_.deepspeed_recompute && a_.zero_stage) ||
                       (!a_.recompute && a_.recompute_method && is_older_method());
    if (whole && (parts || a_.recompute_selective) && !(a_.recompute_method == "uniform" || !a_.recompute_method))
      return given_.fault_at("--recompute-activation-function --recompute-norm --recompute-activations",
                             "full recomputation of some layers and of parts of others: not modelled",
                             "keep one of the two");
    if (whole) return full();  // every layer: parts of them add nothing
    if (a_.recompute == "selective" || a_.recompute_selective || parts) return selective(parts);
    if (!a_.recompute_modules.empty() || a_.recompute_method || a_.recompute_layers)
      given_.remark("recomputation without '--recompute-granularity' has no effect");
  }
  bool is_older_method() const { return given_.has("--activations-checkpoint-method"); }

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
  }

  /// Megatron-LM, arguments.py: with bf16 gradients are added and reduced in fp32 unless --grad-reduce-in-bf16, with
  /// fp16 in fp16 unless told otherwise; Adam keeps weights and two moments in fp32, 12 bytes.
  void stack(scenario::PlanFile& file) {
    scenario::PlanStackSpec spec;
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
    if (a_.optimizer == "sgd") spec.optimizer_bytes = 8;  // fp32 weights and momentum
    // MindSpeed, docs/features/reuse-fp32-param: 16-bit weights are the upper half of the fp32 ones.
    if (a_.reuses_weights) spec.optimizer_bytes = 10;
    const std::string backend = a_.attention.value_or("");
    const bool local = a_.implementation == "local" && backend.empty();
    if (backend == "unfused" || backend == "local" || ((local || is_mindspeed()) && !a_.flash))
      spec.fused_attention = false;
    if (a_.flash || backend == "flash" || backend == "fused") spec.fused_attention = true;
    if (!spec.says_nothing()) file.stack = spec;
  }

  void full() {
    lane_.recompute = plan::Recompute::full;
    const int each = a_.recompute_layers.value_or(1);
    if (a_.recompute_method != "block") {
      if (!a_.recompute_method && a_.recompute == "full")
        given_.fault_at("--recompute-granularity", "full recomputation needs '--recompute-method'", "uniform or block");
      if (each != 1)
        given_.fault_at("--recompute-num-layers",
                        fmt::format("the input of every {} layers is kept: not modelled", each),
                        "--recompute-num-layers 1 keeps that of each");
      return;
    }
    const int total = std::accumulate(counts_.begin(), counts_.end(), 0);
    long long again = 0;
    std::vector<int> groups = counts_;
    if (a_.recompute_per_stage) {
      groups.assign(stages_, 0);
      for (std::size_t chunk = 0; chunk < counts_.size(); ++chunk) groups[chunk % stages_] += counts_[chunk];
    }
    for (const int count : groups) again += std::min(each, count);
    lane_.recompute_share = total > 0 ? static_cast<double>(again) / total : 1;
  }

  Given& given_;
  const Arguments& a_;
  scenario::PlanLaneSpec lane_;
  plan::Degrees degrees_;
  int stages_ = 1;
  std::vector<int> counts_;
};

}  // namespace

scenario::PlanFile understand_plan(Given& given) { return PlanReader(given).run(); }

}  // namespace chipmix::interop
