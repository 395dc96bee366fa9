#include "validation/whole_question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "practice/usual_batch.hpp"
#include "workload/model.hpp"

namespace chipmix::validation {
namespace {

/// A run of unknown length takes as long as the middle of those that are published, 1 to 3 months.
constexpr double usual_days = 45;
/// Share of peak by which its devices are counted: between the best and the worst of published runs.
constexpr double usual_share_of_peak = 0.35;
/// Published devices come in powers of two of whole servers.
constexpr int most_devices = 16384;

int power_of_two_near(double number) {
  return 1 << std::clamp(static_cast<int>(std::lround(std::log2(std::max(1.0, number)))), 0, 14);
}

double flops_per_token(const workload::ModelSpec& model) { return 6 * workload::count_parameters(model).active; }

int usual_devices(const WholeRun& run, const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  const auto peak = group.device.peak.find(job.dtype);
  const double rate = (peak == group.device.peak.end() ? group.device.peak.begin() : peak)->second.value.value();
  const double seconds = usual_days * seconds_per_day * usual_share_of_peak;
  const double wanted = flops_per_token(job.model) * run.tokens / (rate * seconds);
  return std::clamp(power_of_two_near(wanted), group.node.devices, most_devices);
}

/// The batch, moved by at most a tenth to the number of sequences that most ranks can share.
int batch_of(double tokens, int sequence, int ranks) {
  constexpr double moved = 0.1;
  const double wanted = std::max(1.0, tokens / sequence);
  int best = static_cast<int>(std::lround(wanted));
  for (int batch = std::max(1, static_cast<int>(wanted * (1 - moved))); batch <= wanted * (1 + moved); ++batch) {
    const int shared = std::gcd(batch, ranks), most = std::gcd(best, ranks);
    if (shared > most || (shared == most && std::abs(batch - wanted) < std::abs(best - wanted))) best = batch;
  }
  return best;
}

/// Words of a printed stack, and the framework whose steps are taken for it; the first that is found decides. What is
/// not found is read as in the records of steps.
struct Taken {
  const char* word;
  const char* framework;
};
constexpr std::array<Taken, 5> taken_for{{
    {"own", ""},              // a publisher's own: the usual stack of the device
    {"nanotron", ""},         // its published steps are of one campaign with a stall of its own
    {"ZeRO-3", "deepspeed"},  // SageMaker, MiCS: weights sharded over all
    {"torch.compile", "torchtitan compile"},
    {"Megatron-LM", "Megatron-Core"},  // built on it since its release of 2023
}};

std::string framework_of(const WholeRun& run) {
  for (const Taken& row : taken_for)
    if (run.stack.find(row.word) != std::string::npos) return row.framework;
  return run.stack;
}

planner::SearchSpace stated_space(const PrintedDegrees& degrees) {
  planner::SearchSpace space;
  const auto only = [](auto& list, const std::optional<int>& value) {
    if (value && *value > 0) list = {*value};
  };
  only(space.tensor, degrees.tensor);
  only(space.pipeline, degrees.pipeline);
  only(space.context, degrees.context);
  only(space.expert, degrees.expert);
  only(space.micro_batch, degrees.micro_batch);
  return space;
}

}  // namespace

WholeQuestion whole_question_of(const WholeRun& run, scenario::Library& library) {
  WholeQuestion question;
  const double batch_tokens = run.batch_tokens > 0 ? run.batch_tokens : practice::usual_batch_tokens(run.tokens);
  if (run.batch_tokens <= 0)
    question.assumed.push_back(fmt::format("run.global_batch_tokens = {:.2g} (usual)", batch_tokens));
  PublishedRun step;
  step.id = run.id;
  step.source = run.source;
  step.model = run.model;
  step.cluster = run.cluster;
  // "RoCE 400 Gb/s" is the rate of a NIC, and servers of such devices have one each.
  if (!run.cluster.between.empty()) step.cluster.between += " per GPU";
  step.plan.framework = framework_of(run);
  step.plan.release = run.period;
  step.plan.dtype = run.dtype;
  step.plan.forced_balance = true;  // unevenness is a row of the account
  step.plan.global_batch = 1;
  std::vector<WholeStage> stages = run.stages;
  if (stages.empty()) stages.push_back({0, {}, run.tokens});
  double said = 0;
  for (const WholeStage& stage : stages) said += stage.tokens;
  for (const WholeStage& stage : stages) {
    Assumed assumed;
    step.cluster.devices = std::max(1, stage.devices > 0 ? stage.devices : run.cluster.devices);
    hardware::Cluster cluster = cluster_of(step, library, assumed);
    hardware::NodeGroup& group = cluster.groups.front();
    workload::TrainingJob job = job_of(step, group.stack.id, assumed);
    if (stage.devices == 0 && run.cluster.devices == 0) {
      group.devices = usual_devices(run, job, group);
      assumed.push_back(fmt::format("cluster.devices = {} (done in one to three months)", group.devices));
    }
    job.tokens = stage.tokens * run.tokens / said;
    job.global_batch = stage.global_batch.value_or(batch_of(batch_tokens, job.sequence_length, group.ranks()));
    if (question.parts.empty()) question.assumed.insert(question.assumed.end(), assumed.begin(), assumed.end());
    question.parts.push_back({std::move(job), std::move(cluster), stated_space(run.degrees)});
  }
  return question;
}

}  // namespace chipmix::validation
