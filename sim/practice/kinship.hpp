// How much of their error two predicted steps share, and what a measured one says of another.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/sourced.hpp"
#include "io/shape.hpp"

namespace chipmix::practice {

/// The error r = ln(measured / predicted) of a step whose interval has the standard deviation s on the logarithm is a
/// sum of normal parts, each a share v of s². Two steps share a part where they have the same
///   team     who runs them: all steps of one publisher, or of one user
///   stack    software stack
///   device   stack and device
///   network  link between servers
///   work     stack and device, as far as their time goes to the same accounts:
///            exp(-Σ(√a - √b)² / 2ℓ²), a and b the shares of the step's time by account
///   run      nothing: a run's own
/// The shares add up to 1. They are fitted to published runs with their project left out (bench/fit_anchor.py).
struct Kinship {
  Sourced<double> team, stack, device, network, work, run;
  Sourced<double> work_length;  ///< ℓ
};
const io::Shape<Kinship>& shape_of(io::Type<Kinship>);

/// A part of the cluster that a step runs on.
struct Site {
  std::string stack, device, network;
  double share = 1;  ///< of the cluster's ranks
};

/// A step as far as its error may be shared.
struct PredictedStep {
  std::vector<Site> sites;
  std::map<std::string, double> accounts;  ///< shares of the step's time
  double deviation = 0;                    ///< s
};

/// The correlation of two steps' errors, from 0 to 1 - run; of several sites the mean over all pairs.
double correlation(const Kinship& kinship, const PredictedStep& one, const PredictedStep& other);

/// What measured steps say of one that was not measured:
///   E[r] = Σ gain_k (r_k - E[r_k]),   s' = left · s
/// with gain = s c'C⁻¹S⁻¹, left = √(1 - c'C⁻¹c); C the measured steps' correlations, c those with this one, S their s.
struct Carried {
  std::vector<double> gains;  ///< of each measured step
  double left = 1;
  double correlation = 0;  ///< with all measured steps together: √(c'C⁻¹c)
};
Carried carried(const Kinship& kinship, const std::vector<PredictedStep>& measured, const PredictedStep& step);

/// A measured step further off than this many deviations counts as if it were so far off: it is another job, or has a
/// fault of its own. The shares are fitted with the same limit.
inline constexpr double furthest_off = 2;

}  // namespace chipmix::practice
