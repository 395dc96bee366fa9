// The plan search: does it find what trying everything finds?
#include <catch2/catch.hpp>
#include <cstdio>
#include <set>

#include "brute_force.hpp"

namespace chipmix::planner {

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
  SearchLimits effort;
  effort.progress = [&](const SearchProgress& standing) {
    CHECK(standing.share >= last);
    CHECK(standing.share <= 1);
    CHECK(standing.bound <= (standing.best > 0 ? standing.best : 1e9));
    last = standing.share;
  };
  search({}, c.job, c.cluster, effort);
  CHECK(last == 1);
}

}  // namespace chipmix::planner
