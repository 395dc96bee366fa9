// Steps of the user's that were measured, and what they say of runs that were not.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// Time of a kind of work of a traced step, seconds of one rank: measured, and what was predicted of it.
struct TracedPart {
  std::string name, note;
  double measured = 0, predicted = 0;
};

/// One operator of a traced step.
struct TracedWork {
  std::string name, kind;
  double calls = 0, measured = 0;   ///< a step, and seconds of all of them
  std::optional<double> predicted;  ///< where a law speaks of its shape
};

/// A measured step: what it is, and what was predicted of it.
struct Anchor {
  std::string name;  ///< "12.4 s on 64 x h800-sxm5-80gb (TP8 DP8), median of 48 steps of run.log"
  double seconds = 0;
  double predicted = 0;  ///< by the plan's steps alone
  practice::PredictedStep step;
  practice::Facts facts;                ///< of its run, so far as practice asks for them
  std::vector<TracedPart> parts{};      ///< of a trace
  std::vector<TracedPart> beside{};     ///< of a trace: what the parts do not add up, for it runs beside them
  std::vector<TracedWork> operators{};  ///< of a trace, the longest first
};

/// All of them. Each has the rate that is expected of the team that runs it; what it is off by moves other runs by
/// what they share (practice/kinship.hpp).
class Anchors {
 public:
  Anchors(const Scenario& scenario, std::vector<Anchor> list) : belief_(scenario.practice), list_(std::move(list)) {}

  const std::vector<Anchor>& list() const { return list_; }
  const practice::Kinship& kinship() const { return belief_.kinship; }
  practice::Carried carried(const practice::PredictedStep& step) const;
  /// What of a measured step this practice did not expect, ln; no further off than kinship.hpp allows.
  double surprise(std::size_t anchor, practice::Practice practice) const;
  /// By how much the measured steps are further apart than what they share allows (practice::contradiction); 1: they
  /// agree.
  double contradiction() const;
  bool is_far_off(std::size_t anchor, practice::Practice practice) const;
  /// All that this practice did not expect of a measured step, ln.
  double off(std::size_t anchor, practice::Practice practice) const;

 private:
  double most(std::size_t anchor) const { return practice::furthest_off * list_[anchor].step.deviation; }

  practice::Belief belief_;
  std::vector<Anchor> list_;
};

/// A played run whose interval is known, as far as its error may be shared.
practice::PredictedStep predicted_step(const Run& run, const hardware::Cluster& cluster);

/// The run of an anchor that was played.
Anchor anchor_of(const Run& run, const Scenario& scenario, const Option& option, double seconds, std::string name);

/// Notes what the anchors say of a played run and narrows the interval of its step; its steady rate moves in settle().
void anchor(Run& run, std::shared_ptr<const Anchors> anchors, const hardware::Cluster& cluster);

/// What practice takes of it; sets run.anchored->factor.
practice::Anchoring anchoring(Run& run, practice::Practice practice);

}  // namespace chipmix::scenario
