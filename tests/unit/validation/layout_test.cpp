// Where a record's layers stand: Megatron's layouts, lists by chunk, halves of layers.
#include <catch2/catch.hpp>
#include <numeric>

#include "validation/run_layout.hpp"

using namespace chipmix;
using namespace chipmix::validation;

namespace {

int sum(const std::vector<int>& list) { return std::accumulate(list.begin(), list.end(), 0); }

plan::ParallelPlan empty(int stages, int interleave) {
  plan::ParallelPlan plan;
  plan.stages.resize(stages);
  plan.interleave = interleave;
  for (plan::Stage& stage : plan.stages) stage.chunks.resize(interleave);
  return plan;
}

/// First layer and count of each chunk of a stage.
using Ranges = std::vector<std::pair<int, int>>;
Ranges ranges(const plan::Stage& stage) {
  Ranges list;
  for (const plan::LayerRange& range : stage.chunks) list.emplace_back(range.first, range.count);
  return list;
}

}  // namespace

TEST_CASE("layouts of DeepSeek-V3's 61 layers over 32 chunks") {
  const auto last = layers_of_layout("Et|(tt|)*14,t|(tt|)*15,tL");
  REQUIRE(last.size() == 32);
  CHECK(sum(last) == 61);
  CHECK(last.front() == 1);
  CHECK(last[14] == 2);
  CHECK(last[15] == 1);
  CHECK(last[30] == 2);
  CHECK(last.back() == 1);
  const auto prediction = layers_of_layout("Et|(tt|)*30mL");  // the last chunk has no layer but the prediction layer
  REQUIRE(prediction.size() == 32);
  CHECK(sum(prediction) == 61);
  CHECK(prediction.front() == 1);
  CHECK(prediction.back() == 0);
  CHECK(layers_of_layout("Ettt|(ttt|)*2ttL") == std::vector<int>{3, 3, 3, 2});
}

TEST_CASE("text that is no layout is none") {
  for (const char* text :
       {"", "Et", "16", "default", "1F1B|interleaved", "Et|xx|tL", "|tt|tt|", "Et|(tt|*3tL", "E-t|t"})
    CHECK(layers_of_layout(text).empty());
  CHECK(layers_of_layout("Et|(" + std::string(100, 't') + "|)*999999999tL").size() < 5000);  // of bounded length
}

TEST_CASE("a layout fills chunks round and round, a list by chunk in its own order") {
  RunPlan run;
  run.layout = "Et|(tt|)*2tL";
  plan::ParallelPlan plan = empty(2, 2);
  REQUIRE(place_layers(run, 6, plan));
  CHECK(ranges(plan.stages[0]) == Ranges{{0, 1}, {3, 2}});
  CHECK(ranges(plan.stages[1]) == Ranges{{1, 2}, {5, 1}});

  RunPlan listed;
  listed.layers_per_chunk = {{3, 2}, {2, 1}};
  plan = empty(2, 2);
  REQUIRE(place_layers(listed, 8, plan));
  CHECK(ranges(plan.stages[0]) == Ranges{{0, 3}, {5, 2}});
  CHECK(ranges(plan.stages[1]) == Ranges{{3, 2}, {7, 1}});
}

TEST_CASE("a list that does not match the model changes nothing and says so") {
  RunPlan run;
  run.layers_per_chunk = {{3, 2}, {2, 1}};
  for (auto [stages, interleave, layers] : {std::array{2, 2, 9}, {4, 2, 8}, {2, 1, 8}}) {
    plan::ParallelPlan plan = empty(stages, interleave);
    CHECK_FALSE(place_layers(run, layers, plan));
    CHECK(plan.stages[0].chunks.size() == static_cast<std::size_t>(interleave));
    CHECK(plan.stages[0].layers() == 0);
  }
  run = {};
  run.layout = "Et|tt|tL";
  plan::ParallelPlan plan = empty(2, 1);
  CHECK_FALSE(place_layers(run, 4, plan));
}

TEST_CASE("with ends counted as layers the first and the last stage have one fewer") {
  RunPlan run;
  run.ends_count_as_layers = true;
  plan::ParallelPlan plan = empty(4, 1);
  REQUIRE(place_layers(run, 30, plan));  // 32 places
  CHECK(ranges(plan.stages[0]) == Ranges{{0, 7}});
  CHECK(ranges(plan.stages[1]) == Ranges{{7, 8}});
  CHECK(ranges(plan.stages[3]) == Ranges{{23, 7}});
}

TEST_CASE("a half of a layer is cut between attention and MLP") {
  RunPlan run;
  run.stages = {{1.5, {}}, {2, {}}, {0.5, {}}};
  plan::ParallelPlan plan = empty(3, 1);
  REQUIRE(place_layers(run, 4, plan));
  const auto& first = plan.stages[0].chunks[0];
  const auto& middle = plan.stages[1].chunks[0];
  const auto& last = plan.stages[2].chunks[0];
  CHECK(ranges(plan.stages[0]) == Ranges{{0, 1}});
  CHECK_FALSE(first.mlp_before);
  CHECK(first.attention_after);  // of layer 1
  CHECK(ranges(plan.stages[1]) == Ranges{{2, 1}});
  CHECK(middle.mlp_before);       // of layer 1
  CHECK(middle.attention_after);  // of layer 3
  CHECK(ranges(plan.stages[2]) == Ranges{{4, 0}});
  CHECK(last.mlp_before);
  CHECK_FALSE(last.attention_after);
  CHECK(first.layers() + middle.layers() + last.layers() == 4);
  run.stages[0].layers = 2.5;
  plan = empty(3, 1);
  CHECK_FALSE(place_layers(run, 4, plan));
}
