#include <fmt/format.h>

#include <algorithm>
#include <numeric>

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
    lane_.sequence_parallel = a_.sequence_parallel && degrees_.tensor > 1;
    lane_.schedule = lane_.interleave > 1 ? plan::ScheduleKind::interleaved : plan::ScheduleKind::one_f_one_b;
    file.lanes.push_back(std::move(lane_));
    return file;
  }

 private:
  bool is_mindspeed() const { return given_.framework() == Framework::mindspeed; }

  int required(const Number& value, const char* flag) {
    if (value && *value > 0) return *value;
    given_.fault_at(flag, value ? fmt::format("'{}' cannot be 0", flag) : fmt::format("'{}' is missing", flag));
    return 1;
  }

  int degree(const Number& value, const char* flag) {
    if (!value) return 1;
    return required(value, flag);
  }

  Dtype dtype() {
    if (a_.bf16 && a_.fp16) given_.fault_at("--fp16", "both '--bf16' and '--fp16'");
    if (a_.fp8) return Dtype::fp8;
    return a_.bf16 ? Dtype::bf16 : a_.fp16 ? Dtype::fp16 : Dtype::fp32;
  }

  void degrees() {
    degrees_.tensor = degree(a_.tensor, "--tensor-model-parallel-size");
    degrees_.context = degree(a_.context, "--context-parallel-size");
    degrees_.expert = degree(a_.expert, "--expert-model-parallel-size");
    stages_ = degree(a_.pipeline, "--pipeline-model-parallel-size");
    experts();
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
  }

  long long world() {
    const long long ranks = a_.world ? *a_.world : 1LL * a_.nodes.value_or(1) * a_.processes.value_or(0);
    if (ranks > 0 && ranks <= 1 << 24) return ranks;
    given_.fault_at("--nproc-per-node --nproc_per_node --nnodes",
                    ranks > 0 ? fmt::format("{} ranks", ranks) : "the number of ranks is not said",
                    "add --nnodes and --nproc-per-node, as torchrun takes them");
    return 0;
  }

  /// Experts are whole on a rank here, so their tensor parallelism must be 1.
  void experts() {
    if (!a_.experts || *a_.experts == 0) {
      if (degrees_.expert > 1)
        given_.fault_at("--expert-model-parallel-size", "expert parallelism without '--num-experts'");
      return;
    }
    if (a_.experts_over_tensor) {
      degrees_.expert = static_cast<int>(std::min(1LL << 20, 1LL * degrees_.expert * degrees_.tensor));
      return;
    }
    const int own = a_.expert_tensor.value_or(degrees_.tensor);
    if (own == 1) return;
    given_.fault_at("--expert-tensor-parallel-size --tensor-model-parallel-size",
                    fmt::format("each expert is cut over {} ranks{}: not modelled", own,
                                a_.expert_tensor ? "" : " (as large as the tensor group, if nothing else is said)"),
                    is_mindspeed() ? "--moe-tp-extend-ep or --expert-tensor-parallel-size 1 keeps experts whole"
                                   : "--expert-tensor-parallel-size 1 keeps experts whole");
  }

  /// Keys and values go around, or are gathered: the same bytes.
  void context() {
    if (degrees_.context == 1) return;
    constexpr const char* flag = "--context-parallel-algo --cp-comm-type";
    if (!a_.context_algorithm && is_mindspeed())
      return given_.fault_at(
          "--context-parallel-size",
          "context parallelism without '--context-parallel-algo': the default differs among versions",
          "--context-parallel-algo megatron_cp_algo is the ring");
    const std::vector<std::string> known = {"p2p", "all_gather", "allgather", "megatron_cp_algo",
                                            "kvallgather_cp_algo"};
    const std::string algorithm = a_.context_algorithm.value_or("p2p");
    if (std::find(known.begin(), known.end(), algorithm) == known.end())
      given_.fault_at(flag, fmt::format("context parallelism '{}' is not modelled", algorithm),
                      "modelled: keys and values sent around a ring, or gathered");
  }

  void batch(scenario::PlanFile& file) {
    lane_.micro_batch = required(a_.micro_batch, "--micro-batch-size");
    const long long share = 1LL * lane_.micro_batch * degrees_.data;
    const long long batch = a_.global_batch ? required(a_.global_batch, "--global-batch-size") : share;
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
      scenario::PlanStageSpec spec{"", {}, degrees_.tensor, degrees_.context, degrees_.expert, degrees_.data};
      for (std::size_t chunk = stage; chunk < counts_.size(); chunk += stages_) spec.layers.push_back(counts_[chunk]);
      lane_.stages.push_back(std::move(spec));
    }
  }

  void sharding() {
    lane_.zero = a_.distributed_optimizer ? plan::Zero::optimizer : plan::Zero::none;
    if (a_.torch_fsdp) lane_.zero = plan::Zero::parameters;
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
    const bool parts = a_.recompute_activation || a_.recompute_norm;
    if (a_.recompute == "full" && (parts || a_.recompute_selective))
      return given_.fault_at("--recompute-activation-function --recompute-norm --recompute-activations",
                             "full recomputation of some layers and of parts of others: not modelled",
                             "keep one of the two");
    if (a_.recompute == "selective" || a_.recompute_selective || parts) return selective();
    if (a_.recompute == "full") return full();
    if (!a_.recompute_modules.empty() || a_.recompute_method || a_.recompute_layers)
      given_.fault_at("--recompute-method --recompute-num-layers --recompute-modules",
                      "recomputation without '--recompute-granularity' has no effect");
  }

  void selective() {
    lane_.recompute = plan::Recompute::selective;
    for (const char* whole : {"mlp", "moe", "shared_experts"})
      if (std::find(a_.recompute_modules.begin(), a_.recompute_modules.end(), whole) != a_.recompute_modules.end())
        given_.fault_at("--recompute-modules",
                        fmt::format("selective recomputation of '{}', a whole MLP: not modelled", whole),
                        "modelled: core_attn layernorm moe_act mla_up_proj, all together");
    given_.remark("selective recomputation: read as of norms, activations, expanded latents and unfused attention");
  }

  void full() {
    lane_.recompute = plan::Recompute::full;
    const int each = a_.recompute_layers.value_or(1);
    if (a_.recompute_method != "block") {
      if (!a_.recompute_method)
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
