// Predictions judged as shipped, and as fits that had not seen the runs would have made them.
#pragma once

#include <optional>
#include <vector>

#include "validation/left_out.hpp"
#include "validation/score.hpp"

namespace chipmix::validation {

/// The same runs scored three ways. Held-out errors have no say in memory and verdicts.
struct Judged {
  Scored shipped;
  std::optional<Scored> left_out;   ///< each project left out of the fit in turn
  std::optional<Scored> five_fold;  ///< each fifth of the runs left out in turn
};

/// What a fit that made these errors would have predicted: measured · exp(error), the interval in the same proportion
/// to it as the shipped one. A run whose error is not known is not predicted.
std::vector<Prediction> held_out(const std::vector<PublishedRun>& runs, std::vector<Prediction> predictions,
                                 const LeftOut& errors, std::optional<double> HeldOut::*error);

/// A way of leaving out that knows none of the runs is absent.
Judged judge(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions, const LeftOut& errors);

}  // namespace chipmix::validation
