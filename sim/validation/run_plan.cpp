// The plan of a published run; several where the source leaves the micro-batch or the interleaving open.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "plan/schedule.hpp"
#include "validation/question.hpp"
#include "validation/run_layout.hpp"
#include "validation/run_recompute.hpp"

namespace chipmix::validation {
namespace {

/// From this year on those who train with Megatron-LM's tensor parallelism set its sequence parallelism too, which came
/// in 2022 (arXiv:2205.05198): it costs nothing and divides activations that would be whole on every rank.
constexpr int sequence_parallel_since = 2023;

bool usual_sequence_parallel(const PublishedRun& run) {
  return run.plan.stack == "megatron-lm" && run.source.year >= sequence_parallel_since;
}

std::vector<int> divisors(int number, int most) {
  std::vector<int> list;
  for (int d = 1; d <= std::min(number, most); ++d)
    if (number % d == 0) list.push_back(d);
  return list;
}

/// "zb" with its variant (arXiv:2401.10241; ZB-1p has the memory of 1F1B, ZB-2p twice that) "dualpipe" and
/// "dualpipev".
std::optional<plan::ScheduleKind> split_schedule(const RunPlan& plan, Assumed& assumed) {
  if (plan.schedule == "dualpipe") return plan::ScheduleKind::dualpipe;
  if (plan.schedule == "dualpipev") return plan::ScheduleKind::dualpipe_v;
  if (plan.schedule != "zb") return std::nullopt;
  if (plan.schedule_variant == "zb-2p" || plan.schedule_variant == "zb-h2") return plan::ScheduleKind::zb_h2;
  if (plan.schedule_variant != "zb-1p" && plan.schedule_variant != "zb-h1")
    assumed.push_back("plan.schedule_variant = zb-1p");
  return plan::ScheduleKind::zb_h1;
}

/// Beyond any model or step that was ever published; the engines play each layer and micro-batch.
constexpr int most_layers = 10'000, most_micro_batches = 20'000;

class Layout {
 public:
  Layout(const PublishedRun& run, const workload::TrainingJob& job, const hardware::Cluster& cluster, Assumed& assumed)
      : run_(run), plan_(run.plan), job_(job), cluster_(cluster), assumed_(assumed) {}

  std::vector<plan::ParallelPlan> all() {
    base();
    std::vector<plan::ParallelPlan> list;
    const std::vector<int> micro_batches = this->micro_batches();
    const std::vector<int> interleaves = this->interleaves();
    for (const Recomputation& recomputation : recomputations(plan_, stack_id(), job_.model.layers, assumed_))
      for (int interleave : interleaves)
        for (int micro_batch : micro_batches)
          for (int head_layers : spreads(interleave)) {
            uniform_.head_layers = head_layers;
            auto plan = lay_out(interleave, micro_batch, recomputation);
            if (lacks_micro_batches(plan)) continue;
            if (place_layers(plan_, job_.model.layers, plan)) list.push_back(std::move(plan));
          }
    if (list.empty() && lacks_) throw Unanswerable(*lacks_);
    if (list.empty()) throw Unanswerable(misplaced(plan_, job_.model.layers, uniform_.pipeline, interleaves.back()));
    return list;
  }

 private:
  void base() {
    plan::Degrees& d = uniform_.degrees;
    d.tensor = std::max(1, plan_.tensor.value_or(1));
    uniform_.pipeline = std::max(1, plan_.pipeline.value_or(1));
    d.ulysses = std::max(1, plan_.ulysses.value_or(1));
    d.context = std::max(1, plan_.context.value_or(1)) * d.ulysses;
    d.expert = std::max(1, plan_.expert.value_or(1));
    d.data = data_degree(static_cast<long long>(d.tensor) * uniform_.pipeline * d.context);
    d.expert_tensor = expert_tensor();
    if (job_.model.layers > most_layers) throw Unanswerable(fmt::format("more than {} layers", most_layers));
    if (job_.global_batch / d.data > most_micro_batches)
      throw Unanswerable(fmt::format("more than {} sequences a replica in a step", most_micro_batches));
    if (uniform_.pipeline > job_.model.layers + 2) throw Unanswerable("more pipeline stages than layers");
    const StackDefaults& defaults = defaults_of(stack_id());
    uniform_.zero = static_cast<plan::Zero>(std::clamp(plan_.zero.value_or(defaults.zero), 0, 3));
    if (plan_.fsdp.value_or(false)) uniform_.zero = plan::Zero::parameters;
    if (!plan_.zero && !plan_.fsdp.value_or(false))
      assumed_.push_back(fmt::format("plan.zero_stage = {} ({})", defaults.zero, defaults.stack));
    // Megatron's branches have no stage 2: with a pipeline gradients are reduced once a step (DeepSpeed refuses the
    // two).
    if (uniform_.pipeline > 1 && uniform_.zero == plan::Zero::gradients) uniform_.zero = plan::Zero::optimizer;
    const bool usual = defaults.sequence_parallel || usual_sequence_parallel(run_);
    uniform_.sequence_parallel = plan_.sequence_parallel.value_or(usual);
    if (!plan_.sequence_parallel && uniform_.degrees.tensor > 1)
      assumed_.push_back(fmt::format("plan.sequence_parallel = {} ({})", usual, defaults.stack));
    if (uniform_.pipeline > 1) schedule_ = split_schedule(plan_, assumed_);
  }

  const std::string& stack_id() const { return cluster_.groups.front().stack.id; }

  /// What the other degrees leave. Degrees that do not multiply to the devices would train a part of the machine.
  int data_degree(long long others) {
    const long long ranks = static_cast<long long>(run_.cluster.devices);
    if (run_.cluster.device == "mixed" && !plan_.stages.empty())
      return std::max(1, plan_.data.value_or(static_cast<int>(std::max(1LL, ranks / others))));
    const auto refuse = [&](long long data) {
      throw Unanswerable(
          fmt::format("tp {} x pp {} x cp {} x ulysses_sp {} x dp {} are {} ranks, and cluster.devices is {}",
                      uniform_.degrees.tensor, uniform_.pipeline, uniform_.degrees.context / uniform_.degrees.ulysses,
                      uniform_.degrees.ulysses, data, others * data, ranks));
    };
    if (plan_.data.value_or(0) > 0) {
      if (others * *plan_.data != ranks) refuse(*plan_.data);
      return *plan_.data;
    }
    if (ranks % others != 0) refuse(std::max(1LL, ranks / others));
    return static_cast<int>(ranks / others);
  }

  /// Ranks that one expert is cut over. Megatron's branches without a degree of their own for experts cut them as they
  /// cut dense layers; a framework's recipes say.
  int expert_tensor() {
    const plan::Degrees& d = uniform_.degrees;
    if (!job_.model.moe) return 1;
    const int usual = defaults_of(stack_id()).cuts_experts ? d.tensor : 1;
    const int cut = std::max(1, plan_.expert_tensor.value_or(usual));
    if (job_.model.moe->experts % d.expert != 0)
      throw Unanswerable(fmt::format("{} experts cannot be divided over ep {}", job_.model.moe->experts, d.expert));
    if (!plan_.expert_tensor && d.tensor > 1) assumed_.push_back(fmt::format("plan.etp = {} ({})", cut, stack_id()));
    if (d.ranks() % (cut * d.expert) != 0)
      throw Unanswerable(fmt::format("ep {} x etp {} do not divide the {} ranks of a stage", d.expert, cut, d.ranks()));
    return cut;
  }

  std::vector<int> interleaves() {
    if (schedule_ && plan::chunks_of(*schedule_) > 1) return {plan::chunks_of(*schedule_)};
    if (plan_.interleave) {
      const int chunks = std::max(1, *plan_.interleave);
      if (static_cast<long long>(chunks) * uniform_.pipeline > job_.model.layers + 2LL)
        throw Unanswerable(fmt::format("pp {} x vpp {} are more chunks than {} layers, embedding and head",
                                       uniform_.pipeline, chunks, job_.model.layers));
      return {chunks};
    }
    if (plan_.schedule != "interleaved" || uniform_.pipeline == 1) return {1};
    if (is_torchtitan()) {
      assumed_.push_back("plan.vpp = 2 (torchtitan)");
      return {2};
    }
    assumed_.push_back("plan.vpp: the fastest that fits");
    std::vector<int> list = divisors(std::max(1, job_.model.layers / uniform_.pipeline), 12);
    if (list.size() > 1) list.erase(list.begin());
    return list;
  }

  /// Where layers do not divide over the stages somebody placed them by hand: the fastest of a few ways.
  std::vector<int> spreads(int interleave) const {
    if (job_.model.layers % (uniform_.pipeline * interleave) == 0) return {0};
    return {0, 1, 2, 3};
  }

  std::vector<int> micro_batches() {
    if (plan_.micro_batch.value_or(0) > 0) return {*plan_.micro_batch};
    const int share = std::max(1, job_.global_batch / uniform_.degrees.data);
    if (is_torchtitan() && uniform_.pipeline > 1 && share % uniform_.pipeline == 0) {
      assumed_.push_back("plan.num_microbatches = pp (torchtitan)");
      return {share / uniform_.pipeline};
    }
    if (plan_.schedule == "interleaved" || plan_.interleave.value_or(1) > 1) {
      assumed_.push_back("plan.micro_batch = 1 (interleaved)");
      return {1};
    }
    assumed_.push_back("plan.micro_batch: the fastest that fits with a tenth of memory to spare");
    return divisors(share, 16);
  }

  /// torchtitan cuts a rank's batch into as many micro-batches as there are stages, and an interleaved pipeline into
  /// two stages a rank (docs in github.com/pytorch/torchtitan, job_config of the release of December 2024).
  bool is_torchtitan() const { return cluster_.groups.front().stack.id == "torchtitan"; }

  plan::ParallelPlan lay_out(int interleave, int micro_batch, const Recomputation& recomputation) {
    uniform_.recompute = recomputation.kind;
    uniform_.interleave = interleave;
    uniform_.chosen_schedule = schedule_ && interleave == plan::chunks_of(*schedule_) ? schedule_ : std::nullopt;
    uniform_.micro_batch = micro_batch;
    const int layers = job_.model.layers;
    plan::ParallelPlan plan =
        plan::lay_out(uniform_, layers, std::max(job_.global_batch, micro_batch * uniform_.degrees.data), 0,
                      cluster_.groups.front().device.ranks);
    const long long together = static_cast<long long>(micro_batch) * uniform_.degrees.data;
    plan.micro_batches = static_cast<int>(std::max(1LL, (job_.global_batch + together - 1) / together));
    plan.remade = recomputation.remade;
    plan.recompute_share = recomputation.share;
    plan.offloaded = std::clamp(plan_.activation_offload.value_or(0), 0.0, 1.0);
    plan.states_offloaded = std::clamp(plan_.optimizer_offload.value_or(0), 0.0, 1.0);
    plan.weights_offloaded = std::clamp(plan_.parameter_offload.value_or(0), 0.0, 1.0);
    plan.shard_group = plan_.shard_group.value_or(0);
    for (std::size_t stage = 0; stage < plan_.stages.size() && stage < plan.stages.size(); ++stage)
      plan.stages[stage].devices.node_group = slowest(plan_.stages[stage].devices);
    return plan;
  }

  /// Whether a schedule that is asked for by name cannot run so few of them.
  bool lacks_micro_batches(const plan::ParallelPlan& plan) {
    bool lacks = false;
    if (plan.chosen_schedule)
      plan::unmet_needs(*plan.chosen_schedule, plan.pipeline(), plan.micro_batches,
                        [&](const char* rule, long long stages, long long rounds) {
                          lacks = true;
                          lacks_ = fmt::format(fmt::runtime(rule), stages, rounds);
                        });
    return lacks;
  }

  /// Replicas wait for one another: a stage is as fast as its slowest device.
  int slowest(const std::vector<std::string>& devices) const {
    int group = 0;
    double rate = 0;
    for (int g = 0; g < static_cast<int>(cluster_.groups.size()); ++g) {
      const auto& device = cluster_.groups[g].device;
      if (std::find(devices.begin(), devices.end(), device.id) == devices.end()) continue;
      const auto peak = device.peak.find(job_.dtype);
      const double own = peak == device.peak.end() ? 0 : peak->second.value.value();
      if (rate == 0 || own < rate) group = g, rate = own;
    }
    return group;
  }

  const PublishedRun& run_;
  const RunPlan& plan_;
  const workload::TrainingJob& job_;
  const hardware::Cluster& cluster_;
  Assumed& assumed_;
  plan::UniformPlan uniform_;
  std::optional<plan::ScheduleKind> schedule_;  ///< with a split backward pass
  std::optional<std::string> lacks_;            ///< what schedule_ needs, if it does not have it
};

}  // namespace

std::vector<plan::ParallelPlan> plans_of(const PublishedRun& run, const workload::TrainingJob& job,
                                         const hardware::Cluster& cluster, Assumed& assumed) {
  return Layout(run, job, cluster, assumed).all();
}

Question question_of(const PublishedRun& run, scenario::Library& library) {
  Question question;
  question.cluster = cluster_of(run, library, question.assumed);
  const std::string& stack = question.cluster.groups.front().stack.id;
  question.job = job_of(run, stack, question.assumed);
  question.plans = plans_of(run, question.job, question.cluster, question.assumed);
  std::sort(question.assumed.begin(), question.assumed.end());
  question.assumed.erase(std::unique(question.assumed.begin(), question.assumed.end()), question.assumed.end());
  return question;
}

}  // namespace chipmix::validation
