// Bounds of pipelines before their layers are laid out: does any layout, played, go below them?
#include "planner/mix/lane_bound.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "engine/analytical/pipeline.hpp"

namespace chipmix::planner {
namespace {

/// Units on stages of different speeds, sends of different lengths between them.
struct Pipeline {
  std::vector<OrderedStage> stages;
  std::vector<int> units;  ///< of each stage
  double work = 0;
  int micro_batches = 1;

  double played() const {
    std::vector<engine::StageTimes> times;
    for (std::size_t s = 0; s < stages.size(); ++s) {
      const double busy = units[s] / stages[s].rate;
      const double forward = busy / 3 + stages[s].fixed / 2, backward = 2 * busy / 3 + stages[s].fixed / 2;
      times.push_back({{forward}, {backward}, stages[s].delay / 2});
    }
    return engine::PipelinePlayer().play({static_cast<int>(stages.size()), 1, micro_batches}, times);
  }
};

Pipeline random_pipeline(std::mt19937& random) {
  const auto real = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
  Pipeline one;
  const int stages = std::uniform_int_distribution<int>(1, 9)(random);
  one.micro_batches = std::uniform_int_distribution<int>(1, 40)(random);
  for (int s = 0; s < stages; ++s) {
    const bool is_last = s + 1 == stages, is_slow = real(0, 1) < 0.3;
    one.stages.push_back({real(0.5, 2), is_last ? 0 : real(0, 0.2),
                          is_last   ? 0
                          : is_slow ? real(0, 20)
                                    : real(0, 0.1)});
    one.units.push_back(std::uniform_int_distribution<int>(1, 6)(random));
    one.work += one.units.back();
  }
  return one;
}

}  // namespace

TEST_CASE("is no pipeline of random speeds, cuts and sends faster than its bound?") {
  std::mt19937 random(3);
  double closest = 0;
  for (int round = 0; round < 2000; ++round) {
    const Pipeline one = random_pipeline(random);
    const double bound = in_order_bound(one.stages, one.work, one.micro_batches), played = one.played();
    INFO(one.stages.size() << " stages, " << one.micro_batches << " micro-batches");
    REQUIRE(bound <= played * (1 + 1e-9));
    closest = std::max(closest, bound / played);
  }
  CHECK(closest > 0.99);  // it says something
}

TEST_CASE("is the bound of like stages that of the best cut, by hand?") {
  // 4 stages, 10 micro-batches, 4 seconds of work to divide at will: stage s has to end by X, so that 10 w_s is what
  // the stages before it leave of X: w = X/10, 9/10 of that, 81/100, 729/1000; their sum is 4.
  CHECK(in_order_bound(std::vector<OrderedStage>(4, {1, 0, 0}), 4, 10) == Approx(4 / 0.3439));
}

TEST_CASE("does a slow link behind the first stage idle the stages after it?") {
  // Stage 1 of 2 holds one micro-batch at a time, stage 0 two: every two micro-batches wait once for the way there and
  // back, 10 s, and for both passes, 2 s; 10 micro-batches make 5 such rounds.
  const std::vector<OrderedStage> stages{{1, 0, 10}, {1, 0, 0}};
  const double bound = in_order_bound(stages, 2, 10);
  CHECK(bound == Approx(5 * 12));
  const Pipeline pipeline{stages, {1, 1}, 2, 10};
  CHECK(pipeline.played() >= bound);
  CHECK(pipeline.played() <= 1.2 * bound);
}

TEST_CASE("do whole units take longer than divided ones, and does memory turn a shape down?") {
  // 7 units over 4 like stages: two on one of them, 2 seconds, where 7/4 would be enough if they could be divided
  CHECK(whole_unit_bound({{1, 10, 4, 0}}, 7) == Approx(2));
  CHECK(whole_unit_bound({{1, 10, 4, 0.5}}, 7) == Approx(2.5));
  CHECK(whole_unit_bound({{1, 10, 1, 0}, {3, 10, 1, 0}}, 5) == Approx(4));  // 4 here, 1 there
  CHECK(std::isinf(whole_unit_bound({{1, 1, 4, 0}}, 7)));
}

}  // namespace chipmix::planner
