// One step of a pipeline and its replicas as a list of tasks.
#pragma once

#include "engine/analytical/pipeline.hpp"
#include "engine/event/disturbance.hpp"
#include "engine/event/exchanges.hpp"
#include "engine/event/task_list.hpp"

namespace chipmix::engine {

/// What a stage does beside its passes, in seconds that each takes alone.
struct StageTraffic {
  StageTimes passes;          ///< `send`: on the port to the next stage
  bool sends_outside = true;  ///< through the server's NICs, which it shares with the reduction of gradients
  double reduction = 0;       ///< of gradients over the replicas, once per step
  double hidden = 0;          ///< of it: what may run beside the stage's last backward passes
  bool reduces_outside = true;
  std::vector<ChunkExchanges> exchanges{};  ///< of each chunk, a part of its passes; none: they send nothing
  int replicas_together = 1;                ///< that exchange tokens of experts
};

/// Where the stages stand, if the switches between them count.
struct Placement {
  const Fabric* fabric = nullptr;
  double lanes_per_node = 1;  ///< one stage of one replica is a lane; below 1 where it takes several servers

  /// Servers of one job: lanes in the order of stages, in a stage of replicas.
  int nodes(int stages, int replicas) const;
  /// Of a lane: its server, or the first of them.
  int node(int lane) const;
};

/// Tasks of a step, and who does them.
struct StepList {
  TaskList tasks;
  struct Pass {
    int task = 0, replica_class = 0, stage = 0;  ///< its first task
    plan::Slot slot;
    bool is_weight = false;  ///< of a split backward pass, whose slot it shares
    int last = 0;            ///< task; the first, where nothing is exchanged
    Span span(const std::vector<Span>& spans) const { return {spans[task].start, spans[last].end}; }
  };
  std::vector<Pass> passes;
  struct Transfer {
    int task = 0, replica_class = 0, stage = 0;  ///< of the sender
    bool is_reduction = false;
    int feeds = 0, to_stage = 0;      ///< of a send: the pass that waits for it
    bool is_exchange = false;         ///< within a pass
    double experts = 0, context = 0;  ///< of an exchange: shares of what it waits for; the rest is of tensor groups
  };
  std::vector<Transfer> transfers;
  int interleave = 1;  ///< chunks of a stage
};

/// Passes run in the schedule's order, each when its stage is free and its input is there. A rank's port to other
/// servers is a link of capacity 1, so that a transfer's amount is the seconds it takes alone; activations, their
/// gradients and the reduction share it. Gradients of a stage are reduced over all replicas together: from when it
/// gets to its last backward passes (one a chunk) what may hide behind them, the rest after them. One pipeline stands
/// for all replicas of a class, which is exact: replicas meet only in reductions, and there all wait for the slowest.
/// On a fabric every replica is a class; transfers take their routes, and a stage's reduction runs round a ring of its
/// replicas: one flow for each, or message by message, 2 (D - 1) one after the other.
/// What the passes exchange with other servers goes through the same ports: a pass is its computation, with what hides
/// beside it, and then what it waits for. Replicas that exchange tokens of experts wait for one another, and on a
/// fabric send to the other half of their group whatever leaves the switch. Where passes for weights fill gaps, they
/// run where the analytical engine puts them; a forward and a backward pass that run together are one.
StepList step_list(const plan::PipelineShape& shape, const std::vector<StageTraffic>& stages,
                   const std::vector<ReplicaClass>& classes, const Placement& placement = {});

}  // namespace chipmix::engine
