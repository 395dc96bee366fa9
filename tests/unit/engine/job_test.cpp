// Several pipelines on several islands: who waits for whom, and for what?
#include <catch2/catch.hpp>

#include "../../support/islands.hpp"
#include "../../support/models.hpp"
#include "engine/analytical/analytical.hpp"

namespace chipmix::engine {
namespace {

const workload::TrainingJob job = support::job(support::gpt(8), 2048, 64);

hardware::Cluster joined(double links, const std::string& link = "rdma-mixed-200") {
  return support::islands({{"h100-sxm5-80gb", 8}, {"a100-sxm4-80gb", 8}}, link, links);
}

plan::ParallelPlan lane(int island, int micro_batches) {
  plan::ParallelPlan one;
  one.micro_batches = micro_batches;
  plan::Stage stage;
  stage.chunks = {{0, job.model.layers}};
  stage.devices = {island, 8};
  stage.degrees = {2, 1, 1, 4};
  stage.embedding = stage.head = true;
  one.stages = {stage};
  return one;
}

/// Four layers on each island.
plan::ParallelPlan across() {
  plan::ParallelPlan one = lane(0, 16);
  one.stages.push_back(one.stages.front());
  one.stages[0].chunks = {{0, 4}};
  one.stages[1].chunks = {{4, 4}};
  one.stages[1].devices.node_group = 1;
  one.stages[0].head = one.stages[1].embedding = false;
  return one;
}

Times times(const plan::JobPlan& plan, const hardware::Cluster& cluster) {
  plan::Lowering lowering(job);
  return AnalyticalEngine(cluster).step_times(plan::lower(lowering, plan, cluster));
}

estimate::Estimate estimate_of(const plan::JobPlan& plan, const hardware::Cluster& cluster) {
  plan::Lowering lowering(job);
  return std::get<estimate::Estimate>(AnalyticalEngine(cluster).estimate(plan::lower(lowering, plan, cluster)));
}

double exchange(const Times& times) { return times[Spent::island_sync]; }

}  // namespace

TEST_CASE("does the slower pipeline set the step, and does only the exchange come on top?") {
  const auto cluster = joined(8);
  const double fast = times({{lane(0, 8)}}, cluster).total(), slow = times({{lane(1, 8)}}, cluster).total();
  REQUIRE(slow > fast);
  const Times both = times({{lane(0, 8), lane(1, 8)}}, cluster);
  CHECK(exchange(both) > 0);
  // the slowest of twice as many ranks is waited for
  CHECK(both.total() - exchange(both) >= slow);
  CHECK(both.total() - exchange(both) <= 1.05 * slow);
  CHECK(exchange(times({{lane(0, 16)}}, cluster)) == 0);
}

TEST_CASE("is a share of the batch by speed faster than an even one?") {
  const auto cluster = joined(8);
  CHECK(times({{lane(0, 11), lane(1, 5)}}, cluster).total() < times({{lane(0, 8), lane(1, 8)}}, cluster).total());
}

TEST_CASE("does meeting every H steps cost an H-th of meeting in every step?") {
  const auto cluster = joined(8);
  const double each = exchange(times({{lane(0, 8), lane(1, 8)}}, cluster));
  for (int interval : {2, 16, 500})
    CHECK(exchange(times({{lane(0, 8), lane(1, 8)}, interval}, cluster)) == Approx(each / interval));
}

TEST_CASE("is the exchange twice the weights' gradients over the links, by hand?") {
  // two islands send the sum to one another at once: S bytes each way at e·B·n, in 2 messages
  const auto cluster = joined(2, "tcp-100");
  const auto& link = cluster.links.front().link;
  const double weights = workload::count_parameters(job.model).total;
  double width = 0;
  for (const auto& group : cluster.groups) width = std::max(width, group.stack.gradient_bytes.value);
  const double seconds = width * weights / (2 * link.bandwidth.value.value() * link.efficiency.value);
  CHECK(exchange(times({{lane(0, 8), lane(1, 8)}}, cluster)) == Approx(seconds).epsilon(0.01));
}

TEST_CASE("are more links between islands never slower?") {
  for (const plan::JobPlan& plan : {plan::JobPlan{{across()}}, plan::JobPlan{{lane(0, 10), lane(1, 6)}}}) {
    double before = std::numeric_limits<double>::infinity();
    for (double links : {0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 64.0}) {
      const double now = times(plan, joined(links)).total();
      CHECK(now <= before * (1 + 1e-12));
      before = now;
    }
  }
}

TEST_CASE("can a pipeline pass no more micro-batches than the link between its islands?") {
  const auto cluster = joined(1, "internet-4");
  const plan::JobPlan plan{{across()}};
  plan::Lowering lowering(job);
  AnalyticalEngine engine(cluster);
  const plan::JobProgram program = plan::lower(lowering, plan, cluster);
  const auto& stages = program.lanes.front().stages;
  const double send = engine.send_time(stages[0], stages[1]).value();
  const double step = engine.step_times(program).total();
  CHECK(step > 2 * 16 * send);
  CHECK(step < 1.2 * 2 * 16 * send + times({{across()}}, joined(64)).total());
}

TEST_CASE("do the seconds of a mix's ledger add up to its step, and its bytes to each stage's peak?") {
  for (const plan::JobPlan& plan : {plan::JobPlan{{across()}}, plan::JobPlan{{lane(0, 10), lane(1, 6)}}}) {
    const estimate::Estimate estimate = estimate_of(plan, joined(4));
    CHECK(estimate.time.total().value() == Approx(estimate.step_time.value()).epsilon(1e-12));
    CHECK((estimate.time.total(name(Spent::island_sync)).value() > 0) == (plan.lanes.size() > 1));
  }
}

TEST_CASE("do pipelines that meet now and then hold the outer optimizer's state, too?") {
  const auto cluster = joined(8);
  plan::Lowering lowering(job);
  const plan::JobProgram each = plan::lower(lowering, {{lane(0, 8), lane(1, 8)}}, cluster);
  const plan::JobProgram seldom = plan::lower(lowering, {{lane(0, 8), lane(1, 8)}, 64}, cluster);
  CHECK(each.lanes[0].outer_bytes == 0);
  CHECK(seldom.lanes[0].outer_bytes > 0);
  const auto peak = [&](const plan::JobProgram& program) {
    const auto outcome = AnalyticalEngine(cluster).estimate(program);
    return std::get<estimate::Estimate>(outcome).memory.front().use.total().value();
  };
  CHECK(peak(seldom) > peak(each));
}

TEST_CASE("is a job whose islands have to exchange and are not joined infeasible, with the reason?") {
  auto cluster = joined(1);
  cluster.links.clear();
  plan::Lowering lowering(job);
  const auto outcome = AnalyticalEngine(cluster).estimate(plan::lower(lowering, {{lane(0, 8), lane(1, 8)}}, cluster));
  REQUIRE(std::holds_alternative<estimate::Infeasible>(outcome));
  CHECK_FALSE(std::get<estimate::Infeasible>(outcome).explanation.empty());
}

}  // namespace chipmix::engine
