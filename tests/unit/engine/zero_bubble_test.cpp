// Split backward passes played: bubbles in closed form, every W once, memory never above the bound.
//
//   ZB-H1     m(f + b + w) + (p - 1)(f + b - w)       arXiv:2401.10241, section 3
//   ZB-H2     m(f + b + w) + (p - 1)(f + b - 2w)
#include "engine/analytical/zero_bubble.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

namespace chipmix::engine {
namespace {

using plan::ScheduleKind;

std::vector<StageTimes> even(int stages, double f, double b, double w) {
  return std::vector<StageTimes>(stages, StageTimes{{f}, {b + w}, 0, {w}});
}

double play(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages) {
  return PipelinePlayer().play(shape, stages);
}

std::vector<StageTimes> uneven(int stages, std::mt19937& random) {
  std::uniform_real_distribution<double> seconds(0.1, 2);
  std::vector<StageTimes> list;
  for (int stage = 0; stage < stages; ++stage) {
    const double w = seconds(random);
    list.push_back({{seconds(random)}, {seconds(random) + w}, seconds(random) / 10, {w}});
  }
  return list;
}

std::vector<StageSpan> spans(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages, double gap) {
  std::vector<std::vector<plan::Slot>> orders;
  for (int stage = 0; stage < shape.stages; ++stage) orders.push_back(plan::schedule(shape, stage));
  return play_zero_bubble(shape, orders, stages, gap);
}

}  // namespace

TEST_CASE("with equal passes: is the bubble of 1F1B 3(p - 1), of ZB-H1 p - 1 and of ZB-H2 nothing?") {
  for (int p = 1; p <= 8; ++p)
    for (int m = 2 * p; m <= 6 * p; ++m) {
      INFO(p << " stages, " << m << " micro-batches");
      REQUIRE(play({p, 1, m}, even(p, 1, 1, 1)) == Approx(3 * m + 3 * (p - 1)));
      REQUIRE(play({p, 1, m, ScheduleKind::zb_h1}, even(p, 1, 1, 1)) == Approx(3 * m + p - 1));
      REQUIRE(play({p, 1, m, ScheduleKind::zb_h2}, even(p, 1, 1, 1)) == Approx(3 * m));
    }
}

TEST_CASE("with unequal passes: are the bubbles at most the closed forms and at least nothing?") {
  const double f = 1, b = 1.125, w = 0.875;
  for (int p = 2; p <= 8; ++p) {
    const int m = 6 * p;
    const double work = m * (f + b + w);
    INFO(p << " stages");
    CHECK(play({p, 1, m, ScheduleKind::zb_h1}, even(p, f, b, w)) <= work + (p - 1) * (f + b - w) + 1.01 * w);
    CHECK(play({p, 1, m, ScheduleKind::zb_h2}, even(p, f, b, w)) <= work + (p - 1) * (f + b - 2 * w) + 1.01 * w);
    CHECK(play({p, 1, m, ScheduleKind::zb_h2}, even(p, f, b, w)) >= work);
  }
}

TEST_CASE("has ZB-V no bubble with equal passes, in 1F1B's memory, and little with fewer micro-batches?") {
  const auto halves = [](int p, double f, double b, double w) {
    return std::vector<StageTimes>(p, StageTimes{{f, f}, {b + w, b + w}, 0, {w, w}});
  };
  for (int p = 2; p <= 8; ++p)
    for (int m = p; m <= 4 * p; ++m) {
      INFO(p << " stages, " << m << " micro-batches");
      const plan::PipelineShape shape{p, 2, m, ScheduleKind::zb_v};
      const double bubble = play(shape, halves(p, 1, 1, 1)) - 6 * m;
      REQUIRE(bubble >= -1e-9);
      REQUIRE(bubble <= std::max(0, 2 * p - 1 - m) + 1e-9);
      for (const StageSpan& span : spans(shape, halves(p, 1, 1, 1), 0)) {
        CHECK(span.weight_passes == 2 * m);
        CHECK(span.peak_held <= 2 * p);
      }
    }
  const double few = play({4, 2, 16, ScheduleKind::zb_v}, halves(4, 1, 1.2, 0.8)) - 16 * 6;
  CHECK(few < 0.5 * (play({4, 1, 16, ScheduleKind::zb_h1}, even(4, 2, 2.4, 1.6)) - 16 * 6));
}

TEST_CASE("does ZB-V run to its end with fewer micro-batches than fill it?") {
  for (int p = 1; p <= 8; ++p)
    for (int m = 1; m < 2 * p; ++m) {
      const plan::PipelineShape shape{p, 2, m, ScheduleKind::zb_v};
      const std::vector<StageTimes> stages(p, StageTimes{{1, 1}, {2, 2}, 0.01, {1, 1}});
      INFO(p << " stages, " << m << " micro-batches");
      for (const StageSpan& span : spans(shape, stages, 0)) {
        REQUIRE(span.weight_passes == 2 * m);
        REQUIRE(span.end - span.start >= 6 * m);
      }
    }
}

TEST_CASE("does every stage run each W once and hold no more than it may, however uneven the stages?") {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const int p = 1 + round % 7, m = 1 + round % 23;
    const std::vector<StageTimes> stages = uneven(p, random);
    for (ScheduleKind kind : {ScheduleKind::zb_h1, ScheduleKind::zb_h2})
      for (double gap : {0.0, 0.5, 1.0}) {
        const plan::PipelineShape shape{p, 1, m, kind};
        const std::vector<StageSpan> played = spans(shape, stages, gap);
        for (int stage = 0; stage < p; ++stage) {
          REQUIRE(played[stage].weight_passes == m);
          REQUIRE(played[stage].peak_held <= plan::peak_in_flight(shape, stage));
          const double work = m * (stages[stage].forward[0] + stages[stage].backward[0]);
          REQUIRE(played[stage].end - played[stage].start >= work * (1 - 1e-12));
        }
      }
  }
}

TEST_CASE("do equal stages hold exactly what the schedule allows?") {
  for (int p : {2, 4, 8})
    for (ScheduleKind kind : {ScheduleKind::zb_h1, ScheduleKind::zb_h2}) {
      const plan::PipelineShape shape{p, 1, 5 * p, kind};
      int peak = 0;
      for (const StageSpan& span : spans(shape, even(p, 1, 1, 1), 0)) peak = std::max(peak, span.peak_held);
      CHECK(peak == plan::peak_in_flight(shape, 0));
    }
}

}  // namespace chipmix::engine
