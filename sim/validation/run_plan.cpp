// The plan of a published run; several where the source leaves the micro-batch or the interleaving open.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <regex>

#include "validation/question.hpp"

namespace chipmix::validation {
namespace {

plan::Recompute recompute_of(const RunPlan& plan) {
  if (plan.recompute == "full") return plan::Recompute::full;
  if (plan.recompute == "selective") return plan::Recompute::selective;
  return plan::Recompute::none;
}

/// Full recomputation of some layers only, as launch scripts say it: "ACM=block ACL=21", "--recompute-num-layers 10",
/// "21 of 80 layers", "1 recompute layer per virtual stage".
double recomputed_share(const PublishedRun& run, int layers, int chunks, Assumed& assumed) {
  static const std::regex of_all(R"((\d+) of (\d+) layers)"), flag(R"(recompute-num-layers[ =](\d+))"),
      per_chunk(R"((\d+) recompute layers? per virtual stage)"), listed(R"((\d+) recompute layer ids)");
  if (run.plan.recompute_layers) return std::min(1.0, static_cast<double>(*run.plan.recompute_layers) / layers);
  std::smatch found;
  double share = 1;
  const bool block = run.notes.find("method block") != std::string::npos;
  if (std::regex_search(run.notes, found, listed))
    share = std::stod(found[1]) / layers;
  else if (std::regex_search(run.notes, found, per_chunk))
    share = std::stod(found[1]) * chunks / layers;
  else if (std::regex_search(run.notes, found, of_all))
    share = std::stod(found[1]) / std::stod(found[2]);
  else if (block && std::regex_search(run.notes, found, flag))
    share = std::stod(found[1]) * chunks / layers;
  if (share < 1)
    assumed.push_back(fmt::format("plan.recompute of {:.0f} % of the layers (the row's notes)", 100 * share));
  return std::clamp(share, 0.0, 1.0);
}

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

/// "zb" with its variant (arXiv:2401.10241; ZB-1p has the memory of 1F1B, ZB-2p twice that) and "dualpipe".
std::optional<plan::ScheduleKind> split_schedule(const RunPlan& plan, Assumed& assumed) {
  if (plan.schedule == "dualpipe") return plan::ScheduleKind::dualpipe;
  if (plan.schedule != "zb") return std::nullopt;
  if (plan.schedule_variant == "zb-2p" || plan.schedule_variant == "zb-h2") return plan::ScheduleKind::zb_h2;
  if (plan.schedule_variant != "zb-1p" && plan.schedule_variant != "zb-h1")
    assumed.push_back("plan.schedule_variant = zb-1p");
  return plan::ScheduleKind::zb_h1;
}

class Layout {
 public:
  Layout(const PublishedRun& run, const workload::TrainingJob& job, const hardware::Cluster& cluster, Assumed& assumed)
      : run_(run), plan_(run.plan), job_(job), cluster_(cluster), assumed_(assumed) {}

  std::vector<plan::ParallelPlan> all() {
    base();
    std::vector<plan::ParallelPlan> list;
    const std::vector<int> micro_batches = this->micro_batches();
    const std::vector<int> interleaves = this->interleaves();
    for (plan::Recompute recompute : recomputes())
      for (int interleave : interleaves)
        for (int micro_batch : micro_batches)
          for (int head_layers : spreads(interleave)) {
            uniform_.head_layers = head_layers;
            uniform_.recompute = recompute;
            list.push_back(lay_out(interleave, micro_batch));
          }
    return list;
  }

 private:
  void base() {
    const int ranks = run_.cluster.devices;
    uniform_.degrees.tensor = plan_.tensor.value_or(1);
    uniform_.pipeline = std::max(1, plan_.pipeline.value_or(1));
    uniform_.degrees.context = std::max(1, plan_.context.value_or(1));
    uniform_.degrees.expert = std::max(1, plan_.expert.value_or(1));
    const int sharded = uniform_.degrees.tensor * uniform_.pipeline * uniform_.degrees.context;
    if (sharded <= 0) throw Unanswerable("plan.tp is 0");
    uniform_.degrees.data = std::max(1, ranks / sharded);
    if (plan_.data.value_or(0) > 0) uniform_.degrees.data = *plan_.data;
    if (uniform_.pipeline > job_.model.layers + 2) throw Unanswerable("more pipeline stages than layers");
    const StackDefaults& defaults = defaults_of(cluster_.groups.front().stack.id);
    uniform_.zero = static_cast<plan::Zero>(std::clamp(plan_.zero.value_or(defaults.zero), 0, 3));
    if (plan_.fsdp.value_or(false)) uniform_.zero = plan::Zero::parameters;
    if (!plan_.zero && !plan_.fsdp.value_or(false))
      assumed_.push_back(fmt::format("plan.zero_stage = {} ({})", defaults.zero, defaults.stack));
    const bool usual = defaults.sequence_parallel || usual_sequence_parallel(run_);
    uniform_.sequence_parallel = plan_.sequence_parallel.value_or(usual);
    if (!plan_.sequence_parallel && uniform_.degrees.tensor > 1)
      assumed_.push_back(fmt::format("plan.sequence_parallel = {} ({})", usual, defaults.stack));
    if (uniform_.pipeline > 1) schedule_ = split_schedule(plan_, assumed_);
  }

  std::vector<int> interleaves() {
    if (plan_.interleave) return {std::max(1, *plan_.interleave)};
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

  /// Where the source says nothing of recomputation: none, or where that does not fit what is cheap to make again.
  std::vector<plan::Recompute> recomputes() {
    const bool is_by_module = plan_.recompute != "full" && !plan_.recompute_modules.empty();
    if (is_by_module) {
      assumed_.push_back("plan.recompute_modules taken as selective: norms, activations and latents");
      return {plan::Recompute::selective};
    }
    if (!plan_.recompute.empty()) return {recompute_of(plan_)};
    assumed_.push_back("plan.recompute: none, or selective where that does not fit");
    return {plan::Recompute::none, plan::Recompute::selective};
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
    assumed_.push_back("plan.micro_batch: the fastest that fits with a tenth of memory to spare");
    return divisors(share, 16);
  }

  /// torchtitan cuts a rank's batch into as many micro-batches as there are stages, and an interleaved pipeline into
  /// two stages a rank (docs in github.com/pytorch/torchtitan, job_config of the release of December 2024).
  bool is_torchtitan() const { return cluster_.groups.front().stack.id == "torchtitan"; }

  plan::ParallelPlan lay_out(int interleave, int micro_batch) {
    uniform_.interleave = interleave;
    uniform_.micro_batch = micro_batch;
    const int layers = job_.model.layers;
    plan::ParallelPlan plan =
        plan::lay_out(uniform_, layers, std::max(job_.global_batch, micro_batch * uniform_.degrees.data), 0,
                      cluster_.groups.front().device.ranks);
    const long long together = static_cast<long long>(micro_batch) * uniform_.degrees.data;
    plan.micro_batches = static_cast<int>(std::max(1LL, (job_.global_batch + together - 1) / together));
    if (interleave == 1) cut_by_hand(plan);
    if (interleave == 1) plan.chosen_schedule = schedule_;
    if (uniform_.recompute == plan::Recompute::full || plan_.recompute_layers ||
        run_.notes.find("recompute layer") != std::string::npos)
      plan.recompute_share = recomputed_share(run_, layers, uniform_.pipeline * interleave, assumed_);
    if (plan.recompute_share < 1) plan.recompute = plan::Recompute::full;
    for (std::size_t stage = 0; stage < plan_.stages.size() && stage < plan.stages.size(); ++stage)
      plan.stages[stage].devices.node_group = slowest(plan_.stages[stage].devices);
    return plan;
  }

  /// Layers of each stage where the source lists them; embedding and head are counted as layers where the list holds
  /// two more than the model.
  void cut_by_hand(plan::ParallelPlan& plan) const {
    std::vector<int> counts = plan_.layers_per_stage;
    if (counts.empty())
      for (const RunStage& stage : plan_.stages) counts.push_back(stage.layers);
    const int pipeline = plan.pipeline();
    if (counts.empty() && plan_.ends_count_as_layers) counts = plan::spread_layers(job_.model.layers + 2, pipeline);
    if (static_cast<int>(counts.size()) != pipeline) return;
    if (std::accumulate(counts.begin(), counts.end(), 0) == job_.model.layers + 2) --counts.front(), --counts.back();
    if (std::accumulate(counts.begin(), counts.end(), 0) != job_.model.layers) return;
    for (int stage = 0, first = 0; stage < pipeline; first += counts[stage++])
      plan.stages[stage].chunks = {{first, counts[stage]}};
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
