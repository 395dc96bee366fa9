// Views of a block's tasks for the tests of lowering.
#pragma once

#include <stdexcept>
#include <vector>

#include "../../support/models.hpp"
#include "plan/lower.hpp"
#include "workload/operators.hpp"

namespace chipmix::plan::test {

/// Executed FLOPs of one task: products and attention, causal attention its half.
struct TaskFlops {
  double operator()(const GemmShape& s) const { return 2 * s.m * s.n * s.k * s.count; }
  double operator()(const GroupedGemmShape& s) const { return 2 * s.groups * s.rows_per_group * s.n * s.k; }
  double operator()(const AttentionShape& s) const {
    return 2 * s.sequences * s.heads * s.queries * s.keys * (s.qk_dim + s.v_dim) * (s.causal ? 0.5 : 1);
  }
  double operator()(const StreamShape&) const { return 0; }
};

inline double flops(const std::vector<Task>& tasks, bool attention) {
  double sum = 0;
  for (const Task& task : tasks)
    if (const auto* compute = std::get_if<ComputeTask>(&task))
      if (attention == std::holds_alternative<AttentionShape>(compute->shape))
        sum += std::visit(TaskFlops{}, compute->shape);
  return sum;
}

inline std::vector<CollectiveTask> collectives(const std::vector<Task>& tasks, Account account) {
  std::vector<CollectiveTask> list;
  for (const Task& task : tasks)
    if (const auto* collective = std::get_if<CollectiveTask>(&task); collective && collective->account == account)
      list.push_back(*collective);
  return list;
}

inline int count(const std::vector<CollectiveTask>& tasks, Collective kind) {
  int sum = 0;
  for (const CollectiveTask& task : tasks) sum += task.kind == kind;
  return sum;
}

inline Sharding sharding(int tensor, int context = 1, int expert = 1, int micro_batch = 2, int sequence_length = 2048) {
  Sharding s;
  s.degrees = {tensor, context, expert, 1};
  s.micro_batch = micro_batch;
  s.sequence_length = sequence_length;
  s.sequence_parallel = tensor > 1;
  return s;
}

inline BlockTasks lowered_layer(const workload::ModelSpec& model, const Sharding& s, workload::BlockKind kind) {
  const workload::ModelGraph graph = workload::build_graph(model);
  for (const workload::Block& block : graph.blocks)
    if (block.kind == kind) return lower_block(block, s);
  throw std::logic_error("the model has no such block");
}

inline BlockTasks dense_layer(const workload::ModelSpec& model, const Sharding& s) {
  return lowered_layer(model, s, workload::BlockKind::dense_layer);
}
inline BlockTasks moe_layer(const workload::ModelSpec& model, const Sharding& s) {
  return lowered_layer(model, s, workload::BlockKind::moe_layer);
}

}  // namespace chipmix::plan::test
