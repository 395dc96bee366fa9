// A pipeline over several islands laid out: which layers on which stage.
#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "planner/mix/stage_option.hpp"

namespace chipmix::planner {

/// All of a pipeline but its layers.
struct LaneShape {
  std::vector<const StageOption*> options;  ///< of its islands, in pipeline order
  int micro_batch = 1;
  int micro_batches = 1;
  int interleave = 1;
  plan::Recompute recompute = plan::Recompute::none;
  plan::Zero zero = plan::Zero::optimizer;

  int stages() const;
};

/// Micro-batches whose activations a stage holds, in whole micro-batches of all of its chunks.
double in_flight(int stages, int interleave, int micro_batches, int stage);

/// The option that the last stage of an option sends to; none after the last, but for several chunks a stage.
const StageOption* next_option(const LaneShape& shape, std::size_t option);

/// Seconds that a stage's activations, and their gradients back, are on their way to the next stage for one
/// micro-batch.
double sends(const StageOption& from, const StageOption& to, int interleave, const engine::AnalyticalEngine& engine);

/// What all lanes of a search share.
struct LaneContext {
  const hardware::Cluster& cluster;
  int layers = 0;
  double headroom = 0;
  double outer_bytes = 0;  ///< per weight; see plan::JobProgram
};

/// Tables of options, made once. Not thread-safe.
class UnitTables {
 public:
  explicit UnitTables(const LaneContext& context) : context_(context) {}
  const UnitTable& of(const StageOption& option, plan::Recompute recompute, plan::Zero zero);

 private:
  const LaneContext& context_;
  std::map<std::tuple<const StageOption*, plan::Recompute, plan::Zero>, UnitTable> tables_;
};

/// Slots of the partitioner, in pipeline order.
std::vector<StageSlot> stage_slots(const LaneShape& shape, const LaneContext& context, UnitTables& tables,
                                   const engine::AnalyticalEngine& engine);

/// The plan whose stage i ends at unit ends[i] (0: embedding, then layers or their halves, then the head). With
/// interleaving each stage's layers are spread over its chunks; nothing where a stage has fewer layers than chunks.
std::optional<plan::ParallelPlan> lay_out(const LaneShape& shape, const std::vector<int>& ends,
                                          const LaneContext& context);

}  // namespace chipmix::planner
