// Searches on several threads, stopped ones, and those asked again: the same plans, and honest bounds.
#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "brute_force.hpp"
#include "planner/searcher.hpp"

namespace chipmix::planner {
namespace {

SearchSpace all_dimensions() {
  SearchSpace space;
  space.schedule = {plan::ScheduleKind::one_f_one_b, plan::ScheduleKind::interleaved, plan::ScheduleKind::zb_h1,
                    plan::ScheduleKind::zb_h2,       plan::ScheduleKind::zb_v,        plan::ScheduleKind::dualpipe,
                    plan::ScheduleKind::dualpipe_v};
  space.sequence_parallel = {true, false};
  return space;
}

/// Random small questions: models, batches, machines and memory.
std::vector<Case> random_cases(int count) {
  std::mt19937 random(20240607);
  const auto pick = [&](auto... values) {
    const std::vector list = {values...};
    return list[random() % list.size()];
  };
  std::vector<Case> list;
  for (int i = 0; i < count; ++i) {
    const workload::ModelSpec models[] = {support::dense(pick(4, 6, 8)), support::gpt(pick(4, 8), 2048, 16),
                                          support::mixture(pick(4, 8)), support::latent(pick(4, 6))};
    auto job = support::job(models[random() % 4], pick(1024, 2048, 4096), pick(8, 16, 24, 32));
    list.push_back(
        {std::to_string(i), job,
         with_memory(pick("h100-sxm5-80gb", "a100-sxm4-40gb", "ascend-910b2"), pick(8, 16), pick(9, 20, 80))});
  }
  return list;
}

SearchLimits effort(int keep, int jobs = 1, bool diverse = false) {
  SearchLimits effort;
  effort.keep = keep;
  effort.jobs = jobs;
  effort.diverse = diverse;
  return effort;
}

void check_same(const SearchResult& a, const SearchResult& b) {
  CHECK(a.considered == b.considered);
  CHECK(a.fitting == b.fitting);
  CHECK(a.evaluated == b.evaluated);
  CHECK(a.complete == b.complete);
  CHECK(a.bound == b.bound);
  CHECK(a.nearest_miss == b.nearest_miss);
  REQUIRE(a.best.size() == b.best.size());
  for (std::size_t i = 0; i < a.best.size(); ++i) {
    CHECK(a.best[i].plan == b.best[i].plan);
    CHECK(a.best[i].step_time == b.best[i].step_time);
    CHECK(a.best[i].times.seconds == b.best[i].times.seconds);
  }
}

}  // namespace

TEST_CASE("with every schedule and sequence parallelism, is the best of everything found?") {
  const SearchSpace space = all_dimensions();
  for (const Case& c : random_cases(4)) {
    INFO(c.name);
    const Everything all = brute_force(c, space);
    const SearchResult result = search(space, c.job, c.cluster, 5);
    CHECK(result.considered == static_cast<long long>(all.legal));
    CHECK(result.fitting == static_cast<long long>(all.fitting.size()));
    CHECK(result.complete);
    REQUIRE(result.best.size() == std::min<std::size_t>(5, all.fitting.size()));
    for (std::size_t i = 0; i < result.best.size(); ++i)
      CHECK(result.best[i].step_time == Approx(all.fitting[i].step_time).epsilon(1e-12));
    if (!result.best.empty()) CHECK(result.gap() == 0);
  }
}

TEST_CASE("is no plan faster than its bound, nor that below the outline of its shape before it is lowered?") {
  for (const Case& c : random_cases(2)) {
    Evaluator evaluator(c.job, c.cluster);
    std::map<std::array<int, 6>, UnitTimes> known;
    double closest = 0;
    for (const Found& found : brute_force(c, all_dimensions()).fitting) {
      evaluator.take(found.plan, c.job.global_batch);
      REQUIRE(evaluator.bound() <= found.step_time * (1 + 1e-12));
      REQUIRE(evaluator.floor(c.job.global_batch) <= evaluator.bound());
      const auto& [degrees, pipeline, micro_batch] =
          std::tie(found.plan.degrees, found.plan.pipeline, found.plan.micro_batch);
      const std::array<int, 6> blocks{degrees.tensor, degrees.context, degrees.expert,
                                      micro_batch,    pipeline == 1,   found.plan.sequence_parallel};
      if (!known.contains(blocks)) known.emplace(blocks, evaluator.unit_times(found.plan, pipeline == 1));
      const int micro_batches = c.job.global_batch / (micro_batch * degrees.data);
      const double outline =
          outline_bound(found.plan, found.plan.recompute, micro_batches, known.at(blocks), evaluator.outline_facts());
      REQUIRE(outline <= evaluator.bound() * (1 + 1e-12));
      closest = std::max(closest, outline / found.step_time);
    }
    CHECK(closest > 0.9);  // it says something
  }
}

TEST_CASE("is the result the same, counts included, for any number of threads?") {
  for (const Case& c : random_cases(4))
    for (bool diverse : {false, true}) {
      const SearchResult one = search(all_dimensions(), c.job, c.cluster, effort(10, 1, diverse));
      for (int jobs : {2, 3, 16})
        check_same(one, search(all_dimensions(), c.job, c.cluster, effort(10, jobs, diverse)));
    }
}

TEST_CASE("does a searcher asked for another batch answer as a new one does?") {
  for (const Case& c : cases()) {
    INFO(c.name);
    Searcher searcher({}, c.job, c.cluster);
    for (int batch : {c.job.global_batch, 64, 7, c.job.global_batch}) {
      auto job = c.job;
      job.global_batch = batch;
      check_same(searcher.search(batch, effort(3, 2)), search({}, job, c.cluster, 3));
    }
  }
}

TEST_CASE("whenever it is stopped, does a search say how much better it could be at most?") {
  for (const Case& c : random_cases(4)) {
    INFO(c.name);
    const SearchResult whole = search(all_dimensions(), c.job, c.cluster, 1);
    if (whole.best.empty()) continue;
    for (int questions : {0, 1, 2, 10, 100, 150, 1000})
      for (int jobs : {1, 2}) {
        std::atomic<int> asked{0};
        SearchLimits some = effort(1, jobs);
        some.stop = [&] { return asked++ >= questions; };
        const SearchResult result = search(all_dimensions(), c.job, c.cluster, some);
        CHECK(result.bound <= whole.best.front().step_time);
        CHECK(result.bound > 0);
        CHECK(result.considered == whole.considered);
        if (result.best.empty()) {
          CHECK_FALSE(result.complete);
          continue;
        }
        CHECK(result.best.front().step_time >= whole.best.front().step_time);
        CHECK(result.gap() >= 0);
        if (result.complete) check_same(result, whole);
      }
  }
}

TEST_CASE("are the fastest plans the same where those that fit are not counted, and fewer looked at?") {
  std::vector<Case> list = cases();
  for (const Case& c : random_cases(3)) list.push_back(c);
  for (const Case& c : list)
    for (bool diverse : {false, true}) {
      INFO(c.name);
      Searcher searcher(all_dimensions(), c.job, c.cluster);
      const SearchResult all = searcher.search(c.job.global_batch, effort(5, 1, diverse));
      for (int jobs : {1, 3}) {
        const SearchResult quick = searcher.fastest(c.job.global_batch, effort(5, jobs, diverse));
        CHECK(quick.complete);
        CHECK(quick.considered == all.considered);
        CHECK(quick.fitting <= all.fitting);
        CHECK(quick.bound == all.bound);
        CHECK(quick.nearest_miss == all.nearest_miss);
        REQUIRE(quick.best.size() == all.best.size());
        for (std::size_t i = 0; i < all.best.size(); ++i) {
          CHECK(quick.best[i].plan == all.best[i].plan);
          CHECK(quick.best[i].step_time == all.best[i].step_time);
        }
      }
    }
}

TEST_CASE("does a search stopped early that does not count still name a plan and an honest bound?") {
  const Case c = cases()[2];
  const double best = search({}, c.job, c.cluster, 1).best.front().step_time;
  for (int questions : {0, 1, 5, 50}) {
    std::atomic<int> asked{0};
    SearchLimits some = effort(1);
    some.stop = [&] { return asked++ >= questions; };
    const SearchResult result = Searcher({}, c.job, c.cluster).fastest(c.job.global_batch, some);
    CHECK(result.bound > 0);
    CHECK(result.bound <= best);
    if (questions > 1) REQUIRE_FALSE(result.best.empty());
    if (!result.best.empty()) CHECK(result.best.front().step_time >= best);
  }
}

TEST_CASE("are diverse plans the fastest of their degrees, and no two of the same?") {
  for (const Case& c : cases()) {
    INFO(c.name);
    using Key = std::array<int, 4>;
    const auto key = [](const plan::UniformPlan& p) {
      return Key{p.degrees.tensor, p.pipeline, p.degrees.context, p.degrees.expert};
    };
    std::vector<Found> expected;
    std::set<Key> seen;
    for (const Found& found : brute_force(c).fitting)
      if (seen.insert(key(found.plan)).second) expected.push_back(found);
    const SearchResult result = search({}, c.job, c.cluster, effort(6, 1, true));
    REQUIRE(result.best.size() == std::min<std::size_t>(6, expected.size()));
    for (std::size_t i = 0; i < result.best.size(); ++i) {
      CHECK(result.best[i].step_time == Approx(expected[i].step_time).epsilon(1e-12));
      CHECK(key(result.best[i].plan) == key(expected[i].plan));
    }
  }
}

}  // namespace chipmix::planner
