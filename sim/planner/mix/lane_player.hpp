// A shape of a pipeline laid out, checked and played.
#pragma once

#include <deque>
#include <optional>

#include "planner/mix/lane_layout.hpp"

namespace chipmix::planner {

/// A plan and its step; or, without one, how many bytes the fullest rank lacks.
struct Played {
  std::optional<plan::ParallelPlan> plan;
  double step_time = 0;
  double shortfall = 0;
  LaneShape shape{};
  std::vector<int> ends{};  ///< of each stage's units
};

/// One per thread.
class LanePlayer {
 public:
  /// `waiting`: for the slowest rank, as a share of the passes.
  LanePlayer(const workload::TrainingJob& job, const LaneContext& context, int ranks_beside, double waiting);

  /// The faster of the partitioner's layout and an even one, of those that fit. Layouts that cannot be done within
  /// `to_beat` seconds are not played.
  Played play(const LaneShape& shape, double to_beat);

  long long played() const { return played_; }  ///< layouts, ever

  /// Moves borders by a layer or two as long as the step gets faster. Then the same with layers cut between attention
  /// and MLP, from the best such cut on, taken where that saves a hundredth. One chunk a stage.
  void polish(Played& played);

 private:
  double bound(const LaneShape& shape, const std::vector<StageSlot>& slots, const std::vector<int>& ends);
  std::optional<Played> play_partition(const LaneShape& shape, std::vector<StageSlot> slots, double to_beat);
  std::optional<Played> play_ends(const LaneShape& shape, const std::vector<int>& ends);
  LaneShape with_cut_layers(LaneShape shape);
  bool move_border(Played& played);
  std::optional<Played> play_even(const LaneShape& shape, const std::vector<StageSlot>& slots, double to_beat);
  std::optional<double> step_time(const plan::ParallelPlan& plan, std::vector<double>& excess);
  plan::Program lower(const plan::ParallelPlan& plan);

  const LaneContext& context_;
  int ranks_beside_;
  double waiting_;
  plan::Lowering lowering_;
  engine::AnalyticalEngine engine_;
  UnitTables tables_;
  std::deque<StageOption> cut_options_;  ///< of shapes whose layers were cut
  long long played_ = 0;
};

}  // namespace chipmix::planner
