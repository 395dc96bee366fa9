// Pipelines whose layers are cut between attention and MLP: is nothing lost, and is it done only where it pays?
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>

#include "../../support/islands.hpp"
#include "../../support/models.hpp"
#include "planner/mix/lane_search.hpp"

namespace chipmix::planner {
namespace {

const hardware::Cluster two = support::islands({{"h800-sxm5-80gb", 8}, {"ascend-910b2", 8}});

struct Cut {
  explicit Cut(const workload::ModelSpec& model)
      : lowering(support::job(model, 2048, 16)), engine(two), context{two, model.layers, default_headroom, 0} {
    for (int island : {0, 1}) {
      const auto options = stage_options({}, island, 4, 1, 16, lowering, engine);
      whole.push_back(options.front());
    }
    for (const StageOption& option : whole) halves.push_back(with_cut_layers(option, 1, lowering, engine));
    shape.micro_batches = 4;
    for (const StageOption& option : halves) shape.options.push_back(&option);
  }

  plan::Lowering lowering;
  engine::AnalyticalEngine engine;
  LaneContext context;
  std::vector<StageOption> whole, halves;
  LaneShape shape;
};

/// Strictly growing ends of stages, the last at the last unit.
std::vector<int> random_ends(std::mt19937& random, int stages, int units) {
  std::vector<int> all(units - 1);
  std::iota(all.begin(), all.end(), 1);
  std::shuffle(all.begin(), all.end(), random);
  std::vector<int> ends(all.begin(), all.begin() + stages - 1);
  ends.push_back(units);
  std::sort(ends.begin(), ends.end());
  return ends;
}

}  // namespace

TEST_CASE("is every half of every layer on exactly one stage, wherever the borders are?") {
  Cut cut(support::mixture(6));
  std::mt19937 random(7);
  const int stages = cut.shape.stages();
  for (int round = 0; round < 200; ++round) {
    const auto ends = random_ends(random, stages, 2 * 6 + 2);
    const auto plan = lay_out(cut.shape, ends, cut.context);
    REQUIRE(plan);
    int at = 0;  // halves
    for (const plan::Stage& stage : plan->stages) {
      REQUIRE(stage.chunks.size() == 1);
      const plan::LayerRange& range = stage.chunks.front();
      if (range.layers() == 0) continue;
      CHECK(2 * range.first - int{range.mlp_before} == at);
      CHECK(range.mlp_before == (at % 2 == 1));
      at += static_cast<int>(2 * range.layers());
    }
    CHECK(at == 2 * 6);
    CHECK(plan::faults(plan::JobPlan{{*plan}}, cut.lowering.job(), two).empty());
  }
}

TEST_CASE("do cut stages hold the model's weights once?") {
  Cut cut(support::mixture(6));
  std::mt19937 random(11);
  const auto weights = [&](const plan::Program& program) {
    double sum = 0;
    for (const plan::StageProgram& stage : program.stages)
      sum += stage.parameters.dense * stage.degrees.tensor + stage.parameters.experts * stage.degrees.expert;
    return sum;
  };
  const int stages = cut.shape.stages();
  double known = 0;
  for (int round = 0; round < 50; ++round) {
    const auto plan = lay_out(cut.shape, random_ends(random, stages, 2 * 6 + 2), cut.context);
    const double sum = weights(cut.lowering.lower(*plan, two));
    if (known == 0) known = sum;
    CHECK(sum == Approx(known).epsilon(1e-12));
  }
}

TEST_CASE("do the halves of a layer take about as long as the layer?") {
  for (const auto& model : {support::dense(6), support::mixture(6)}) {
    Cut cut(model);
    for (std::size_t island = 0; island < 2; ++island) {
      const UnitTable whole =
          unit_table(cut.whole[island], plan::Recompute::none, plan::Zero::optimizer, 0, two.groups[island]);
      const UnitTable halves =
          unit_table(cut.halves[island], plan::Recompute::none, plan::Zero::optimizer, 0, two.groups[island]);
      CHECK(halves.time.size() == whole.time.size() + 6);
      CHECK(halves.time.back() == Approx(whole.time.back()).epsilon(0.1));
      CHECK(halves.state.back() == Approx(whole.state.back()).epsilon(1e-9));
      CHECK(halves.saved.back() == Approx(whole.saved.back()).epsilon(1e-9));
    }
  }
}

TEST_CASE("are layers cut where stages are few layers deep, and left whole where that saves nothing?") {
  const auto is_cut = [](int layers) {
    SearchSpace space;
    space.tensor = {1};
    space.context = {1};
    space.micro_batch = {2};  // or the host's launches, not the devices, set the pace
    space.interleave = {1};
    const auto job = support::job(support::gpt(layers), 8192, 64);
    hardware::Cluster cluster = support::islands({{"h100-sxm5-80gb", 8}, {"a100-sxm4-80gb", 8}});
    const LaneResult found = LaneSearch(job, cluster, {0, 1}, space, 0, 0).search(64, {});
    REQUIRE(!found.best.empty());
    double layers_held = 0;
    bool cut = false;
    for (const plan::Stage& stage : found.best.front().plan.stages) {
      layers_held += stage.layers();
      cut = cut || stage.chunks.front().is_cut();
    }
    CHECK(layers_held == layers);
    return cut;
  };
  int cuts = 0, wholes = 0;
  for (int layers : {3, 4, 5, 6, 7}) (is_cut(layers) ? cuts : wholes)++;
  CHECK(cuts > 0);
  CHECK_FALSE(is_cut(96));
}

}  // namespace chipmix::planner
