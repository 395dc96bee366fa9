#include "engine/event/step_list.hpp"

#include <stdexcept>

#include "engine/analytical/zero_bubble.hpp"

namespace chipmix::engine {
namespace {

using plan::Direction;
using plan::PipelineShape;
using plan::Slot;

/// Links of one stage of one class.
struct Ports {
  int send_up = 0, send_down = 0;  ///< to and from other stages
  std::vector<int> reduction;      ///< both ways
};

class Builder {
 public:
  Builder(const PipelineShape& shape, const std::vector<StageTraffic>& stages, const std::vector<ReplicaClass>& classes)
      : shape_(shape), stages_(stages), classes_(classes) {}

  StepList build() {
    set_orders();
    for (std::size_t one = 0; one < classes_.size(); ++one) pipeline(static_cast<int>(one));
    for (int stage = 0; stage < shape_.stages; ++stage)
      if (stages_[stage].reduction > 0) reduce(stage);
    list_.interleave = shape_.interleave;
    return std::move(list_);
  }

 private:
  TaskList& tasks() { return list_.tasks; }

  void set_orders() {
    if (plan::is_zero_bubble(shape_.kind)) {
      std::vector<StageTimes> times;
      for (const StageTraffic& stage : stages_) times.push_back(stage.passes);
      orders_ = zero_bubble_order(shape_, times);
      return;
    }
    if (plan::splits_backward(shape_.kind)) throw std::logic_error("a schedule without an order");
    for (int stage = 0; stage < shape_.stages; ++stage) {
      orders_.emplace_back();
      for (const Slot& slot : plan::schedule(shape_, stage)) orders_.back().push_back({slot, false});
    }
  }

  double seconds(const PlacedPass& pass, int stage) const {
    const StageTimes& times = stages_[stage].passes;
    const int chunk = pass.slot.chunk;
    if (pass.is_weight) return times.weight[chunk];
    if (pass.slot.direction == Direction::forward) return times.forward[chunk];
    return times.backward[chunk] - (is_split() ? times.weight[chunk] : 0);
  }

  bool is_split() const { return plan::is_zero_bubble(shape_.kind); }

  Ports ports(int one, int stage) {
    const double share = classes_[one].ports[stage];
    const StageTraffic& traffic = stages_[stage];
    Ports ports;
    ports.send_up = tasks().link(traffic.sends_outside ? share : 1);
    ports.send_down = tasks().link(traffic.sends_outside ? share : 1);
    if (traffic.reduces_outside && traffic.sends_outside)
      ports.reduction = {ports.send_up, ports.send_down};
    else
      ports.reduction = {tasks().link(traffic.reduces_outside ? share : 1)};
    return ports;
  }

  void pipeline(int one) {
    const int chunks = shape_.stages * shape_.interleave;
    forward_.assign(static_cast<std::size_t>(chunks) * shape_.micro_batches, 0);
    backward_ = forward_;
    ports_.emplace_back();
    gates_.emplace_back(shape_.stages);
    last_.emplace_back(shape_.stages);
    for (int stage = 0; stage < shape_.stages; ++stage) {
      ports_[one].push_back(ports(one, stage));
      lane(one, stage);
    }
    for (int v = 0; v < chunks; ++v)
      for (int n = 0; n < shape_.micro_batches; ++n) join(one, v, n);
  }

  std::size_t at(int v, int n) const { return static_cast<std::size_t>(v) * shape_.micro_batches + n; }

  /// The passes of a stage, one after the other.
  void lane(int one, int stage) {
    const std::vector<PlacedPass>& order = orders_[stage];
    const std::size_t last_passes = order.size() - (is_split() ? 2 : shape_.interleave);  // a whole one of each chunk
    int before = -1;
    const auto follow = [&](int task) {
      if (before >= 0) tasks().after(before, task);
      before = task;
    };
    for (std::size_t i = 0; i < order.size(); ++i) {
      const Slot& slot = order[i].slot;
      if (i == last_passes && stages_[stage].reduction > 0)  // what the reduction starts with: see reduce()
        follow(gates_[one][stage] = tasks().compute(0));
      const int task = tasks().compute(seconds(order[i], stage) * classes_[one].slow[stage]);
      follow(task);
      list_.passes.push_back({task, one, stage, slot, order[i].is_weight});
      if (order[i].is_weight) continue;
      auto& ends = slot.direction == Direction::forward ? forward_ : backward_;
      ends[at(slot.chunk * shape_.stages + stage, slot.micro_batch)] = task;
    }
    last_[one][stage] = before;
  }

  void send(int one, int owner, int from, int to, int earlier, int later) {
    const double seconds = stages_[owner].passes.send;
    if (seconds == 0) return tasks().after(earlier, later);
    const int flow = tasks().flow(seconds, {ports_[one][from].send_up, ports_[one][to].send_down});
    list_.transfers.push_back({flow, one, from, false, later, to});
    tasks().after(earlier, flow);
    tasks().after(flow, later);
  }

  /// Activations of a chunk on to the next, gradients back to the one before; the send is the earlier stage's.
  void join(int one, int v, int n) {
    const int stage = v % shape_.stages;
    if (v + 1 == shape_.stages * shape_.interleave) return tasks().after(forward_[at(v, n)], backward_[at(v, n)]);
    const int next = (v + 1) % shape_.stages;
    send(one, stage, stage, next, forward_[at(v, n)], forward_[at(v + 1, n)]);
    send(one, stage, next, stage, backward_[at(v + 1, n)], backward_[at(v, n)]);
  }

  /// All classes' gates, then the part that may hide; all of that and all passes, then the rest.
  void reduce(int stage) {
    const StageTraffic& traffic = stages_[stage];
    const int begin = tasks().compute(0), middle = tasks().compute(0);
    for (std::size_t one = 0; one < classes_.size(); ++one) {
      tasks().after(gates_[one][stage], begin);
      tasks().after(last_[one][stage], middle);
    }
    const auto flows = [&](double seconds, int earlier, int later) {
      if (seconds <= 0) return;
      for (std::size_t one = 0; one < classes_.size(); ++one) {
        const int flow = tasks().flow(seconds, ports_[one][stage].reduction);
        list_.transfers.push_back({flow, static_cast<int>(one), stage, true, 0, 0});
        tasks().after(earlier, flow);
        if (later >= 0) tasks().after(flow, later);
      }
    };
    flows(traffic.hidden, begin, middle);
    flows(traffic.reduction - traffic.hidden, middle, -1);
  }

  const PipelineShape& shape_;
  const std::vector<StageTraffic>& stages_;
  const std::vector<ReplicaClass>& classes_;
  StepList list_;
  std::vector<std::vector<PlacedPass>> orders_;  ///< by stage
  std::vector<int> forward_, backward_;    ///< of the class that is built, by chunk in pipeline order and micro-batch
  std::vector<std::vector<Ports>> ports_;  ///< by class and stage, as all that follow
  std::vector<std::vector<int>> gates_;    ///< done when the last backward passes may start
  std::vector<std::vector<int>> last_;     ///< pass
};

}  // namespace

StepList step_list(const PipelineShape& shape, const std::vector<StageTraffic>& stages,
                   const std::vector<ReplicaClass>& classes) {
  return Builder(shape, stages, classes).build();
}

}  // namespace chipmix::engine
