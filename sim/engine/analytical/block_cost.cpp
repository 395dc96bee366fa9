#include "engine/analytical/block_cost.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "laws/collectives.hpp"
#include "laws/collectives/placement.hpp"
#include "laws/compute.hpp"

namespace chipmix::engine {
namespace {

using plan::Account;

struct TaskTime {
  const Machine& machine;

  double operator()(const plan::ComputeTask& task) const {
    return std::visit([&](const auto& shape) { return of(task, shape).value(); }, task.shape);
  }
  double operator()(const plan::CollectiveTask& task) const { return collective_seconds(task, machine).total; }

  Seconds of(const plan::ComputeTask& task, const plan::GemmShape& shape) const {
    return laws::gemm_time(shape, task.dtype, machine.rank);
  }
  Seconds of(const plan::ComputeTask& task, const plan::GroupedGemmShape& shape) const {
    return laws::grouped_gemm_time(shape, task.dtype, machine.rank);
  }
  Seconds of(const plan::ComputeTask& task, const plan::AttentionShape& shape) const {
    return laws::attention_time(shape, task.direction, machine.group.stack.flash_attention, machine.rank, task.dtype);
  }
  Seconds of(const plan::ComputeTask&, const plan::StreamShape& shape) const {
    return laws::streaming_time(shape.moved, shape.kernels, machine.rank);
  }
};

/// DeepEP, HybridEP: a token goes to a node once and to each of its ranks once, however many of its experts they
/// hold; what has arrived is passed on over the fast links while more arrives (github.com/deepseek-ai/DeepEP).
CollectiveSeconds once_per_rank(const plan::CollectiveTask& task, const laws::TierTimes& tiers,
                                const hardware::NodeGroup& group) {
  const laws::Placement at = laws::place(task.group, group);
  const Seconds inside = tiers.inside * (at.nodes * laws::once_each(task.copies, at.members));
  const Seconds across = tiers.across * std::min(task.crossing, laws::once_each(task.copies, at.nodes));
  return {max(inside, across).value(), across.value()};
}

Account account_of(const plan::Task& task) {
  return std::visit([](const auto& t) { return t.account; }, task);
}

bool is_recomputed(const plan::Task& task) {
  return std::visit([](const auto& t) { return t.recomputed; }, task);
}

bool makes_gradients(const plan::Task& task) {
  const auto* compute = std::get_if<plan::ComputeTask>(&task);
  return compute && compute->makes_gradients;
}

/// Kernels the host launches for a task. Fused attention is one kernel forward, three backward.
double kernels(const plan::Task& task) {
  const auto* compute = std::get_if<plan::ComputeTask>(&task);
  if (!compute) return 1;
  if (compute->graphed) return 0;
  if (compute->launches > 0) return compute->launches;
  if (const auto* gemm = std::get_if<plan::GemmShape>(&compute->shape)) return gemm->count;
  if (const auto* stream = std::get_if<plan::StreamShape>(&compute->shape)) return stream->kernels;
  if (std::holds_alternative<plan::AttentionShape>(compute->shape))
    return compute->direction == plan::Direction::forward ? 1 : 3;
  return 1;
}

bool is_product(const plan::Task& task) {
  return account_of(task) == Account::matrix_products || account_of(task) == Account::experts;
}

/// The host runs ahead of the device until one of them has to wait: the sharper the exponent, the less both matter at
/// once. Of 2, 4, 8 and 16 the one with the least error over published one-node runs (bench/fit_step.py).
constexpr double sharpness = 4;

/// One part of a pass, between two moments at which the host waits for the device.
struct Part {
  double device = 0, host = 0;  ///< s
  double total() const { return std::pow(std::pow(device, sharpness) + std::pow(host, sharpness), 1 / sharpness); }
  /// What the host adds.
  double excess() const { return total() - device; }
  void add(double share, double seconds, double launched) {
    device += share * seconds;
    host += share * launched;
  }
};

/// Adds what host and stall need beyond the device's time of one pass.
void add_host_floor(Times& pass, const std::vector<Part>& parts, double stall) {
  const double device = pass.total();
  double both = device;
  for (const Part& part : parts) both += part.excess();
  pass[Spent::host] += std::max(both, stall) - device;
}

/// Launches that one recomputed module costs the host beside its kernels: it keeps and restores the random
/// state and runs a backward pass of its own (Megatron-Core, tensor_parallel/random.py). Between 2 and 5 by the six
/// steps that Megatron-Bridge prints of Moonlight on eight H100 with other modules recomputed and nothing else changed.
constexpr double checkpoint_launches = 2;

/// What selective recomputation adds to a backward pass whose tasks take `pass`, s.
double added_again(const Part& pass, const Part& again, double stall) {
  const Part both{pass.device + again.device, pass.host + again.host};
  return std::max(both.total(), stall) - std::max(pass.total(), stall);
}

}  // namespace

Machine::Machine(const hardware::NodeGroup& node_group) { use(node_group); }

void Machine::use(const hardware::NodeGroup& node_group) {
  group = node_group;
  rank = node_group.device;
  hardware::divide_among_ranks(rank);
  hardware::put_under_load(rank);
  group.scale_up.efficiency.value *= group.stack.collective_rate.value;
  group.scale_out.efficiency.value *= group.stack.network_rate.value;
  group.scale_out.latency.value += group.stack.network_latency.value;
  const double units = 1 - group.stack.reserved_units.value;
  for (auto& [dtype, share] : rank.efficiency.gemm)
    share.value *= units * (dtype == Dtype::fp8 ? group.stack.fp8_rate.value : 1);
  rank.efficiency.attention_forward.value *= units;
  rank.efficiency.attention_backward.value *= units;
  rank.efficiency.grouped_gemm.value *= group.stack.expert_efficiency.value;
  rank.efficiency.attention_forward.value *= group.stack.attention_efficiency.value;
  rank.efficiency.attention_backward.value *= group.stack.attention_efficiency.value;
}

double BlockCost::again(plan::Recompute recompute) const {
  switch (recompute) {
    case plan::Recompute::none:
      return 0;
    case plan::Recompute::selective:
      return again_selective;
    case plan::Recompute::full:
      return again_full;
  }
  throw std::logic_error("unknown recompute");
}

CollectiveSeconds collective_seconds(const plan::CollectiveTask& task, const Machine& machine) {
  const laws::TierTimes tiers = laws::collective_tiers(task.kind, task.payload, task.group, machine.group);
  if (task.copies > 0) return once_per_rank(task, tiers, machine.group);
  const Seconds across = tiers.across * task.crossing;
  return {(tiers.inside + across).value(), across.value()};
}

double exposed_share(Account account, const hardware::SoftwareStack& stack) {
  switch (account) {
    case Account::tensor_communication:
      return 1 - stack.tensor_overlap.value;
    case Account::context_communication:
      return 1 - stack.context_overlap.value;
    case Account::expert_communication:
      return 1 - (stack.overlaps_batches ? stack.batch_overlap : stack.expert_overlap).value;
    default:
      return 1;
  }
}

double task_time(const plan::Task& task, const Machine& machine) { return std::visit(TaskTime{machine}, task); }

BlockCost block_cost(const plan::BlockTasks& block, const Machine& machine, double stall) {
  const hardware::SoftwareStack& stack = machine.group.stack;
  const double launch = stack.host_per_kernel.value.value() / host_speed(machine.group.node);
  BlockCost cost;
  Part again{0, block.checkpoints * checkpoint_launches * launch};
  const auto sum = [&](const std::vector<plan::Task>& tasks, std::size_t waits_at, Times& times) {
    std::vector<Part> parts(1);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const plan::Task& task = tasks[i];
      if (waits_at > 0 && i == waits_at) parts.emplace_back();
      const double time = task_time(task, machine) * exposed_share(account_of(task), stack);
      times.seconds[static_cast<int>(account_of(task))] += time;
      parts.back().device += time;
      parts.back().host += kernels(task) * launch;
      if (makes_gradients(task)) cost.weight_pass += time;
      if (&times != &cost.forward) continue;
      if (is_recomputed(task))
        again.add(1, time, kernels(task) * launch);
      else if (is_product(task))
        again.add(stack.selective_products.value, time, kernels(task) * launch);
    }
    return parts;
  };
  const auto forward = sum(block.forward, block.waits_at, cost.forward),
             backward = sum(block.backward, 0, cost.backward);
  cost.again_selective = added_again(backward.front(), again, 2 * stall * block.layers);
  const double device = cost.backward.total();
  add_host_floor(cost.forward, forward, stall * block.layers);
  add_host_floor(cost.backward, backward, 2 * stall * block.layers);
  if (device > 0) cost.weight_pass *= cost.backward.total() / device;  // its part of the host's time
  if (block.layers > 0) cost.again_full = cost.forward.total();        // only layers are checkpointed
  return cost;
}

}  // namespace chipmix::engine
