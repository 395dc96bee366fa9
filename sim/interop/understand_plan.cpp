#include <fmt/format.h>

#include <algorithm>

#include "interop/layer_lists.hpp"
#include "interop/meshes.hpp"
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
    schedule();
    layers();
    sharding();
    understand_memory(given_, counts_, stages_, lane_, file);
    lane_.sequence_parallel = a_.sequence_parallel && degrees_.tensor > 1;
    if (a_.adapter_rank.value_or(0) > 0 || a_.quantised_base) file.frozen_base = true;
    file.lanes.push_back(std::move(lane_));
    return file;
  }

 private:
  bool is_mindspeed() const { return given_.framework() == Framework::mindspeed; }

  int required(const Number& value, const char* flag) {
    if (value && *value > 0) return *value;
    if (!value && given_.has(flag)) return 1;  // its fault is already reported, or it says "not said"
    if (value)
      given_.fault_at(flag, fmt::format("'{}' cannot be 0", flag));
    else
      given_.fault_at(flag, fmt::format("'{}' is missing", flag), fmt::format("--set {}=N gives it", flag + 2));
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
    if (a_.has_meshes && !a_.meshes.empty()) return meshes();
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

  void meshes() {
    meshes_ = read_meshes(given_);
    if (meshes_.empty()) return;
    degrees_ = meshes_.front().degrees;
    stages_ = 0;
    long long ranks = 0;
    for (const Mesh& mesh : meshes_) {
      stages_ += mesh.stages;
      ranks += 1LL * mesh.stages * mesh.degrees.ranks();
      if (mesh.degrees.data != degrees_.data) is_uneven_ = true;
    }
    if (is_uneven_)
      given_.remark("a micro-batch is that of the first mesh; others cut the same sequences over their own replicas");
    if (a_.world && *a_.world != ranks)
      given_.fault_at("--hetero-process-meshes", fmt::format("the meshes make {} ranks, not {}", ranks, *a_.world));
  }

  void mesh_stages() {
    const std::vector<int> layers = mesh_layers(given_, stages_);
    if (layers.empty()) return;
    counts_ = layers;
    lane_.schedule = plan::ScheduleKind::one_f_one_b;
    for (const Mesh& mesh : meshes_)
      for (int i = 0; i < mesh.stages; ++i) {
        degrees_ = mesh.degrees;
        lane_.stages.push_back(stage());
        lane_.stages.back().island = mesh.device;
        lane_.stages.back().layers = {layers[lane_.stages.size() - 1]};
      }
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
                    ranks > 0 ? fmt::format("{} ranks", ranks) : "the number of ranks is not given", hint);
    return 0;
  }

  /// Without a degree of their own experts are cut as dense layers are.
  void experts() {
    if (!a_.experts || *a_.experts == 0) {
      if (degrees_.expert > 1 && !given_.model_is_elsewhere())
        given_.fault_at("--expert-model-parallel-size", "expert parallelism without '--num-experts'");
      if (degrees_.expert == 1 || !given_.model_is_elsewhere()) return;
    }
    if (a_.experts_over_tensor)
      degrees_.expert = static_cast<int>(std::min(1LL << 20, 1LL * degrees_.expert * degrees_.tensor));
    else
      degrees_.expert_tensor =
          degree(a_.expert_tensor ? a_.expert_tensor : Number(degrees_.tensor), "--expert-tensor-parallel-size");
    if (a_.experts && degrees_.expert > 0 && *a_.experts % degrees_.expert != 0)
      given_.fault_at("--num-experts",
                      fmt::format("{} experts cannot be divided among EP {}", *a_.experts, degrees_.expert),
                      fmt::format("each rank of the group holds as many experts: {} or {}, or another EP",
                                  std::max<long long>(1, *a_.experts / degrees_.expert) * degrees_.expert,
                                  (*a_.experts / degrees_.expert + 1) * degrees_.expert));
    const long long cut = 1LL * degrees_.expert * degrees_.expert_tensor;
    if (degrees_.ranks() % cut != 0)
      given_.fault_at("--expert-model-parallel-size",
                      fmt::format("EP {} x {} ranks that cut an expert do not divide the {} ranks of a stage",
                                  degrees_.expert, degrees_.expert_tensor, degrees_.ranks()),
                      fmt::format("a multiple of {} ranks", cut * stages_));
    if (const double factor = a_.capacity ? std::atof(a_.capacity->c_str()) : 0; factor > 0)
      given_.remark(
          fmt::format("--moe-expert-capacity-factor: no expert gets more than {} times an even share, what is "
                      "beyond is dropped: job.expert_imbalance of the scenario, at most {}",
                      *a_.capacity, *a_.capacity));
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
          "--set context-parallel-algo=megatron_cp_algo is the ring, ulysses_cp_algo an exchange of heads");
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

  /// MindSpeed, docs/zh/features/dualpipev.md: the pipeline folded in the middle, one copy of the model and two parts
  /// of it a rank.
  void schedule() {
    if (!a_.schedule) return;
    if (*a_.schedule != "dualpipev")
      return given_.fault_at("--schedules-method", fmt::format("the schedule '{}' is not modelled", *a_.schedule));
    if (stages_ == 1) return given_.remark("--schedules-method: one stage has no schedule");
    is_folded_ = true;
  }

  void layers() {
    if (!meshes_.empty()) return mesh_stages();
    if (is_folded_) given_.values().chunks = 2, given_.values().layers_per_chunk.reset();
    if (!a_.layers && given_.model_is_elsewhere() && !a_.layout) return unknown_layers();
    const auto counts = given_.clean() || a_.layers ? chunk_layers(given_) : std::nullopt;
    if (!counts) return;
    counts_ = *counts;
    lane_.interleave = static_cast<int>(counts_.size()) / stages_;
    lane_.schedule = is_folded_ ? plan::ScheduleKind::dualpipe_v : plan::usual_schedule(lane_.interleave);
    if (a_.zero_bubble && lane_.interleave == 1 && stages_ > 1) lane_.schedule = plan::ScheduleKind::zb_h1;
    if (lane_.interleave > 1 && stages_ == 1)
      given_.fault_at("--num-layers-per-virtual-pipeline-stage --num-virtual-stages-per-pipeline-rank",
                      "several chunks on one pipeline stage", "interleaving needs more than one stage");
    const scenario::PlanStageSpec empty = stage();
    lane_.stages.assign(stages_, empty);
    for (int i = 0; i < static_cast<int>(counts_.size()); ++i)
      lane_.stages[plan::stage_of_chunk(i, stages_, is_folded_)].layers.push_back(counts_[i]);
  }

  scenario::PlanStageSpec stage() const {
    return {"",
            {},
            degrees_.tensor,
            degrees_.context,
            degrees_.expert,
            degrees_.data,
            degrees_.expert_tensor,
            degrees_.ulysses};
  }

  /// The sizes of the model stand in another file: its layers are spread evenly, over as many chunks as are said.
  void unknown_layers() {
    if (a_.layers_per_chunk)
      return given_.fault_at("--num-layers-per-virtual-pipeline-stage",
                             "chunks of a fixed number of layers, but their total is unknown", "--set num_layers=N");
    lane_.interleave = stages_ > 1 ? std::max(1, a_.chunks.value_or(1)) : 1;
    lane_.schedule = plan::usual_schedule(lane_.interleave);
    lane_.stages.assign(stages_, stage());
    given_.remark("the sizes of the model are in another file: its layers are spread evenly (--set num_layers=N)");
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

  Given& given_;
  const Arguments& a_;
  scenario::PlanLaneSpec lane_;
  plan::Degrees degrees_;
  int stages_ = 1;
  bool is_folded_ = false, is_uneven_ = false;
  std::vector<Mesh> meshes_;
  std::vector<int> counts_;
};

}  // namespace

scenario::PlanFile understand_plan(Given& given) { return PlanReader(given).run(); }

}  // namespace chipmix::interop
