#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "interop/describe.hpp"
#include "interop/layer_lists.hpp"

namespace chipmix::interop {
namespace {

class PlanWriter {
 public:
  PlanWriter(const plan::ParallelPlan& plan, const workload::TrainingJob& job, const hardware::NodeGroup& group,
             Framework framework, Arguments& arguments, Reasons& reasons)
      : plan_(plan), job_(job), group_(group), framework_(framework), a_(arguments), reasons_(reasons) {}

  void run() {
    launcher();
    degrees();
    counts();
    layout();
    schedule();
    sharding();
    recompute();
    in_host();
    training();
    stack();
  }

 private:
  bool is_mindspeed() const { return framework_ == Framework::mindspeed; }
  void refuse(std::string reason) { reasons_.push_back(std::move(reason)); }

  void launcher() {
    const int ranks = plan_.ranks();
    if (ranks != group_.ranks()) refuse(fmt::format("{} ranks of {}: part of a cluster", ranks, group_.ranks()));
    const int each = std::min(ranks, group_.ranks_per_node());
    if (ranks % each != 0) refuse(fmt::format("{} ranks do not fill servers of {}", ranks, each));
    a_.nodes = ranks / each;
    a_.processes = each;
  }

  void degrees() {
    const plan::Degrees& d = plan_.degrees();
    std::set<int> groups;
    bool same = true;
    for (const plan::Stage& stage : plan_.stages) {
      groups.insert(stage.devices.node_group);
      same = same && stage.degrees == d;
    }
    if (!same) refuse("different degrees on different stages (tensor, context, expert or data parallelism)");
    if (groups.size() > 1) refuse("stages on several clusters");
    a_.tensor = d.tensor;
    a_.pipeline = plan_.pipeline();
    a_.context = d.context;
    if (d.context > 1) context(d);
    if (job_.model.moe) a_.expert = d.expert, a_.expert_tensor = d.expert_tensor;
    a_.sequence_parallel = plan_.sequence_parallel && d.tensor > 1;
  }

  void context(const plan::Degrees& d) {
    const int rings = d.context / d.ulysses;
    if (is_mindspeed()) {
      a_.context_algorithm = d.ulysses == 1 ? "megatron_cp_algo" : rings == 1 ? "ulysses_cp_algo" : "hybrid_cp_algo";
      if (d.ulysses > 1 && rings > 1) a_.ulysses = d.ulysses;
      return;
    }
    if (d.ulysses > 1) a_.context_algorithm = rings == 1 ? "a2a" : "a2a+p2p";
    if (d.ulysses > 1 && rings > 1) a_.context_levels = {std::to_string(d.ulysses), std::to_string(rings)};
  }

  void in_host() {
    if (plan_.offloaded > 0) refuse("activations in host memory");
    if (plan_.weights_offloaded > 0) refuse("weights in host memory");
    if (plan_.shard_group > 0) refuse(fmt::format("sharding in groups of {} ranks", plan_.shard_group));
    if (plan_.states_offloaded <= 0) return;
    if (is_mindspeed() && plan_.states_offloaded < 1) refuse("a part of the optimizer states in host memory");
    if (is_mindspeed())
      a_.swaps_optimizer = true;
    else
      a_.optimizer_in_host = true, a_.optimizer_in_host_share = fmt::format("{:g}", plan_.states_offloaded);
  }

  /// What the frameworks' own defaults would change.
  void stack() {
    const bool wide = group_.stack.gradient_bytes.value > 2;
    if (a_.bf16) a_.narrow_gradients = !wide;
    if (a_.fp16) a_.wide_gradients = wide;
    if (is_mindspeed())
      a_.flash = group_.stack.flash_attention;
    else if (!group_.stack.flash_attention)
      a_.attention = "unfused";
  }

  /// Layers of every chunk, in pipeline order.
  void counts() {
    for (int chunk = 0; chunk < plan_.interleave; ++chunk)
      for (const plan::Stage& stage : plan_.stages) counts_.push_back(stage.chunks.at(chunk).count);
  }

  void layout() {
    const bool even = std::all_of(counts_.begin(), counts_.end(), [&](int n) { return n == counts_.front(); });
    if (even) {
      if (plan_.interleave > 1) a_.layers_per_chunk = counts_.front();
      return;
    }
    if (plan_.interleave == 1 && is_mindspeed())
      a_.layer_list = write_numbers(counts_);
    else if (plan_.interleave == 1 && differs_at_ends_only())
      ends();
    else
      a_.layout = write_layout(counts_, job_.model.prediction_layers);
  }

  bool differs_at_ends_only() const {
    return counts_.size() > 2 && counts_.front() > 0 && counts_.back() > 0 &&
           std::all_of(counts_.begin() + 1, counts_.end() - 1, [&](int n) { return n == counts_[1]; });
  }

  void ends() {
    if (counts_.front() != counts_[1]) a_.first_layers = counts_.front();
    if (counts_.back() != counts_[1]) a_.last_layers = counts_.back();
  }

  void schedule() {
    if (!plan_.chosen_schedule) return;
    if (*plan_.chosen_schedule == plan::ScheduleKind::dualpipe && is_mindspeed())
      refuse("the schedule dualpipe: MindSpeed's dualpipev holds one copy of the model, DualPipe two");
    else
      refuse(fmt::format("the schedule {}: {} has 1F1B and interleaved 1F1B", plan::name(plan_.schedule()),
                         name(framework_)));
  }

  void sharding() {
    if (plan_.zero == plan::Zero::none) return;
    a_.distributed_optimizer = true;
    if (plan_.zero == plan::Zero::optimizer) return;
    const int stage = static_cast<int>(plan_.zero);
    if (plan_.pipeline() > 1)
      return refuse(
          fmt::format("ZeRO-{} with {} pipeline stages: beyond the optimizer states, only FSDP shares, "
                      "and that without a pipeline",
                      stage, plan_.pipeline()));
    a_.megatron_fsdp = true;
    a_.sharding = plan_.zero == plan::Zero::gradients ? "optim_grads" : "optim_grads_params";
  }

  void recompute() {
    if (plan_.recompute == plan::Recompute::none) return;
    if (plan_.recompute == plan::Recompute::selective) return selective();
    a_.recompute = "full";
    if (plan_.recompute_share >= 1) {
      a_.recompute_method = "uniform";
      a_.recompute_layers = 1;
      return;
    }
    a_.recompute_method = "block";
    a_.recompute_layers = block_layers();
  }

  /// Layers a chunk recomputes, so that together they are the share of the plan.
  int block_layers() {
    const double wanted = plan_.recompute_share * job_.model.layers;
    const int most = *std::max_element(counts_.begin(), counts_.end());
    double below = 0, above = job_.model.layers;
    for (int n = 0; n <= most; ++n) {
      double made = 0;
      for (const int count : counts_) made += std::min(n, count);
      if (std::abs(made - wanted) < 1e-6 * job_.model.layers) return n;
      if (made < wanted) below = made;
      if (made > wanted) above = std::min(above, made);
    }
    refuse(fmt::format("full recomputation of {:.4g} layers: a whole number of layers per chunk makes {} or {}", wanted,
                       below, above));
    return 0;
  }

  void selective() {
    const workload::ModelSpec& model = job_.model;
    if (plan_.recompute_share < 1)
      refuse(fmt::format("selective recomputation of {:.0f} % of the layers only", plan_.recompute_share * 100));
    const plan::Remade& made = plan_.remade;
    const bool latents = made.latents && model.attention.latent.has_value();
    if (is_mindspeed()) {
      a_.recompute_activation = made.activations, a_.recompute_norm = made.norms, a_.recompute_latents = latents;
      a_.recompute_selective = made.attention;
      if (made.mlp || made.experts) refuse("recomputation of whole MLPs");
      return;
    }
    a_.recompute = "selective";
    std::vector<std::string>& modules = a_.recompute_modules;
    if (made.attention) modules.push_back("core_attn");
    if (made.norms) modules.push_back("layernorm");
    if (made.activations && model.moe) modules.push_back("moe_act");
    if (latents) modules.push_back("mla_up_proj");
    if (made.mlp) modules.push_back("mlp");
    if (made.experts) modules.push_back("moe");
    if (!model.moe && made.activations != made.norms)
      refuse("recomputation of norms and not of activation functions, or the other way round");
    if (modules.empty()) refuse("selective recomputation of nothing");
  }

  void training() {
    a_.micro_batch = plan_.micro_batch;
    a_.global_batch = job_.global_batch;
    a_.sequence_length = job_.sequence_length;
    a_.positions = std::max(job_.sequence_length, job_.model.learned_positions);
    if (job_.is_base_frozen) refuse("training of adapters on frozen weights");
    a_.bf16 = job_.dtype == Dtype::bf16 || job_.dtype == Dtype::fp8;
    a_.fp16 = job_.dtype == Dtype::fp16;
    if (job_.dtype == Dtype::fp8) a_.fp8 = "hybrid";
    if (job_.dtype == Dtype::tf32 || job_.dtype == Dtype::int8) refuse(fmt::format("training in {}", name(job_.dtype)));
  }

  const plan::ParallelPlan& plan_;
  const workload::TrainingJob& job_;
  const hardware::NodeGroup& group_;
  Framework framework_;
  Arguments& a_;
  Reasons& reasons_;
  std::vector<int> counts_;
};

}  // namespace

void describe_plan(const plan::ParallelPlan& plan, const workload::TrainingJob& job, const hardware::NodeGroup& group,
                   Framework framework, Arguments& arguments, Reasons& reasons) {
  PlanWriter(plan, job, group, framework, arguments, reasons).run();
}

}  // namespace chipmix::interop
