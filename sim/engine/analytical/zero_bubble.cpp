#include "engine/analytical/zero_bubble.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <stdexcept>

namespace chipmix::engine {
namespace {

using plan::Direction;
using plan::PipelineShape;
using plan::Slot;

constexpr double pending = -1;

/// One stage while it plays.
struct Worker {
  const PipelineShape& shape;
  const std::vector<Slot>& order;
  const StageTimes& times;
  int may_hold;
  double least_gap;
  std::vector<Slot>* placed = nullptr;                ///< if asked for
  std::vector<double> forward_end{}, backward_end{};  ///< by chunk and micro-batch
  StageSpan span{0, pending, 0, 0};
  std::size_t next = 0;
  int forwards = 0;
  std::deque<Slot> weights{};  ///< backward passes whose W waits

  double weight(const Slot& slot) const { return times.weight[slot.chunk]; }
  int held() const { return forwards - span.weight_passes; }
  bool is_done() const { return next == order.size(); }
  std::size_t at(const Slot& slot) const {
    return static_cast<std::size_t>(slot.chunk) * shape.micro_batches + slot.micro_batch;
  }

  void place(const Slot& slot, plan::Part part) const {
    placed->push_back(slot);
    placed->back().part = part;
  }

  void run_weight() {
    const Slot slot = weights.front();
    weights.pop_front();
    span.end += weight(slot);
    if (placed) place(slot, plan::Part::weights);
    ++span.weight_passes;
  }

  /// W until the next pass is there or has room.
  void fill(const Slot& slot, double ready) {
    while (!weights.empty() && ready - span.end > least_gap * weight(weights.front())) run_weight();
    while (slot.direction == Direction::forward && !weights.empty() && held() >= may_hold) run_weight();
  }

  void run(const Slot& slot, double ready) {
    const bool forward = slot.direction == Direction::forward;
    if (next == 0) span.start = span.end = ready;
    fill(slot, ready);
    if (placed) place(slot, forward ? plan::Part::whole : plan::Part::inputs);
    span.end =
        std::max(span.end, ready) + (forward ? times.forward[slot.chunk] : times.backward[slot.chunk] - weight(slot));
    (forward ? forward_end : backward_end)[at(slot)] = span.end;
    if (forward)
      ++forwards;
    else
      weights.push_back(slot);
    span.peak_held = std::max(span.peak_held, held());
    ++next;
  }
};

/// When the input of a stage's pass is there: pending if its producer has not run. The send belongs to the stage nearer
/// to the first; a stage that hands on to itself sends nothing.
double arrival(const std::vector<Worker>& workers, int stage, const Slot& slot) {
  const PipelineShape& shape = workers[stage].shape;
  const bool forward = slot.direction == Direction::forward;
  const int place = plan::place_of(shape, stage, slot), last = plan::places(shape) - 1;
  if (forward && place == 0) return 0;
  if (!forward && place == last) return workers[stage].forward_end[workers[stage].at(slot)];
  const auto [giver, chunk] = plan::stage_at(shape, forward ? place - 1 : place + 1, slot.micro_batch);
  const Worker& from = workers[giver];
  const double end =
      (forward ? from.forward_end : from.backward_end)[from.at({slot.direction, chunk, slot.micro_batch})];
  if (end == pending || giver == stage) return end;
  return end + workers[std::min(giver, stage)].times.send;
}

bool advance(std::vector<Worker>& workers, int stage) {
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

std::vector<StageSpan> played_spans(const PipelineShape& shape, const Orders& orders,
                                    const std::vector<StageTimes>& stages, double least_gap, Orders* placement) {
  std::vector<Worker> workers;
  for (int stage = 0; stage < shape.stages; ++stage) {
    workers.push_back({shape, orders[stage], stages[stage], plan::peak_in_flight(shape, stage), least_gap});
    workers.back().forward_end.assign(static_cast<std::size_t>(shape.interleave) * shape.micro_batches, pending);
    workers.back().backward_end = workers.back().forward_end;
    if (placement) workers.back().placed = &(*placement)[stage];
  }
  for (bool moved = true; moved;) {
    moved = false;
    for (int stage = 0; stage < shape.stages; ++stage) moved |= advance(workers, stage);
  }
  std::vector<StageSpan> spans;
  for (Worker& worker : workers) {
    if (!worker.is_done()) throw std::logic_error("an order of passes that wait for one another");
    while (!worker.weights.empty()) worker.run_weight();
    spans.push_back(worker.span);
  }
  return spans;
}

constexpr double least_gaps[] = {0.0, 0.5, 1.0};

double longest_span(const std::vector<StageSpan>& spans) {
  const std::vector<double> all = lengths(spans);
  return *std::max_element(all.begin(), all.end());
}

}  // namespace

std::vector<double> lengths(const std::vector<StageSpan>& spans) {
  std::vector<double> list;
  for (const StageSpan& span : spans) list.push_back(span.end - span.start);
  return list;
}

std::vector<StageSpan> play_zero_bubble(const PipelineShape& shape, const Orders& orders,
                                        const std::vector<StageTimes>& stages, double least_gap) {
  return played_spans(shape, orders, stages, least_gap, nullptr);
}

Orders zero_bubble_order(const PipelineShape& shape, const std::vector<StageTimes>& stages) {
  Orders orders;
  for (int stage = 0; stage < shape.stages; ++stage) orders.push_back(plan::schedule(shape, stage));
  double best = std::numeric_limits<double>::infinity();
  Orders chosen;
  for (double least_gap : least_gaps) {
    Orders placement(shape.stages);
    const double time = longest_span(played_spans(shape, orders, stages, least_gap, &placement));
    if (time < best) best = time, chosen = std::move(placement);
  }
  return chosen;
}

std::vector<double> zero_bubble_ends(const PipelineShape& shape, const Orders& orders,
                                     const std::vector<StageTimes>& stages) {
  std::vector<StageSpan> best;
  for (double least_gap : least_gaps) {
    auto spans = played_spans(shape, orders, stages, least_gap, nullptr);
    if (best.empty() || longest_span(spans) < longest_span(best)) best = std::move(spans);
  }
  return lengths(best);
}

}  // namespace chipmix::engine
