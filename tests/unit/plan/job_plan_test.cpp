// Plans of several pipelines: are they put into words, and is every fault told?
#include "plan/job_plan.hpp"

#include <catch2/catch.hpp>

#include "../../support/islands.hpp"
#include "../../support/models.hpp"

namespace chipmix::plan {
namespace {

const hardware::Cluster two = support::islands({{"h800-sxm5-80gb", 16}, {"ascend-910b2", 16}});

/// A stage of `tensor` x `data` ranks of an island.
Stage stage(int island, LayerRange layers, int tensor, int data) {
  Stage one;
  one.chunks = {layers};
  one.devices = {island, tensor * data};
  one.degrees = {tensor, 1, 1, data};
  return one;
}

ParallelPlan lane(std::vector<Stage> stages, int micro_batches) {
  ParallelPlan one;
  one.stages = std::move(stages);
  one.stages.front().embedding = one.stages.back().head = true;
  one.micro_batches = micro_batches;
  return one;
}

/// Eight layers: five on four stages of island a, three on one of island b; 64 sequences.
JobPlan across() { return {{lane({stage(0, {0, 2}, 2, 4), stage(0, {2, 3}, 2, 4), stage(1, {5, 3}, 4, 4)}, 16)}}; }

/// A pipeline on each island, three quarters of the batch on a.
JobPlan beside() { return {{lane({stage(0, {0, 8}, 4, 4)}, 12), lane({stage(1, {0, 8}, 4, 4)}, 4)}}; }

const workload::TrainingJob job = support::job(support::dense(8), 2048, 64);

std::string only_fault(const JobPlan& plan, const hardware::Cluster& cluster = two) {
  const auto list = faults(plan, job, cluster);
  INFO(list.size() << " faults");
  REQUIRE(list.size() == 1);
  return list.front();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("does a plan over islands say where each stage is, and how the layers are spread?") {
  CHECK(to_text(across(), two) == "a PP2 TP2 (2-3 layers each) > b PP1 TP4 (3 layers each), DP4 mbs1 x16 ZeRO-1");
  JobPlan plan = across();
  plan.lanes.front().stages[1].chunks = {{2, 2, false, true}};
  plan.lanes.front().stages[2].chunks = {{5, 3, true, false}};
  CHECK(to_text(plan, two) == "a PP2 TP2 (2-2.5 layers each) > b PP1 TP4 (3.5 layers each), DP4 mbs1 x16 ZeRO-1");
  CHECK(faults(plan, job, two).empty());
}

TEST_CASE("do pipelines side by side say their shares, and how often they meet?") {
  JobPlan plan = beside();
  CHECK(to_text(plan, two) ==
        "75 %: a PP1 TP4 (8 layers each), DP4 mbs1 x12 ZeRO-1 | 25 %: b PP1 TP4 (8 layers each), DP4 mbs1 x4 ZeRO-1");
  plan.sync_interval = 64;
  CHECK(plan.is_local());
  CHECK(has(to_text(plan, two), ", weights synchronized every 64 steps"));
}

TEST_CASE("is a plan that can run without fault?") {
  CHECK(faults(across(), job, two).empty());
  CHECK(faults(beside(), job, two).empty());
  CHECK(across().sequences() == 64);
  CHECK(beside().ranks() == 32);
}

TEST_CASE("is each fault told, in numbers?") {
  JobPlan plan = beside();
  plan.lanes[1].micro_batches = 5;
  CHECK(has(only_fault(plan), "take 68 sequences a step, the job has 64"));

  plan = across();
  plan.lanes[0].stages[1].chunks[0].count = 2;
  CHECK(has(only_fault(plan), "hold 7 layers, the model has 8"));

  plan = beside();
  plan.lanes[0].stages[0].degrees.tensor = 8;
  CHECK(has(only_fault(plan), "32 ranks of island 'a' are used, it has 16"));

  hardware::Cluster apart = two;
  apart.links.clear();
  CHECK(has(only_fault(across(), apart), "nothing joins islands 'a' and 'b'"));
}

TEST_CASE("are more stages than layers refused with the most that can be?") {
  std::vector<Stage> stages;
  for (int i = 0; i < 9; ++i) stages.push_back(stage(0, {std::min(i, 8), i < 8 ? 1 : 0}, 1, 1));
  CHECK(has(only_fault({{lane(stages, 64)}}), "9 stages x chunks for 8 layers: at most 8"));
}

TEST_CASE("do chunks that go round need a link from the last island to the first?") {
  hardware::Cluster row = support::islands({{"h800-sxm5-80gb", 8}, {"mi300x", 8}, {"ascend-910b2", 8}});
  std::erase_if(row.links, [](const hardware::IslandLink& link) { return link.one == 0 && link.other == 2; });
  JobPlan plan{{lane({stage(0, {0, 3}, 2, 4), stage(1, {3, 3}, 2, 4), stage(2, {6, 2}, 2, 4)}, 16)}};
  CHECK(faults(plan, job, row).empty());
  plan.lanes[0].interleave = 2;
  CHECK(has(only_fault(plan, row), "nothing joins islands 'c' and 'a'"));
}

TEST_CASE("are all faults told at once?") {
  JobPlan plan = across();
  plan.lanes[0].micro_batches = 15;
  plan.lanes[0].stages[2].degrees.tensor = 8;
  plan.lanes[0].stages[0].chunks[0].count = 1;
  hardware::Cluster apart = two;
  apart.links.clear();
  CHECK(faults(plan, job, apart).size() == 4);
}

}  // namespace chipmix::plan
