#include <algorithm>

#include "plan/schedules/orders.hpp"

namespace chipmix::plan {
namespace {

/// Passes in the order in which they are asked for; none beyond the last micro-batch.
class Order {
 public:
  explicit Order(int micro_batches) : micro_batches_(micro_batches) {}

  void forward(int chunk) { add(Direction::forward, chunk, forwards_[chunk]); }
  void backward(int chunk) {
    if (backwards_[chunk] < forwards_[chunk]) add(Direction::backward, chunk, backwards_[chunk]);
  }
  bool is_done() const { return static_cast<int>(slots_.size()) == 4 * micro_batches_; }
  std::vector<Slot> take() { return std::move(slots_); }

 private:
  void add(Direction direction, int chunk, int& next) {
    if (next < micro_batches_) slots_.push_back({direction, chunk, next++});
  }

  int micro_batches_;
  int forwards_[2] = {0, 0}, backwards_[2] = {0, 0};
  std::vector<Slot> slots_;
};

}  // namespace

std::vector<Slot> zb_v(const PipelineShape& shape, int stage) {
  Order order(shape.micro_batches);
  const int left = shape.stages - stage;
  for (int i = 0; i < 2 * left - 1; ++i) order.forward(0);
  for (int i = 0; i < stage; ++i) {
    order.forward(1);
    order.forward(0);
  }
  for (int i = 0; i < left; ++i) {
    order.forward(1);
    order.backward(1);
  }
  while (!order.is_done()) {
    order.forward(0);
    order.backward(0);
    order.forward(1);
    order.backward(1);
  }
  return order.take();
}

int zb_v_held(const PipelineShape& shape, int /*stage*/) { return 2 * std::min(shape.micro_batches, shape.stages); }

std::vector<int> zb_v_chunks(const PipelineShape& shape, int stage) {
  return {std::min(shape.micro_batches, 2 * shape.stages - 1 - stage), std::min(shape.micro_batches, stage + 1)};
}

}  // namespace chipmix::plan
