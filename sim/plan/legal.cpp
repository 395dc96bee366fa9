#include "plan/legal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hardware/trains_in.hpp"
#include "plan/schedule.hpp"

namespace chipmix::plan {
namespace {

template <class Report>
struct Checker {
  const UniformPlan& plan;
  const workload::TrainingJob& job;
  const hardware::NodeGroup& group;
  Report report;
  bool legal = true;

  void require(bool holds, const char* rule, long long a, long long b) {
    if (holds) return;
    legal = false;
    report(rule, a, b);
  }

  void run() {
    sizes();
    tensor();
    experts();
    batch();
    pipeline();
    schedule();
  }

  void sizes() {
    const Degrees& d = plan.degrees;
    const long long used = static_cast<long long>(d.ranks()) * plan.pipeline;
    require(used == group.ranks(), "TP x CP x DP x PP is {} ranks, the cluster has {}", used, group.ranks());
    require(hardware::trains_in(group.device, group.dtype.value_or(job.dtype)),
            "the device has no rate for the job's dtype", 0, 0);
  }

  void tensor() {
    const auto& attention = job.model.attention;
    const int t = plan.degrees.tensor;
    require(attention.heads % t == 0, "{} attention heads cannot be divided over TP {}", attention.heads, t);
    require(attention.latent || attention.kv_heads % t == 0 || t % attention.kv_heads == 0,
            "{} key/value heads and TP {} do not divide one another", attention.kv_heads, t);
    require(job.model.hidden % t == 0, "hidden size {} cannot be divided over TP {}", job.model.hidden, t);
    require(job.model.dense_width % t == 0, "MLP width {} cannot be divided over TP {}", job.model.dense_width, t);
    if (job.model.windowed_attention)
      require(job.model.windowed_attention->heads % t == 0, "{} heads of windowed layers cannot be divided over TP {}",
              job.model.windowed_attention->heads, t);
    if (job.model.linear) recurrence(static_cast<long long>(job.model.linear->heads), t);
    const long long pieces = plan.degrees.context == 1 ? t : 2LL * plan.degrees.context * t;
    require(job.sequence_length % pieces == 0, "{} tokens of a sequence cannot be divided into {} pieces (CP, TP)",
            job.sequence_length, pieces);
  }

  /// How the state of a recurrence passes between parts of a sequence is not modelled.
  void recurrence(long long heads, int t) {
    require(heads % t == 0, "{} heads of the recurrence cannot be divided over TP {}", heads, t);
    require(plan.degrees.context == 1, "a sequence of a model with recurrent layers cannot be cut over CP {}",
            plan.degrees.context, 0);
  }

  void experts() {
    const int e = plan.degrees.expert;
    if (!job.model.moe) return require(e == 1, "the model has no experts, but EP is {}", e, 0);
    require(job.model.moe->experts % e == 0, "{} experts cannot be divided over EP {}", job.model.moe->experts, e);
    require(plan.degrees.ranks() % e == 0, "{} ranks of a stage cannot be divided into groups of EP {}",
            plan.degrees.ranks(), e);
  }

  void batch() {
    const long long share = static_cast<long long>(plan.micro_batch) * plan.degrees.data;
    require(job.global_batch % share == 0, "a global batch of {} cannot be divided by micro-batch x DP = {}",
            job.global_batch, share);
  }

  void pipeline() {
    const long long chunks = static_cast<long long>(plan.pipeline) * plan.interleave;
    require(chunks <= job.model.layers, "{} layers are fewer than PP x interleave = {}", job.model.layers, chunks);
    require(plan.interleave == 1 || plan.pipeline > 1, "interleaving needs more than one stage", 0, 0);
  }

  long long micro_batches() const {
    return job.global_batch / std::max(1LL, static_cast<long long>(plan.micro_batch) * plan.degrees.data);
  }

  void schedule() {
    if (plan.chosen_schedule) {
      require(plan.pipeline > 1, "a schedule other than 1F1B needs more than one stage", 0, 0);
      const int chunks = chunks_of(*plan.chosen_schedule);
      require(plan.interleave == chunks, "the schedule has {} chunk(s) a stage, not {}", chunks, plan.interleave);
    }
    unmet_needs(plan.chosen_schedule.value_or(usual_schedule(plan.interleave)), plan.pipeline, micro_batches(),
                [&](const char* rule, long long stages, long long rounds) { require(false, rule, stages, rounds); });
  }
};

}  // namespace

std::vector<std::string> faults(const UniformPlan& plan, const workload::TrainingJob& job,
                                const hardware::NodeGroup& group) {
  std::vector<std::string> list;
  auto report = [&](const char* rule, long long a, long long b) {
    list.push_back(fmt::format(fmt::runtime(rule), a, b));
  };
  Checker<decltype(report)>{plan, job, group, report}.run();
  return list;
}

bool is_legal(const UniformPlan& plan, const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  auto ignore = [](const char*, long long, long long) {};
  Checker<decltype(ignore)> checker{plan, job, group, ignore};
  checker.run();
  return checker.legal;
}

}  // namespace chipmix::plan
