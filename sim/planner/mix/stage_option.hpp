// One way to run the stages of an island: its degrees, and what each unit of the model costs there.
#pragma once

#include <array>
#include <vector>

#include "engine/analytical/analytical.hpp"
#include "planner/partition.hpp"
#include "planner/search.hpp"

namespace chipmix::planner {

/// Units of a model in pipeline order: the embedding, each layer, and the head with the prediction layers before it.
/// Neighbours with the same costs are of one kind.
struct StageOption {
  int island = 0;
  plan::Degrees degrees;
  int stages = 1;             ///< of the island in one pipeline
  int units_per_layer = 1;    ///< 2: attention and MLP are units of their own
  plan::StageProgram whole;   ///< the whole model on one stage of this kind
  std::vector<int> kind_of;   ///< by unit
  std::vector<int> count_of;  ///< by kind
  /// Seconds of one micro-batch, forward and backward, by recompute setting and kind.
  std::array<std::vector<double>, plan::all_recomputes.size()> time;
};

/// Every legal option of an island whose pipelines are `data` wide, at a micro-batch: degrees of the space that divide
/// its ranks, each with as many stages as remain. `batch`: sequences of the lane's step.
std::vector<StageOption> stage_options(const SearchSpace& space, int island, int data, int micro_batch, int batch,
                                       plan::Lowering& lowering, engine::AnalyticalEngine& engine);

/// The same option with the halves of layers for units; see Lowering::can_cut_layers.
StageOption with_cut_layers(const StageOption& option, int micro_batch, plan::Lowering& lowering,
                            engine::AnalyticalEngine& engine);

/// The partitioner's table of an option.
UnitTable unit_table(const StageOption& option, plan::Recompute recompute, plan::Zero zero, double outer_bytes,
                     const hardware::NodeGroup& group);

/// Bytes of a rank that units can have: its memory less what is kept free and what no unit answers for.
double unit_room(double headroom, const hardware::NodeGroup& group);

}  // namespace chipmix::planner
