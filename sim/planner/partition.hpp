// The model-graph partitioner: a row of blocks cut into consecutive parts, one for each pipeline stage.
#pragma once

#include <limits>
#include <optional>
#include <vector>

namespace chipmix::planner {

/// What the units of the row (embedding, layers or halves of layers, head) cost on one kind of stage. Sums run from the
/// left: entry i is that of the first i units.
struct UnitTable {
  std::vector<double> time;     ///< seconds of a micro-batch, forward and backward
  std::vector<double> state;    ///< bytes of weights, gradients, optimizer states
  std::vector<double> saved;    ///< bytes of activations that one micro-batch keeps
  std::vector<double> working;  ///< bytes that each unit needs while it runs; not summed
};

/// One stage of a given order.
struct StageSlot {
  const UnitTable* units = nullptr;
  double fixed = 0;      ///< seconds of a micro-batch whatever the stage holds: its sends, the host
  double in_flight = 1;  ///< micro-batches whose activations it holds
  double room = 0;       ///< bytes
  double floor = 0;      ///< seconds of a micro-batch that it takes at least, its links being busy so long
  double delay = 0;      ///< seconds on the way to the next stage and back beyond `fixed`; of no concern to the cut
};

struct Partition {
  std::vector<int> ends;  ///< of each stage's units
  double slowest = 0;     ///< seconds of a micro-batch on the busiest stage
};

/// The partition with the least busiest stage among those in which every stage has a unit and
///   state + in_flight · saved + max(working) <= room.
/// Exact. For a bound T, taking as many units as time and room allow, stage by stage, reaches the last unit if any
/// partition within T does, because what fits a stage still fits it when it starts later; where a stage cannot take the
/// unit that comes next, all ends that stages can reach are followed. T is halved down to the least sum of units that
/// is feasible. Ties: as many units as fit in the earlier stages. Nothing if none fits, or none is within `limit`
/// seconds.
std::optional<Partition> partition(const std::vector<StageSlot>& stages,
                                   double limit = std::numeric_limits<double>::infinity());

/// Units spread evenly, whatever their cost: what a partition must never be worse than.
Partition even_partition(const std::vector<StageSlot>& stages);

/// Seconds of a micro-batch on each stage.
std::vector<double> stage_times(const std::vector<StageSlot>& stages, const std::vector<int>& ends);
/// Seconds of the busiest stage when stage i ends at unit ends[i].
double slowest_stage(const std::vector<StageSlot>& stages, const std::vector<int>& ends);
/// Whether each stage's part is within its room.
bool fits(const std::vector<StageSlot>& stages, const std::vector<int>& ends);

}  // namespace chipmix::planner
