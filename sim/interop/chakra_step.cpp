#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "interop/chakra_replay.hpp"

namespace chipmix::interop {
namespace {

using engine::PlayedStep;
using engine::StepList;

constexpr std::int64_t all_reduce = 0, all_to_all = 6;  // CollectiveCommType

class Writer {
 public:
  Writer(const PlayedStep& step, const engine::PassWorks& works, const plan::Program& program)
      : step_(step), works_(works), program_(program), owner_(step.spans.size(), none) {
    if (step.classes.size() != 1) throw std::logic_error("a disturbed step has no single pipeline that represents all");
  }

  std::vector<ChakraTrace> write() {
    own();
    for (std::size_t stage = 0; stage < program_.stages.size(); ++stage) {
      traces_.push_back({fmt::format("step.{}.et", stage), static_cast<std::int64_t>(stage), {}});
      places_.emplace_back();
    }
    for (int task = 0; task < step_.list.tasks.size(); ++task) node(task);
    passes();
    transfers();
    for (const engine::TaskList::Edge& edge : step_.list.tasks.edges())
      depend(static_cast<int>(edge.earlier), static_cast<int>(edge.later));
    return std::move(traces_);
  }

 private:
  static constexpr int none = -1;

  /// The stage of each task: of a pass or a transfer, or else of what it waits for or what waits for it.
  void own() {
    for (const StepList::Pass& pass : step_.list.passes)
      for (int task = pass.task; task <= pass.last; ++task) owner_[task] = pass.stage;
    for (const StepList::Transfer& one : step_.list.transfers) owner_[one.task] = one.stage;
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (const engine::TaskList::Edge& edge : step_.list.tasks.edges()) {
        int &earlier = owner_[edge.earlier], &later = owner_[edge.later];
        if ((earlier == none) == (later == none)) continue;
        (earlier == none ? earlier : later) = std::max(earlier, later);
        has_changed = true;
      }
    }
  }

  ChakraNode& add(int stage, ChakraNode made) {
    traces_[stage].nodes.push_back(std::move(made));
    return traces_[stage].nodes.back();
  }

  void node(int task) {
    const engine::Task& one = step_.list.tasks.task(task);
    ChakraNode made;
    made.id = static_cast<std::uint64_t>(task);
    made.name = "wait";
    made.kind = one.is_flow() ? ChakraKind::collective : ChakraKind::compute;
    made.seconds = one.amount;
    for (int i = 0; i < one.links; ++i) made.ports.push_back(step_.list.tasks.links_of(one)[i]);
    places_[std::max(owner_[task], 0)][task] = traces_[std::max(owner_[task], 0)].nodes.size();
    add(std::max(owner_[task], 0), std::move(made));
  }

  ChakraNode& at(int task) {
    const int stage = std::max(owner_[task], 0);
    return traces_[stage].nodes[places_[stage].at(task)];
  }

  void passes() {
    for (const StepList::Pass& pass : step_.list.passes) {
      int longest = pass.task;  // the task that computes
      for (int task = pass.task; task <= pass.last; ++task)
        if (!step_.list.tasks.task(task).is_flow() &&
            step_.list.tasks.task(task).amount > step_.list.tasks.task(longest).amount)
          longest = task;
      const bool is_forward = pass.slot.direction == plan::Direction::forward;
      ChakraNode& one = at(longest);
      one.name = fmt::format("{} {} chunk {}",
                             is_forward       ? "forward"
                             : pass.is_weight ? "weights"
                                              : "backward",
                             pass.slot.micro_batch, pass.slot.chunk);
      const auto work = works_.find({pass.stage, pass.slot.chunk, pass.slot.direction});
      if (work == works_.end() || pass.is_weight) continue;
      one.flops = work->second.flops;
      one.bytes = work->second.moved;
    }
  }

  void transfers() {
    for (const StepList::Transfer& one : step_.list.transfers) {
      ChakraNode& node = at(one.task);
      node.collective = one.is_exchange ? all_to_all : all_reduce;
      node.group = fmt::format("stage {} {}", one.stage, one.is_exchange ? "exchange" : "gradients");
      node.name = one.is_exchange ? "exchange" : "reduction";
      if (one.is_exchange || one.is_reduction) continue;
      node.name = fmt::format("send to stage {}", one.to_stage);
      node.kind = ChakraKind::send;
      node.collective.reset();
      node.group.clear();
      node.from = one.stage, node.to = one.to_stage, node.tag = one.task;
      node.sent = program_.stages[one.stage].boundary.value();
    }
  }

  /// Between ranks an order is a message.
  void depend(int earlier, int later) {
    const int from = std::max(owner_[earlier], 0), to = std::max(owner_[later], 0);
    if (from == to) return at(later).after.push_back(static_cast<std::uint64_t>(earlier));
    const bool is_send = at(earlier).kind == ChakraKind::send;
    const auto tag = is_send ? *at(earlier).tag : static_cast<std::int64_t>(next_id_);
    if (!is_send) {
      ChakraNode send{next_id_++, "send of nothing", ChakraKind::send, {static_cast<std::uint64_t>(earlier)}};
      send.from = from, send.to = to, send.tag = tag;
      add(from, std::move(send));
    }
    ChakraNode receive{next_id_++, fmt::format("receive from stage {}", from), ChakraKind::receive, {}};
    receive.from = from, receive.to = to, receive.tag = tag;
    at(later).after.push_back(receive.id);
    add(to, std::move(receive));
  }

  const PlayedStep& step_;
  const engine::PassWorks& works_;
  const plan::Program& program_;
  std::vector<int> owner_;
  std::vector<ChakraTrace> traces_;
  std::vector<std::map<int, std::size_t>> places_;  ///< of tasks among the nodes of their stage
  std::uint64_t next_id_ = step_.spans.size();
};

}  // namespace

std::vector<ChakraTrace> chakra_of(const PlayedStep& step, const engine::PassWorks& works,
                                   const plan::Program& program) {
  return Writer(step, works, program).write();
}

}  // namespace chipmix::interop
