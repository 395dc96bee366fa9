// A plan file against the job and the cluster it is meant for.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "base/words.hpp"
#include "plan/schedule.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::scenario {
namespace {

constexpr int most_ranks = 1 << 24;  // far above any cluster, and products stay small

/// "deepseek-v3" of "deepseek-v3", "models/deepseek-v3.json" and "deepseek-v3/config.json".
std::string model_id(const std::string& id_or_path) {
  if (!id_or_path.ends_with(".json")) return id_or_path;
  const std::filesystem::path path(id_or_path);
  return path.stem() == "config" ? path.parent_path().filename() : path.stem();
}

class PlanReader {
 public:
  PlanReader(const io::Document& document, const Scenario& scenario, const Option& option)
      : document_(document), job_(scenario.job_of(option)), group_(option.cluster->groups.front()), option_(option) {}

  plan::JobPlan run() {
    const auto file = io::read<PlanFile>(document_.root(diagnostics_));
    diagnostics_.throw_if_any();
    job(*file);
    if (file->lanes.size() > 1 && !option_.mix)
      fault("/lanes/1", fmt::format("{} lanes, but option '{}' is one cluster", file->lanes.size(), option_.name),
            "one cluster runs one lane");
    if (file->sync_interval > 1 && file->lanes.size() == 1)
      fault("/sync_interval", "a synchronisation of lanes, but there is one lane", "leave it out");
    for (const PlanLaneSpec& lane : file->lanes) {
      lane_ = &lane;
      index_ = static_cast<std::size_t>(&lane - file->lanes.data());
      stages();
      schedule();
      layers();
    }
    file->lanes.size() == 1 ? batch() : batches(file->lanes);
    diagnostics_.throw_if_any();
    plan::JobPlan plan;
    plan.sync_interval = file->sync_interval;
    for (const PlanLaneSpec& lane : file->lanes) {
      lane_ = &lane;
      plan.lanes.push_back(laid_out());
    }
    return plan;
  }

 private:
  void job(const PlanFile& file) {
    if (!file.model.empty() && model_id(file.model) != job_.model.id)
      fault("/model", fmt::format("a plan for '{}', but the scenario trains '{}'", file.model, job_.model.id),
            fmt::format("--set job.model={} asks about the plan's model", file.model));
    same("sequence_length", file.sequence_length, job_.sequence_length, "tokens a sequence");
    same("global_batch", file.global_batch, job_.global_batch, "sequences a step");
    if (file.dtype && *file.dtype != job_.dtype)
      fault("/dtype", fmt::format("a plan in {}, but the option trains in {}", name(*file.dtype), name(job_.dtype)),
            fmt::format("--set job.dtype={} asks about the plan's format", name(*file.dtype)));
  }

  void same(const char* key, const std::optional<int>& plan, int job, const char* what) {
    if (!plan || *plan == job) return;
    fault(fmt::format("/{}", key), fmt::format("a plan for {} {}, but the job has {}", *plan, what, job),
          fmt::format("--set job.{}={} asks about the plan's", key, *plan));
  }

  void stages() {
    const PlanStageSpec& first = lane_->stages.front();
    const plan::Degrees all = degrees(first);
    const bool fits = 1.0 * first.tensor * first.context * first.data * pipeline() <= most_ranks;
    if (!fits)
      fault(stage_at(0, ""), fmt::format("TP {} x CP {} x DP {} x {} stages are more than {} ranks", first.tensor,
                                         first.context, first.data, pipeline(), most_ranks));
    const long long cut = 1LL * first.tensor * first.ulysses;
    const long long experts = 1LL * first.expert * first.expert_tensor;
    if (fits && first.expert_tensor > 1 && all.ranks() % experts != 0)
      fault(stage_at(0, "expert"),
            fmt::format("EP {} x {} ranks that cut an expert do not divide the {} ranks of a stage", first.expert,
                        first.expert_tensor, all.ranks()));
    if (first.ulysses > 1 && job_.model.attention.heads % cut != 0)
      fault(stage_at(0, "ulysses"), fmt::format("{} attention heads cannot be divided over TP {} x Ulysses {}",
                                                job_.model.attention.heads, first.tensor, first.ulysses));
    if (first.context % first.ulysses != 0)
      fault(stage_at(0, "ulysses"),
            fmt::format("{} ranks that exchange heads do not divide CP {}", first.ulysses, first.context));
    for (std::size_t i = 0; i < lane_->stages.size(); ++i) {
      const PlanStageSpec& stage = lane_->stages[i];
      if (option_.mix) {
        if (group_of(stage) < 0)
          fault(stage_at(i, "island"), fmt::format("no island '{}' in option '{}'", stage.island, option_.name),
                fmt::format("one of: {}", fmt::join(island_names(), ", ")));
        continue;
      }
      if (!stage.island.empty() && stage.island != option_.name)
        fault(stage_at(i, "island"), fmt::format("no island '{}' in option '{}'", stage.island, option_.name),
              "leave it out: the option is one cluster");
      if (degrees(stage) != all)
        fault(stage_at(i, ""),
              fmt::format("stage {} has TP {} CP {} EP {} DP {}, stage 0 TP {} CP {} EP {} DP {}", i, stage.tensor,
                          stage.context, stage.expert, stage.data, all.tensor, all.context, all.expert, all.data),
              "on one cluster all stages have the same degrees");
    }
  }

  void schedule() {
    if (!lane_->schedule) return;
    const plan::ScheduleKind kind = *lane_->schedule;
    const plan::ScheduleTraits& row = plan::traits(kind);
    const bool has_several = row.chunks == 0;
    if (has_several ? lane_->interleave == 1 : lane_->interleave != row.chunks)
      fault(lane_at("schedule"), fmt::format("schedule {} with interleave {}", row.name, lane_->interleave),
            has_several ? "interleaving needs at least 2 chunks a stage"
                        : fmt::format("{} has {} a stage", row.name, counted(row.chunks, "chunk")));
    if (row.one_island && option_.mix)
      fault(lane_at("schedule"), fmt::format("schedule {} over several islands", row.name),
            "each rank holds a stage from either end of the pipeline: both must be alike");
    plan::unmet_needs(kind, pipeline(), lane_->micro_batches,
                      [&](const char* rule, long long stages, long long rounds) {
                        fault(lane_at("schedule"),
                              fmt::format("schedule {} with {} and {}", row.name, counted(stages, "stage"),
                                          counted(rounds, "micro-batch", "micro-batches")),
                              fmt::format(fmt::runtime(rule), stages, rounds));
                      });
  }

  void layers() {
    if (pipeline() > job_.model.layers)
      return fault(lane_at("stages"),
                   fmt::format("{} for {}", counted(pipeline(), "stage"), counted(job_.model.layers, "layer")),
                   "at most " + counted(job_.model.layers, "stage"));
    const auto said = [](const PlanStageSpec& stage) { return !stage.layers.empty(); };
    if (std::none_of(lane_->stages.begin(), lane_->stages.end(), said)) return;
    int sum = 0;
    for (std::size_t i = 0; i < lane_->stages.size(); ++i) {
      const std::vector<int>& chunks = lane_->stages[i].layers;
      if (static_cast<int>(chunks.size()) != lane_->interleave)
        fault(stage_at(i, "layers"), fmt::format("stage {} has {}, but interleave is {}", i,
                                                 counted(chunks.size(), "chunk"), lane_->interleave));
      const int own = std::accumulate(chunks.begin(), chunks.end(), 0);
      if (own == 0 && i + 1 < lane_->stages.size() && i > 0)
        fault(stage_at(i, "layers"), fmt::format("stage {} has no layers", i), "only the first and the last may");
      sum += own;
    }
    if (sum == job_.model.layers) return;
    const int missing = job_.model.layers - sum;
    fault(lane_at("stages"),
          fmt::format("{} in the plan, but {} has {}", counted(sum, "layer"), job_.model.id, job_.model.layers),
          fmt::format("{} {} of the stages' layers", missing > 0 ? "add" : "take away", std::abs(missing)));
  }

  void batch() {
    const long long share = static_cast<long long>(lane_->micro_batch) * lane_->stages.front().data;
    const long long made = share * lane_->micro_batches;
    const long long wanted = job_.global_batch;
    if (made == wanted) return;
    const long long below = wanted / share * share;
    fault("/lanes/0/micro_batches",
          fmt::format("micro-batch {} x {} micro-batches x DP {} are {} sequences a step, but the job has {}",
                      lane_->micro_batch, lane_->micro_batches, lane_->stages.front().data, made, wanted),
          wanted % share == 0 ? fmt::format("{} micro-batches make {}", wanted / share, wanted)
          : below == 0        ? fmt::format("the smallest batch of this plan is {}", share)
                       : fmt::format("the nearest batches are {} ({} micro-batches) and {} ({})", below, below / share,
                                     below + share, below / share + 1));
  }

  /// Lanes share the batch.
  void batches(const std::vector<PlanLaneSpec>& lanes) {
    long long made = 0;
    std::string parts;
    for (const PlanLaneSpec& lane : lanes) {
      made += 1LL * lane.micro_batch * lane.micro_batches * lane.stages.front().data;
      parts += fmt::format("{}{} x {} x DP {}", parts.empty() ? "" : " + ", lane.micro_batch, lane.micro_batches,
                           lane.stages.front().data);
    }
    if (made != job_.global_batch)
      fault("/lanes",
            fmt::format("the lanes take {} = {} sequences a step, but the job has {}", parts, made, job_.global_batch),
            fmt::format("--set job.global_batch={} asks about the plan's", made));
  }

  plan::ParallelPlan laid_out() const {
    plan::ParallelPlan plan;
    plan.interleave = lane_->interleave;
    plan.micro_batch = lane_->micro_batch;
    plan.micro_batches = lane_->micro_batches;
    plan.recompute = lane_->recompute;
    plan.recompute_share = lane_->recompute_share;
    plan.remade = lane_->remade.value_or(plan::Remade{});
    plan.offloaded = lane_->activations_in_host;
    plan.states_offloaded = lane_->states_in_host;
    plan.weights_offloaded = lane_->weights_in_host;
    plan.shard_group = lane_->shard_group;
    plan.zero = lane_->zero;
    plan.sequence_parallel = lane_->sequence_parallel && lane_->stages.front().tensor > 1;
    const auto kind = lane_->schedule.value_or(plan::ScheduleKind::one_f_one_b);
    if (plan::is_chosen(kind)) plan.chosen_schedule = kind;
    for (const PlanStageSpec& spec : lane_->stages) {
      plan::Stage& stage = plan.stages.emplace_back();
      stage.degrees = degrees(spec);
      const int group = std::max(0, group_of(spec));
      stage.devices = {group, stage.degrees.ranks() / option_.cluster->groups[group].device.ranks};
    }
    plan.stages.front().embedding = true;
    (is_folded() ? plan.stages.front() : plan.stages.back()).head = true;
    chunks(plan);
    return plan;
  }

  /// Of a mix the island that holds a stage; -1: it has no such island.
  int group_of(const PlanStageSpec& stage) const {
    if (!option_.mix) return 0;
    const auto names = island_names();
    const auto found = std::find(names.begin(), names.end(), stage.island);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
  }
  std::vector<std::string> island_names() const {
    std::vector<std::string> names;
    for (const hardware::NodeGroup& group : option_.cluster->groups) names.push_back(group.name);
    return names;
  }

  bool is_folded() const { return lane_->schedule && plan::is_folded(*lane_->schedule); }

  void chunks(plan::ParallelPlan& plan) const {
    const auto even = plan::spread_layers(job_.model.layers, pipeline() * lane_->interleave);
    int first = 0;
    for (int i = 0; i < pipeline() * lane_->interleave; ++i) {
      const int stage = plan::stage_of_chunk(i, pipeline(), is_folded());
      const std::vector<int>& said = lane_->stages[stage].layers;
      const int count = said.empty() ? even[i] : said[i / pipeline()];
      plan.stages[stage].chunks.push_back({first, count});
      first += count;
    }
  }

  static plan::Degrees degrees(const PlanStageSpec& s) {
    return {s.tensor, s.context, s.expert, s.data, s.expert_tensor, s.ulysses};
  }
  int pipeline() const { return static_cast<int>(lane_->stages.size()); }

  std::string lane_at(const char* key) const { return fmt::format("/lanes/{}/{}", index_, key); }
  std::string stage_at(std::size_t stage, const char* key) const {
    return lane_at("stages") + fmt::format("/{}{}{}", stage, *key ? "/" : "", key);
  }

  /// At the value of the pointer, or at the nearest one around it that is written.
  void fault(std::string pointer, std::string message, std::string hint = "") {
    while (!pointer.empty() && document_.place_of(pointer).line == 0) pointer.erase(pointer.rfind('/'));
    diagnostics_.add(document_.diagnostic(pointer, std::move(message), std::move(hint)));
  }

  const io::Document& document_;
  workload::TrainingJob job_;
  const hardware::NodeGroup& group_;
  const Option& option_;
  io::Diagnostics diagnostics_;
  const PlanLaneSpec* lane_ = nullptr;
  std::size_t index_ = 0;  ///< of the lane
};

/// Of a loss in n pieces the logits of one are held, so each of them costs an n-th.
void apply(const PlanStackSpec& plan, hardware::SoftwareStack& stack) {
  if (plan.gradient_bytes) stack.gradient_bytes.value = *plan.gradient_bytes;
  if (plan.optimizer_bytes) stack.optimizer_bytes.value = *plan.optimizer_bytes;
  if (plan.fused_attention) stack.flash_attention = *plan.fused_attention;
  if (plan.weight_bytes) stack.weight_bytes.value = *plan.weight_bytes;
  if (plan.keeps_gathered) stack.keeps_gathered = *plan.keeps_gathered;
  if (plan.loss_pieces) stack.logit_bytes.value /= *plan.loss_pieces;
}

}  // namespace

void take_plan_file(const io::Document& document, Scenario& scenario, Option& option) {
  option.given = read_plan_file(document, scenario, option).lanes.front();
  take_plan_stack(document, scenario, option);
}

void take_plan_stack(const io::Document& document, Scenario& scenario, Option& option) {
  io::Diagnostics ignored;  // of a file that has been read
  const auto file = io::read<PlanFile>(document.root(ignored));
  if (file && file->frozen_base) scenario.job.is_base_frozen = true;
  if (!file || !file->stack || !option.cluster) return;
  for (hardware::NodeGroup& group : option.cluster->groups) apply(*file->stack, group.stack);
}

plan::JobPlan read_plan_file(const io::Document& document, const Scenario& scenario, const Option& option) {
  return PlanReader(document, scenario, option).run();
}

}  // namespace chipmix::scenario
