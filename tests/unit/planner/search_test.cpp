// The plan search: does it find what trying everything finds?
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <set>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "engine/analytical/analytical.hpp"
#include "laws/memory.hpp"
#include "planner/search.hpp"

namespace chipmix::planner {
namespace {

struct Case {
  std::string name;
  workload::TrainingJob job;
  hardware::Cluster cluster;
};

hardware::Cluster with_memory(const std::string& device, int devices, double gibibytes) {
  auto group = support::machine(device, devices);
  group.device.memory.value = Bytes{gibibytes * bytes_per_gib};
  return support::cluster(group);
}

/// Small questions of different kinds; memory is scarce enough in some to rule out most plans.
std::vector<Case> cases() {
  return {
      {"dense", support::job(support::dense(), 2048, 32), support::h100s(8)},
      {"dense, two servers, little memory", support::job(support::dense(), 4096, 32),
       with_memory("h100-sxm5-80gb", 16, 7)},
      {"mixture", support::job(support::mixture(16), 2048, 32), support::h100s(16)},
      {"mixture, mesh, little memory", support::job(support::mixture(), 2048, 64), with_memory("ascend-910b2", 16, 8)},
      {"latent, two ranks a package", support::job(support::latent(6), 2048, 48),
       support::cluster(support::machine("ascend-910c", 16))},
      {"gpt", support::job(support::gpt(4, 2048, 16), 1024, 24),
       support::cluster(support::machine("a100-sxm4-40gb", 8))}};
}

/// All values the search may use, far beyond what can be legal in these cases.
support::Grid everything() {
  support::Grid grid;
  grid.tensor = grid.expert = grid.pipeline = {};
  for (int i = 1; i <= 32; ++i) {
    grid.tensor.push_back(i);
    grid.expert.push_back(i);
    grid.pipeline.push_back(i);
  }
  grid.context = {1, 2, 4};
  grid.interleave = {1, 2, 3, 4, 6, 8};
  grid.micro_batch = {1, 2, 3, 4, 5, 6, 7, 8, 16};
  return grid;
}

bool in_reach(const plan::UniformPlan& plan, const Case& c) {
  const auto& group = c.cluster.groups.front();
  return plan.degrees.tensor <= group.ranks_per_node() && group.ranks_per_node() % plan.degrees.tensor == 0 &&
         (plan.degrees.context == 1 || c.job.sequence_length / plan.degrees.context >= 1024);
}

bool fits(const plan::Program& program, const hardware::NodeGroup& group, double headroom) {
  const Bytes room = group.device.memory.value / group.device.ranks * (1 - headroom);
  for (std::size_t stage = 0; stage < program.stages.size(); ++stage)
    if (laws::stage_peak(program, static_cast<int>(stage), group) > room) return false;
  return true;
}

struct Everything {
  std::vector<Found> fitting;  ///< fastest first
  std::size_t legal = 0;
};

/// Evaluates every legal plan that fits, one by one.
Everything brute_force(const Case& c) {
  Everything all;
  plan::Lowering lowering(c.job);
  engine::AnalyticalEngine engine(c.cluster);
  support::Grid grid = everything();
  grid.head_layers = fill_defaults({}, c.job, c.cluster.groups.front()).head_layers;
  for (const auto& plan : support::legal_plans(grid, c.job, c.cluster.groups.front())) {
    if (!in_reach(plan, c)) continue;
    ++all.legal;
    const plan::Program program = lowering.lower(support::laid_out(plan, c.job, c.cluster), c.cluster);
    if (fits(program, c.cluster.groups.front(), default_headroom))
      all.fitting.push_back({plan, engine.step_times(program).total()});
  }
  std::sort(all.fitting.begin(), all.fitting.end(), [](const Found& a, const Found& b) {
    return a.step_time != b.step_time ? a.step_time < b.step_time : a.plan < b.plan;
  });
  return all;
}

}  // namespace

TEST_CASE("does the search find the plan, and the time, that trying everything finds?") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const Everything all = brute_force(c);
    const SearchResult result = search({}, c.job, c.cluster, 1);
    REQUIRE_FALSE(all.fitting.empty());
    CHECK(result.considered == static_cast<long long>(all.legal));
    CHECK(result.fitting == static_cast<long long>(all.fitting.size()));
    REQUIRE(result.best.size() == 1);
    CHECK(result.best.front().step_time == Approx(all.fitting.front().step_time).epsilon(1e-12));
    CHECK(result.best.front().plan == all.fitting.front().plan);
    CHECK(result.evaluated < result.fitting);
  }
}

TEST_CASE("are the best K plans those of trying everything, in order?") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const Everything all = brute_force(c);
    for (int keep : {2, 10, 50}) {
      const SearchResult result = search({}, c.job, c.cluster, keep);
      REQUIRE(result.best.size() == std::min<std::size_t>(keep, all.fitting.size()));
      for (std::size_t i = 0; i < result.best.size(); ++i)
        CHECK(result.best[i].step_time == Approx(all.fitting[i].step_time).epsilon(1e-12));
    }
  }
}

TEST_CASE("does memory rule plans out in the cases meant to be short of it?") {
  const auto all = cases();
  for (std::size_t scarce : {1u, 3u}) {
    const SearchResult result = search({}, all[scarce].job, all[scarce].cluster, 1);
    CHECK(result.fitting < result.considered);
  }
}

TEST_CASE("is every candidate legal and listed once?") {
  for (const Case& c : cases()) {
    const auto& group = c.cluster.groups.front();
    const auto list = candidates(fill_defaults({}, c.job, group), c.job, group);
    for (const auto& plan : list) REQUIRE(plan::faults(plan, c.job, group).empty());
    CHECK(std::set<plan::UniformPlan>(list.begin(), list.end()).size() == list.size());
    CHECK_FALSE(list.empty());
  }
}

TEST_CASE("does a search keep to the values it is given?") {
  const Case c = cases()[2];
  SearchSpace space;
  space.tensor = {2};
  space.expert = {4, 8};
  space.recompute = {plan::Recompute::full};
  const SearchResult result = search(space, c.job, c.cluster, 20);
  REQUIRE_FALSE(result.best.empty());
  for (const Found& found : result.best) {
    CHECK(found.plan.degrees.tensor == 2);
    CHECK((found.plan.degrees.expert == 4 || found.plan.degrees.expert == 8));
    CHECK(found.plan.recompute == plan::Recompute::full);
  }
}

TEST_CASE("does headroom keep its share of memory free?") {
  const Case c = cases()[1];
  SearchSpace tight, roomy;
  tight.headroom = 0;
  roomy.headroom = 0.5;
  const SearchResult all = search(tight, c.job, c.cluster, 1), some = search(roomy, c.job, c.cluster, 1);
  CHECK(some.fitting < all.fitting);
  const auto& group = c.cluster.groups.front();
  if (!some.best.empty()) CHECK(fits(support::lowered(some.best.front().plan, c.job, c.cluster), group, 0.5));
}

TEST_CASE("where nothing fits, is the nearest miss named with its need?") {
  const Case c{"", support::job(support::gpt(8, 4096, 32)), with_memory("h100-sxm5-80gb", 8, 3.5)};
  const auto& group = c.cluster.groups.front();
  const SearchResult result = search({}, c.job, c.cluster, 1);
  CHECK(result.best.empty());
  CHECK(result.fitting == 0);
  double least = 1e30;
  for (const auto& plan : candidates(fill_defaults({}, c.job, group), c.job, group)) {
    const plan::Program program = support::lowered(plan, c.job, c.cluster);
    double worst = 0;
    for (int stage = 0; stage < plan.pipeline; ++stage)
      worst = std::max(worst, gib(laws::stage_peak(program, stage, group)));
    least = std::min(least, worst);
  }
  char need[40];
  std::snprintf(need, sizeof need, "needs %.1f GiB on a rank with 3.5 GiB", least);
  INFO(result.nearest_miss);
  CHECK(result.nearest_miss.find(need) != std::string::npos);
}

TEST_CASE("is a job that nothing divides answered with no plan, not with an error?") {
  auto job = support::job(support::dense(7), 2048, 7);
  job.model.attention.heads = 3;
  const Case c{"", job, support::h100s(16)};
  const SearchResult result = search({}, c.job, c.cluster, 1);
  CHECK(result.considered == 0);
  CHECK(result.best.empty());
}

TEST_CASE("does progress rise to one?") {
  const Case c = cases()[0];
  double last = 0;
  search({}, c.job, c.cluster, 1, [&](double share) {
    CHECK(share >= last);
    CHECK(share <= 1);
    last = share;
  });
  CHECK(last == 1);
}

}  // namespace chipmix::planner
