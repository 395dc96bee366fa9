#include <algorithm>
#include <deque>

#include "plan/schedules/orders.hpp"

namespace chipmix::plan {
namespace {

/// What one of R ranks does with N micro-batches through each of its two chunks, the ranks being a way there (chunk 0)
/// and back (chunk 1). Rank r in the phases of the published figure, with n = R - 1 - r:
///   2n F0;  r + 1 of F0, F1;  n of B1 split, its W, F1;  N - 2R + r + 1 of F0&B1, F1&B0;  n of B1, F1&B0;
///   r + 1 of B1, B0, the second half of these split;  n of a W, B0 split;  the r + 1 W left.
/// The last rank does not pair its first F0 and B1: the second needs the first.
class TwoWays {
 public:
  explicit TwoWays(int micro_batches) : micro_batches_(micro_batches) {}

  std::vector<Slot> order(int ranks, int rank) {
    const int before = ranks - 1 - rank, pairs = micro_batches_ - 2 * ranks + rank + 1;
    slots_.reserve(static_cast<std::size_t>(4 * micro_batches_ + ranks));
    for (int i = 0; i < 2 * before; ++i) forward(0);
    for (int i = 0; i <= rank; ++i) forward(0), forward(1);
    for (int i = 0; i < before; ++i) backward(1, true), weights(), forward(1);
    for (int i = 0; i < pairs; ++i) {
      if (i == 0 && before == 0)
        forward(0), backward(1, false);
      else
        pair(0, 1);
      pair(1, 0);
    }
    for (int i = 0; i < before; ++i) backward(1, false), pair(1, 0);
    for (int i = 0; i < 2 * (rank + 1); ++i) backward(i % 2 == 0 ? 1 : 0, i > rank);
    for (int i = 0; i < before; ++i) weights(), backward(0, true);
    while (!waiting_.empty()) weights();
    return std::move(slots_);
  }

 private:
  void forward(int chunk) { slots_.push_back({Direction::forward, chunk, forwards_[chunk]++}); }
  void backward(int chunk, bool is_split) {
    slots_.push_back({Direction::backward, chunk, backwards_[chunk]++, is_split ? Part::inputs : Part::whole});
    if (is_split) waiting_.push_back(slots_.back());
  }
  void pair(int ahead, int back) {
    forward(ahead);
    slots_.back().with_next = true;
    backward(back, false);
  }
  void weights() {
    slots_.push_back(waiting_.front());
    slots_.back().part = Part::weights;
    waiting_.pop_front();
  }

  int micro_batches_;
  int forwards_[2] = {0, 0}, backwards_[2] = {0, 0};
  std::deque<Slot> waiting_;  ///< split backward passes whose W is not done
  std::vector<Slot> slots_;
};

}  // namespace

/// Ranks p and P - 1 - p are alike: what enters at the nearer end is chunk 0 of either. The second half of the
/// micro-batches enters at the last rank.
std::vector<Slot> dualpipe(const PipelineShape& shape, int stage) {
  const int ranks = shape.stages / 2, half = shape.micro_batches / 2;
  const bool is_first_half = stage < ranks;
  auto slots = TwoWays(half).order(ranks, is_first_half ? stage : mirror(shape, stage));
  for (Slot& slot : slots)
    if ((slot.chunk == 0) != is_first_half) slot.micro_batch += half;
  return slots;
}

std::vector<Slot> dualpipe_v(const PipelineShape& shape, int stage) {
  return TwoWays(shape.micro_batches).order(shape.stages, stage);
}

std::vector<int> dualpipe_chunks(const PipelineShape& shape, int stage) {
  return {std::min((shape.micro_batches + 1) / 2, shape.stages - stage)};
}

int dualpipe_held(const PipelineShape& shape, int stage) {
  return dualpipe_chunks(shape, stage).front() + dualpipe_chunks(shape, mirror(shape, stage)).front();
}

std::vector<int> dualpipe_v_chunks(const PipelineShape& shape, int stage) {
  return {std::min(shape.micro_batches, 2 * shape.stages - stage), std::min(shape.micro_batches, stage + 1)};
}

int dualpipe_v_held(const PipelineShape& shape, int stage) {
  const std::vector<int> chunks = dualpipe_v_chunks(shape, stage);
  return chunks[0] + chunks[1];
}

}  // namespace chipmix::plan
