// A pipeline schedule played in order: when does the last pass end?
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "plan/schedule.hpp"

namespace chipmix::engine {

/// Of one chunk: the exposed exchanges of experts in a pass, and what of them another pass can hide.
struct Pairing {
  double forward_exposed = 0, backward_exposed = 0;
  double forward_hides = 0, backward_hides = 0;

  bool operator==(const Pairing&) const = default;
};

/// Seconds of each chunk of one stage, and of handing activations to the next stage. A rank that holds a stage and its
/// mirror image has the nearer one as chunk 0, the other as chunk 1.
struct StageTimes {
  std::vector<double> forward;     ///< per chunk
  std::vector<double> backward;    ///< per chunk
  double send = 0;                 ///< delay to the next stage (and of gradients back), beyond what blocks the stage
  std::vector<double> weight{};    ///< per chunk, of `backward`: for the weights; only for schedules that split it
  std::vector<Pairing> pairing{};  ///< per chunk; none: passes that run together hide nothing of one another

  /// One pass alone.
  double of(const plan::Slot& pass) const;
  /// What a forward and a backward pass that run together take less than one after the other: each hides what it can
  /// of the other's exchanges (h), no more than what it does beside its own lasts (c):  min(h_F, c_B) + min(h_B, c_F).
  double saved(const plan::Slot& forward, const plan::Slot& backward) const;
  /// Exposed exchanges of experts of both.
  double exposed_experts(const plan::Slot& forward, const plan::Slot& backward) const;

  bool operator==(const StageTimes&) const = default;
};

/// Plays schedules; remembers the orders, so far as there is room, and what was played last. Not thread-safe.
class PipelinePlayer {
 public:
  /// Time from the first forward to the last backward. A pass starts when its stage is free and its input has arrived:
  ///   start = max(end of the stage's previous pass, end of the pass it depends on + send).
  /// Split backward passes: zero_bubble_ends where they fill gaps, play_written where the order says all.
  double play(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages);
  /// Of what was played last: when each stage's last pass ends; with split backward passes, from its own first one.
  const std::vector<double>& ends() const { return ends_; }

 private:
  void find_ends(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages);
  void play_in_order(const plan::PipelineShape& shape, const std::vector<StageTimes>& stages);

  using Orders = std::vector<std::vector<plan::Slot>>;
  const Orders& orders(const plan::PipelineShape& shape);

  std::map<plan::PipelineShape, Orders> orders_;
  std::size_t slots_remembered_ = 0;  ///< in orders_, which is emptied when it grows too large
  plan::PipelineShape last_shape_;
  std::vector<StageTimes> last_;  ///< what ends_ is of; empty: nothing
  std::vector<double> forward_end_, backward_end_, ends_;
  std::vector<std::size_t> next_;

  struct VirtualStage {
    double forward, backward, from_before, from_after;  ///< passes, and the sends of their inputs
  };
  std::vector<VirtualStage> virtual_;
};

}  // namespace chipmix::engine
