#include "engine/event/exchanges.hpp"

#include <algorithm>

namespace chipmix::engine {
namespace {

/// Of one pass of a block: network seconds, with the share that the stack leaves exposed.
PassExchanges of(const std::vector<plan::Task>& tasks, const Machine& machine) {
  PassExchanges pass;
  for (const plan::Task& task : tasks) {
    const auto* collective = std::get_if<plan::CollectiveTask>(&task);
    if (!collective) continue;
    const double across = collective_seconds(*collective, machine).across;
    const double share = exposed_share(collective->account, machine.group.stack);
    const bool is_of_experts = collective->account == plan::Account::expert_communication;
    (is_of_experts ? pass.experts : pass.replica) += {across * share, across * (1 - share)};
    if (collective->account == plan::Account::context_communication) pass.context += across;
  }
  return pass;
}

void add_block(const PassExchanges& block, double count, PassExchanges& sum) {
  sum.experts += block.experts * count;
  sum.replica += block.replica * count;
  sum.context += block.context * count;
}

}  // namespace

ChunkExchanges exchanges_of(const plan::ChunkProgram& chunk, const Machine& machine, plan::Recompute recompute,
                            double share) {
  ChunkExchanges sum;
  for (const plan::BlockRun& run : chunk) {
    const PassExchanges forward = of(run.block->forward, machine);
    add_block(forward, run.count, sum.forward);
    add_block(of(run.block->backward, machine), run.count, sum.backward);
    if (recompute == plan::Recompute::full && run.block->layers > 0)
      add_block(forward, run.count * share, sum.backward);
  }
  return sum;
}

int replicas_together(const plan::StageProgram& stage) {
  const plan::Degrees& d = stage.degrees;
  return std::clamp(d.expert * d.expert_tensor / (d.tensor * d.context), 1, std::max(1, d.data));
}

}  // namespace chipmix::engine
