// The time of one block on one rank, by account: laws applied to a block's tasks.
#pragma once

#include "engine/accounts.hpp"
#include "hardware/cluster.hpp"
#include "plan/program.hpp"

namespace chipmix::engine {

/// A node group seen by the laws: the group, and its device's figures per rank, under load and with the stack's
/// kernels.
struct Machine {
  explicit Machine(const hardware::NodeGroup& node_group);
  /// As constructed with it, in the memory that is there.
  void use(const hardware::NodeGroup& node_group);
  hardware::NodeGroup group;
  hardware::DeviceSpec rank;
};

/// One micro-batch through one block. `again` is what recomputation adds to the backward pass.
struct BlockCost {
  Times forward;
  Times backward;
  double weight_pass = 0;  ///< of `backward`: what makes gradients of weights
  double again_selective = 0;
  double again_full = 0;

  double again(plan::Recompute recompute) const;
};

/// Σ over tasks; communication counts with the share its stack leaves exposed. A pass of a block takes at least the
/// host time to launch its kernels and, in a layer, the stall (s, for a forward pass; a backward pass has two):
/// t = max(Σ over parts (device⁴ + host⁴)^(1/4), stall): a smooth maximum of each part of the pass between two moments
/// at which the host waits for the device (the token counts of a mixture of experts), for it cannot run ahead across
/// one. The excess is booked as host time.
BlockCost block_cost(const plan::BlockTasks& block, const Machine& machine, double stall = 0);

/// Seconds of a collective, and of these what a rank's port to other servers is busy; nothing hidden.
struct CollectiveSeconds {
  double total = 0, across = 0;
};
CollectiveSeconds collective_seconds(const plan::CollectiveTask& task, const Machine& machine);

/// Share of an account's communication that the stack leaves exposed.
double exposed_share(plan::Account account, const hardware::SoftwareStack& stack);

/// Seconds of one task on the machine, nothing hidden.
double task_time(const plan::Task& task, const Machine& machine);

}  // namespace chipmix::engine
