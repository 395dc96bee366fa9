// Orders that say all: DualPipe and DualPipeV.
//
//   bubble     (p/2 - 1)(F&B + B - 3W), p stages in a row      github.com/deepseek-ai/DualPipe, README
//   held       p + 1 activations
//
// with F&B the time of a forward and a backward pass together. The published bubble leaves out that the rank at the
// turn runs its first two passes apart, which is up to half a pass shorter; with F = B - W = W it is exact.
#include "engine/analytical/written.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace chipmix::engine {
namespace {

using plan::ScheduleKind;

/// Every rank with two chunks of f and whole backward passes b, of which w for the weights.
std::vector<StageTimes> two_chunks(int ranks, double f, double b, double w, double send = 0, Pairing pairing = {}) {
  StageTimes one{{f, f}, {b, b}, send, {w, w}};
  if (pairing.forward_hides + pairing.backward_hides > 0) one.pairing = {pairing, pairing};
  return std::vector<StageTimes>(ranks, one);
}

double bubble(const plan::PipelineShape& shape, double f, double b, double w) {
  const int passes = shape.kind == ScheduleKind::dualpipe ? shape.micro_batches : 2 * shape.micro_batches;
  return PipelinePlayer().play(shape, two_chunks(shape.stages, f, b, w)) - passes * (f + b);
}

std::vector<StageSpan> spans(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages) {
  std::vector<std::vector<plan::Slot>> orders;
  for (int stage = 0; stage < shape.stages; ++stage) orders.push_back(plan::schedule(shape, stage));
  return play_written(shape, orders, stages);
}

}  // namespace

TEST_CASE("is the bubble of DualPipe and DualPipeV the published one, however many micro-batches?") {
  for (int p : {2, 4, 6, 8, 16})
    for (int m : {2 * p, 2 * p + 2, 6 * p}) {
      INFO(p << " stages, " << m << " micro-batches");
      const double published = (p / 2.0 - 1) * (3 + 2 - 3);
      CHECK(bubble({p, 1, m, ScheduleKind::dualpipe}, 1, 2, 1) == Approx(published).margin(1e-9));
      CHECK(bubble({p / 2, 2, m / 2, ScheduleKind::dualpipe_v}, 1, 2, 1) == Approx(published).margin(1e-9));
    }
  CHECK(bubble({8, 1, 24, ScheduleKind::dualpipe}, 1, 2, 0.5) <= 3 * (3 + 2 - 1.5));
  CHECK(bubble({8, 1, 24, ScheduleKind::dualpipe}, 1, 2, 0.5) >= 3 * (3 + 2 - 1.5) - 1);
}

TEST_CASE("does DualPipe beat 1F1B and ZB-H1 by what its paper says of eight stages and twenty micro-batches?") {
  const std::vector<StageTimes> one(8, StageTimes{{1}, {2}, 0, {1}});
  const auto play = [](ScheduleKind kind, const std::vector<StageTimes>& stages) {
    return PipelinePlayer().play({8, 1, 20, kind}, stages) - 20 * 3;
  };
  CHECK(play(ScheduleKind::one_f_one_b, one) == Approx(7 * 3));
  CHECK(play(ScheduleKind::zb_h1, one) == Approx(7 * (1 + 2 - 2 * 1)));
  CHECK(play(ScheduleKind::dualpipe, two_chunks(8, 1, 2, 1)) == Approx(3 * 2));
}

TEST_CASE("does each rank run every gradient of weights once and hold P + 1 activations?") {
  for (int p : {2, 4, 8, 12}) {
    for (const StageSpan& span : spans({p, 1, 3 * p, ScheduleKind::dualpipe}, two_chunks(p, 1, 2, 1))) {
      CHECK(span.weight_passes == 3 * p);
      CHECK(span.peak_held == p + 1);
    }
    for (const StageSpan& span : spans({p, 2, 3 * p, ScheduleKind::dualpipe_v}, two_chunks(p, 1, 2, 1))) {
      CHECK(span.weight_passes == 6 * p);
      CHECK(span.peak_held == 2 * p + 1);
    }
  }
}

TEST_CASE("do passes that run together hide no more of one another than the other's work lasts?") {
  const StageTimes plenty = two_chunks(1, 3, 5, 2, 0, {1, 2, 1, 2}).front();
  const plan::Slot forward{plan::Direction::forward, 0, 0}, backward{plan::Direction::backward, 1, 0};
  CHECK(plenty.saved(forward, backward) == 3);  // 1 beside 3 of work, 2 beside 2
  const StageTimes little = two_chunks(1, 3, 5, 2, 0, {2, 4.5, 2, 4.5}).front();
  CHECK(little.saved(forward, backward) == 1.5);  // 2 beside 0.5 of work, 4.5 beside 1
  const plan::PipelineShape shape{4, 1, 40, ScheduleKind::dualpipe};
  const auto apart = two_chunks(4, 3, 5, 2), together = two_chunks(4, 3, 5, 2, 0, {1, 2, 1, 2});
  const double saved = saved_by_pairs(plan::schedule(shape, 0), together[0]);
  const int pairs = 2 * (20 - 4 + 1) + 1;  // of F0&B1 M/2 - P + 1, of F1&B0 one more for each rank before the turn
  CHECK(saved == Approx(3 * pairs));
  const double gain = PipelinePlayer().play(shape, apart) - PipelinePlayer().play(shape, together);
  CHECK(gain > 0.9 * saved);
  CHECK(gain < 1.2 * saved);
}

TEST_CASE("is a send paid at the turn by two ranks, and not by one that hands on to itself?") {
  const auto with = [](const plan::PipelineShape& shape, double send) {
    return PipelinePlayer().play(shape, two_chunks(shape.stages, 1, 2, 1, send));
  };
  CHECK(with({2, 1, 4, ScheduleKind::dualpipe}, 0.1) > with({2, 1, 4, ScheduleKind::dualpipe}, 0));
  CHECK(with({1, 2, 2, ScheduleKind::dualpipe_v}, 0.1) == with({1, 2, 2, ScheduleKind::dualpipe_v}, 0));
}

}  // namespace chipmix::engine
