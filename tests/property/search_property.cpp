// What must hold for the best plan found.
#include <catch2/catch.hpp>

#include "../support/machines.hpp"
#include "../support/models.hpp"
#include "planner/search.hpp"

namespace chipmix {
namespace {

planner::SearchResult searched(const workload::TrainingJob& job, const hardware::NodeGroup& group) {
  return planner::search({}, job, support::cluster(group), 1);
}

std::vector<workload::TrainingJob> jobs() {
  return {support::job(support::dense(), 4096, 128), support::job(support::gpt(8, 4096, 32), 2048, 128),
          support::job(support::mixture(), 2048, 128), support::job(support::latent(), 2048, 128)};
}

}  // namespace

TEST_CASE("does more memory never leave fewer plans, nor a slower best one?") {
  for (const auto& job : jobs())
    for (const char* device : {"h100-sxm5-80gb", "ascend-910b2"}) {
      long long plans = 0;
      double best = 1e30;
      for (double gibibytes : {4, 5, 6, 8, 12, 16, 24, 48, 96}) {
        auto group = support::machine(device, 16);
        group.device.memory.value = Bytes{gibibytes * bytes_per_gib};
        const auto result = searched(job, group);
        INFO(job.model.id << " on " << device << " with " << gibibytes << " GiB");
        REQUIRE(result.fitting >= plans);
        plans = result.fitting;
        REQUIRE(result.best.empty() == (plans == 0));
        if (result.best.empty()) continue;
        REQUIRE(result.best.front().step_time <= best);
        best = result.best.front().step_time;
      }
      CHECK(plans > 0);
    }
}

TEST_CASE("are more devices never slower with the best plan of a batch they divide?") {
  // Twice the devices halve the work; what is left over is latency, which the best plan may avoid but not undo: the
  // step may not grow by more than 1 %.
  for (const auto& job : jobs())
    for (const char* device : {"h100-sxm5-80gb", "a100-sxm4-80gb", "ascend-910b2"}) {
      double before = 1e30;
      for (int devices : {8, 16, 32, 64, 128}) {
        const auto result = searched(job, support::machine(device, devices));
        INFO(job.model.id << " on " << devices << " " << device);
        REQUIRE_FALSE(result.best.empty());
        REQUIRE(result.best.front().step_time <= before * 1.01);
        before = result.best.front().step_time;
      }
    }
}

TEST_CASE("does a wider search never find a slower plan?") {
  for (const auto& job : jobs()) {
    const auto group = support::machine("h100-sxm5-80gb", 16);
    planner::SearchSpace narrow;
    narrow.tensor = {2, 4};
    narrow.micro_batch = {1};
    const auto some = planner::search(narrow, job, support::cluster(group), 1), all = searched(job, group);
    REQUIRE_FALSE(some.best.empty());
    CHECK(all.best.front().step_time <= some.best.front().step_time);
    CHECK(all.considered > some.considered);
  }
}

}  // namespace chipmix
