#include "engine/analytical/zero_bubble.hpp"

#include <algorithm>
#include <limits>

namespace chipmix::engine {
namespace {

using plan::Direction;
using plan::PipelineShape;
using plan::Slot;

constexpr double pending = -1;

/// One stage while it plays.
struct Worker {
  const std::vector<Slot>& order;
  const StageTimes& times;
  int may_hold;
  double least_gap;
  std::vector<PlacedPass>* placed = nullptr;          ///< if asked for
  std::vector<double> forward_end{}, backward_end{};  ///< by micro-batch
  StageSpan span{0, pending, 0, 0};
  std::size_t next = 0;
  int forwards = 0, backwards = 0;

  double weight() const { return times.weight.front(); }
  int waiting_weights() const { return backwards - span.weight_passes; }
  int held() const { return forwards - span.weight_passes; }
  bool is_done() const { return next == order.size(); }

  void run_weight() {
    span.end += weight();
    if (placed) placed->push_back({{Direction::backward, 0, span.weight_passes}, true});
    ++span.weight_passes;
  }

  /// W until the next pass is there or has room.
  void fill(const Slot& slot, double ready) {
    while (waiting_weights() > 0 && ready - span.end > least_gap * weight()) run_weight();
    while (slot.direction == Direction::forward && waiting_weights() > 0 && held() >= may_hold) run_weight();
  }

  void run(const Slot& slot, double ready) {
    const bool forward = slot.direction == Direction::forward;
    if (next == 0) span.start = span.end = ready;
    fill(slot, ready);
    if (placed) placed->push_back({slot, false});
    span.end = std::max(span.end, ready) + (forward ? times.forward.front() : times.backward.front() - weight());
    (forward ? forward_end : backward_end)[slot.micro_batch] = span.end;
    ++(forward ? forwards : backwards);
    span.peak_held = std::max(span.peak_held, held());
    ++next;
  }
};

/// When the input of a stage's pass is there: pending if its producer has not run.
double arrival(const std::vector<Worker>& workers, std::size_t stage, const Slot& slot) {
  const bool forward = slot.direction == Direction::forward;
  if (forward && stage == 0) return 0;
  if (!forward && stage + 1 == workers.size()) return workers[stage].forward_end[slot.micro_batch];
  const Worker& from = workers[forward ? stage - 1 : stage + 1];
  const double end = (forward ? from.forward_end : from.backward_end)[slot.micro_batch];
  return end == pending ? pending : end + (forward ? from : workers[stage]).times.send;
}

bool advance(std::vector<Worker>& workers, std::size_t stage) {
  Worker& worker = workers[stage];
  const std::size_t before = worker.next;
  while (!worker.is_done()) {
    const Slot& slot = worker.order[worker.next];
    const double ready = arrival(workers, stage, slot);
    if (ready == pending) break;
    worker.run(slot, ready);
  }
  return worker.next > before;
}

using Orders = std::vector<std::vector<Slot>>;
using Placement = std::vector<std::vector<PlacedPass>>;

std::vector<StageSpan> play(const PipelineShape& shape, const Orders& orders, const std::vector<StageTimes>& stages,
                            double least_gap, Placement* placement) {
  std::vector<Worker> workers;
  for (int stage = 0; stage < shape.stages; ++stage) {
    workers.push_back({orders[stage], stages[stage], plan::peak_in_flight(shape, stage), least_gap});
    workers.back().forward_end.assign(shape.micro_batches, pending);
    workers.back().backward_end.assign(shape.micro_batches, pending);
    if (placement) workers.back().placed = &(*placement)[stage];
  }
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t stage = 0; stage < workers.size(); ++stage) moved |= advance(workers, stage);
  }
  std::vector<StageSpan> spans;
  for (Worker& worker : workers) {
    while (worker.waiting_weights() > 0) worker.run_weight();
    spans.push_back(worker.span);
  }
  return spans;
}

constexpr double least_gaps[] = {0.0, 0.5, 1.0};

double longest(const std::vector<StageSpan>& spans) {
  double longest = 0;
  for (const StageSpan& span : spans) longest = std::max(longest, span.end - span.start);
  return longest;
}

}  // namespace

std::vector<StageSpan> play_zero_bubble(const PipelineShape& shape, const Orders& orders,
                                        const std::vector<StageTimes>& stages, double least_gap) {
  return play(shape, orders, stages, least_gap, nullptr);
}

Placement zero_bubble_order(const PipelineShape& shape, const std::vector<StageTimes>& stages) {
  Orders orders;
  for (int stage = 0; stage < shape.stages; ++stage) orders.push_back(plan::schedule(shape, stage));
  double best = std::numeric_limits<double>::infinity();
  Placement chosen;
  for (double least_gap : least_gaps) {
    Placement placement(shape.stages);
    const double time = longest(play(shape, orders, stages, least_gap, &placement));
    if (time < best) best = time, chosen = std::move(placement);
  }
  return chosen;
}

double zero_bubble_time(const PipelineShape& shape, const Orders& orders, const std::vector<StageTimes>& stages) {
  double best = std::numeric_limits<double>::infinity();
  for (double least_gap : least_gaps) best = std::min(best, longest(play(shape, orders, stages, least_gap, nullptr)));
  return best;
}

}  // namespace chipmix::engine
