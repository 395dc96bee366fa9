// The pipeline player: does a played schedule last as long as its closed form?
//
// m micro-batches, p stages, v chunks per stage, f and b seconds of a stage's forward and backward pass:
//   1F1B, GPipe   (m + p - 1)(f + b)
//   interleaved   m(f + b) + (p - 1)(f + b)/v            arXiv:2104.04473, section 2.2
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "engine/analytical/pipeline.hpp"

namespace chipmix::engine {
namespace {

constexpr double f = 1.25, b = 2.5;

StageTimes even(int chunks, double send = 0) {
  return {std::vector<double>(chunks, f / chunks), std::vector<double>(chunks, b / chunks), send};
}

double play(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages) {
  return PipelinePlayer().play(shape, stages);
}

double play_even(const plan::PipelineShape& shape, double send = 0) {
  return play(shape, std::vector<StageTimes>(shape.stages, even(shape.interleave, send)));
}

}  // namespace

TEST_CASE("does a single stage take the time of its micro-batches?") {
  for (int m : {1, 2, 7, 64}) CHECK(play_even({1, 1, m}) == Approx(m * (f + b)));
}

TEST_CASE("does 1F1B over equal stages take (m + p - 1)(f + b)?") {
  for (int p = 1; p <= 8; ++p)
    for (int m = 1; m <= 20; ++m) {
      INFO(p << " stages, " << m << " micro-batches");
      REQUIRE(play_even({p, 1, m}) == Approx((m + p - 1) * (f + b)).epsilon(1e-12));
    }
}

TEST_CASE("does GPipe over equal stages take as long as 1F1B, and less where activations travel slowly?") {
  for (int p = 1; p <= 8; ++p)
    for (int m = 1; m <= 20; ++m)
      REQUIRE(play_even({p, 1, m, plan::ScheduleKind::gpipe}) == Approx((m + p - 1) * (f + b)).epsilon(1e-12));
  // all forwards stream, so each direction pays the way through once: 1F1B pays for it with every turn
  const double send = 0.5;
  CHECK(play_even({4, 1, 16, plan::ScheduleKind::gpipe}, send) == Approx(19 * (f + b) + 2 * 3 * send));
  CHECK(play_even({4, 1, 16}, send) > 19 * (f + b) + 2 * 3 * send);
}

TEST_CASE("is the bubble of an interleaved schedule (p - 1)(f + b)/v?") {
  for (int p = 2; p <= 8; ++p)
    for (int v = 2; v <= 4; ++v)
      for (int groups = 1; groups <= 4; ++groups) {
        INFO(p << " stages, " << v << " chunks, " << groups << " groups of micro-batches");
        const int m = groups * p;
        REQUIRE(play_even({p, v, m}) == Approx(m * (f + b) + (p - 1) * (f + b) / v).epsilon(1e-12));
      }
}

TEST_CASE("does one micro-batch meet every pass and every send once?") {
  for (int p : {1, 2, 5}) CHECK(play_even({p, 1, 1}, 0.5) == Approx(p * (f + b) + 2 * (p - 1) * 0.5));
}

TEST_CASE("do uneven stages take at least the busiest one's work, and at most everything in a row?") {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> seconds(0.1, 2);
  for (int round = 0; round < 300; ++round) {
    const int p = 1 + round % 6, v = p > 1 ? 1 + round % 3 : 1, m = p * (1 + round % 4);
    std::vector<StageTimes> stages(p);
    double busiest = 0, all = 0, path = 0;
    for (StageTimes& stage : stages) {
      double work = 0;
      for (int chunk = 0; chunk < v; ++chunk) {
        stage.forward.push_back(seconds(random));
        stage.backward.push_back(seconds(random));
        work += stage.forward.back() + stage.backward.back();
      }
      busiest = std::max(busiest, m * work);
      all += m * work;
      path += work;
    }
    const double time = play({p, v, m}, stages);
    INFO("round " << round);
    REQUIRE(time >= busiest * (1 - 1e-12));
    REQUIRE(time >= path * (1 - 1e-12));  // one micro-batch through everything
    REQUIRE(time <= all * (1 + 1e-12));
  }
}

TEST_CASE("does a slower pass or send never end a schedule sooner?") {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> seconds(0.1, 2);
  for (int round = 0; round < 200; ++round) {
    const int p = 2 + round % 4, v = 1 + round % 3, m = 2 * p;
    std::vector<StageTimes> stages(p);
    for (StageTimes& stage : stages) {
      for (int chunk = 0; chunk < v; ++chunk) {
        stage.forward.push_back(seconds(random));
        stage.backward.push_back(seconds(random));
      }
      stage.send = seconds(random) / 10;
    }
    const double before = play({p, v, m}, stages);
    StageTimes& changed = stages[round % p];
    if (round % 2)
      changed.forward[round % v] += seconds(random);
    else
      changed.send += seconds(random);
    REQUIRE(play({p, v, m}, stages) >= before * (1 - 1e-12));
  }
}

TEST_CASE("does a player give the same answer the second time, and after another shape?") {
  PipelinePlayer player;
  const std::vector<StageTimes> stages(4, even(2, 0.1));
  const double first = player.play({4, 2, 8}, stages);
  player.play({2, 1, 3}, std::vector<StageTimes>(2, even(1)));
  CHECK(player.play({4, 2, 8}, stages) == first);
}

}  // namespace chipmix::engine
