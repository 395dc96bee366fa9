// A pipeline schedule played in order: when does the last pass end?
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "plan/schedule.hpp"

namespace chipmix::engine {

/// Seconds of each chunk of one stage, and of handing activations to the next stage.
struct StageTimes {
  std::vector<double> forward;   ///< per chunk
  std::vector<double> backward;  ///< per chunk
  double send = 0;               ///< delay to the next stage (and of gradients back), beyond what blocks the stage
  std::vector<double> weight{};  ///< per chunk, of `backward`: for the weights; only for schedules that split it
};

/// DualPipe with the mean work of its stages, f and b seconds of whole passes:  M x max(f + b) + bubble(mean f, b, W).
double dualpipe_time(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages);

/// Plays schedules; remembers the orders, so far as there is room. Not thread-safe.
class PipelinePlayer {
 public:
  /// Time from the first forward to the last backward. A pass starts when its stage is free and its input has arrived:
  ///   start = max(end of the stage's previous pass, end of the pass it depends on + send).
  /// Split backward passes: zero_bubble_time for ZB-H1 and ZB-H2, dualpipe_time for DualPipe.
  double play(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages);

 private:
  double play_in_order(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages);

  using Orders = std::vector<std::vector<plan::Slot>>;
  const Orders& orders(const plan::PipelineShape& shape);

  std::map<plan::PipelineShape, Orders> orders_;
  std::size_t slots_remembered_ = 0;  ///< in orders_, which is emptied when it grows too large
  std::vector<double> forward_end_, backward_end_, free_at_;
  std::vector<std::size_t> next_;
};

}  // namespace chipmix::engine
