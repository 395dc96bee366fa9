// Calculon's own problem: does the search look at everything that Calculon's does, and is its best plan the best of it?
#include <catch2/catch.hpp>
#include <set>

#include "../../support/scenarios.hpp"
#include "plan/legal.hpp"
#include "planner/evaluator.hpp"

namespace chipmix::scenario {
namespace {

std::vector<int> factors(int n) {
  std::vector<int> list;
  for (int d = 1; d <= n; ++d)
    if (n % d == 0) list.push_back(d);
  return list;
}

std::vector<plan::Zero> shardings(int data) {
  return data > 1 ? std::vector{plan::Zero::none, plan::Zero::optimizer} : std::vector{plan::Zero::none};
}

/// Calls visit(plan) as the loops of calculon/llm/optimal_execution.py do, for a batch that data parallelism divides.
template <class Visit>
void for_each_execution(const workload::TrainingJob& job, int ranks, Visit visit) {
  const int layers = job.model.layers, batch = job.global_batch;
  for (int tensor : factors(ranks)) {
    if (job.model.hidden % tensor != 0 || job.model.attention.heads % tensor != 0) continue;
    for (int pipeline : factors(std::min(ranks / tensor, layers))) {
      if (ranks % (tensor * pipeline) != 0 || layers % pipeline != 0) continue;
      const int data = ranks / (tensor * pipeline);
      if (batch % data != 0) continue;
      for (int interleave : pipeline == 1 ? std::vector{1} : factors(layers / pipeline))
        for (plan::Recompute recompute : plan::all_recomputes)
          for (plan::Zero zero : shardings(data))
            for (bool sequence_parallel : tensor > 1 ? std::vector{true, false} : std::vector{true})
              for (int micro_batch : factors(batch / data))
                visit(plan::UniformPlan{
                    {tensor, 1, 1, data}, pipeline, interleave, micro_batch, recompute, zero, sequence_parallel});
    }
  }
}

}  // namespace

TEST_CASE(
    "is every candidate of Calculon's search, on GPT-3 175B and 1,024 A100, a candidate here or against a rule?") {
  Library library;
  const Scenario scenario =
      read_scenario(io::Document::load(CHIPMIX_SOURCE_DIR "/scenarios/gpt3_175b_a100.json"), library);
  const Option& option = scenario.options[scenario.find("calculon")];
  const hardware::NodeGroup& group = option.cluster->groups.front();
  const workload::TrainingJob job = scenario.job_of(option);
  const auto list = planner::candidates(planner::fill_defaults(option.space, job, group), job, group);
  const std::set<plan::UniformPlan> ours(list.begin(), list.end());
  const auto found = planner::search(option.space, job, *option.cluster, 1);
  REQUIRE(found.best.size() == 1);

  planner::Evaluator evaluator(job, *option.cluster);
  int all = 0, faster = 0, missing = 0;
  for_each_execution(job, group.ranks(), [&](const plan::UniformPlan& plan) {
    ++all;
    if (!plan::is_legal(plan, job, group)) return;
    missing += ours.count(plan) == 0;
    evaluator.take(plan, job.global_batch);
    if (evaluator.fits(group.device.memory.value)) faster += evaluator.times().total() < found.best.front().step_time;
  });
  // Calculon's 1,693,208 are these and 6 of another batch, with its overlap options and two networks for each degree.
  CHECK(all == 20160);
  CHECK(missing == 0);
  CHECK(faster == 0);
}

}  // namespace chipmix::scenario
