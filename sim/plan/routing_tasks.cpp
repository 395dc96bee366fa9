#include "plan/routing_tasks.hpp"

#include <algorithm>

namespace chipmix::plan {
namespace {

using hardware::Dispatcher;

// Small kernels beside the ones that move tokens, estimates of what Megatron-Core's token_dispatcher.py does: counts
// per expert and rank, their sums, copies to the host, offsets, the sort's indices. No profile of them was read.
constexpr double permuting_kernels = 12, sorting_kernels = 3, fused_kernels = 6;

// Passes over the tokens of a rank's experts by Megatron-Core's dispatcher that gathers (token_dispatcher.py,
// MoEAllGatherTokenDispatcher, core_r0.6). Before the experts: selected, put in order, each read and written. After
// them: zeroed and put back (3), scaled (2), zeroed and added to the tokens of all (3).
constexpr double selecting_passes = 4, adding_passes = 8;

class Exchange {
 public:
  Exchange(const workload::Routing& routing, const Sharding& s, double slice) : routing_(routing), s_(s) {
    const double busiest = s.degrees.expert > 1 ? s.expert_imbalance : 1;
    token_ = Bytes{slice * routing.width * activation_bytes(s.dtype)};
    sent_ = token_ * (routing.active * busiest);
  }

  std::vector<Task> dispatch() {
    if (gathers()) {
      collective(Collective::all_gather, token_ * ranks(), {static_cast<int>(ranks()), 1});
      move(sent_ * selecting_passes * s_.degrees.expert_tensor, permuting_kernels);
      return std::move(tasks_);
    }
    move(sent_ * 2, is_fused() ? fused_kernels : permuting_kernels);
    exchange();
    over_tensor(Collective::all_gather);
    sort();
    return std::move(tasks_);
  }

  std::vector<Task> combine() {
    if (gathers()) {
      move(sent_ * adding_passes * s_.degrees.expert_tensor, sorting_kernels);
      collective(Collective::reduce_scatter, token_ * ranks(), {static_cast<int>(ranks()), 1});
      return std::move(tasks_);
    }
    sort();
    over_tensor(Collective::reduce_scatter);
    exchange();
    move(sent_ * 2, sorting_kernels);
    return std::move(tasks_);
  }

 private:
  bool gathers() const { return s_.dispatcher == Dispatcher::all_gather && s_.degrees.expert > 1; }
  bool is_fused() const { return s_.dispatcher == Dispatcher::once_per_node && s_.degrees.expert > 1; }
  double ranks() const { return static_cast<double>(s_.degrees.expert) * s_.degrees.expert_tensor; }

  void move(Bytes moved, double kernels) {
    ComputeTask task{Account::elementwise, StreamShape{moved, kernels}, Direction::forward, s_.dtype};
    task.graphed = s_.graphs.router || s_.graphs.everything;
    tasks_.push_back(task);
  }
  /// A rank's tokens arrive by sender; its experts want them by expert. A rank of one expert needs no order.
  void sort() {
    const bool is_single = routing_.experts <= s_.degrees.expert;
    if (s_.degrees.expert > 1 && !is_single && !is_fused())
      move(sent_ * 2.0 * s_.degrees.expert_tensor, sorting_kernels);
  }
  void collective(Collective kind, Bytes payload, Group group) {
    if (group.size > 1) tasks_.push_back(CollectiveTask{Account::expert_communication, kind, payload, group});
  }
  void over_tensor(Collective kind) {
    collective(kind, sent_ * static_cast<double>(s_.degrees.expert_tensor), {s_.degrees.expert_tensor, 1});
  }
  void exchange() {
    if (s_.degrees.expert == 1) return;
    CollectiveTask task{
        Account::expert_communication, Collective::all_to_all, sent_, {s_.degrees.expert, s_.degrees.expert_tensor}};
    if (is_fused()) task.copies = routing_.active;
    if (routing_.groups > 1) task.crossing = std::min(1.0, routing_.active_groups / routing_.active);
    tasks_.push_back(task);
  }

  const workload::Routing& routing_;
  const Sharding& s_;
  Bytes token_, sent_;
  std::vector<Task> tasks_;
};

}  // namespace

std::vector<Task> dispatch_tasks(const workload::Routing& routing, const Sharding& sharding, double slice) {
  return Exchange(routing, sharding, slice).dispatch();
}

std::vector<Task> combine_tasks(const workload::Routing& routing, const Sharding& sharding, double slice) {
  return Exchange(routing, sharding, slice).combine();
}

}  // namespace chipmix::plan
