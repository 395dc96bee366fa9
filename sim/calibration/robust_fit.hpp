// Nonlinear least squares that a few wild points cannot bend.
//
//   min over θ of Σ 2c²·(√(1 + (r_i/c)²) - 1),   r_i = ln(predicted_i(θ) / measured_i)
//
//   θ: logs of the parameters; c: scale beyond which a residual counts linearly ("soft L1"), 1.345 times the spread of
//   the residuals, which is 1.4826 times their median size (both for 95 % efficiency on normal errors, and
//   consistency).
//
// A belief in a parameter counts as one more residual: spread of the residuals · (θ - centre) / width.
//
// Valid where the law is off by a factor that does not depend on the size of the time. Sources: Huber, Robust
// Statistics, 1981, section 7.8; Charbonnier et al., IEEE Trans. Image Process. 6(2), 1997 (this loss). Solved by
// Levenberg and Marquardt's method as MINPACK has it (Moré, 1978), in Eigen.
#pragma once

#include <functional>
#include <vector>

namespace chipmix::calibration {

inline constexpr double consistent = 1.4826;  ///< a normal distribution's deviation over its median distance

/// Writes one residual per point into `out`, which has their number.
using Residuals = std::function<void(const std::vector<double>& theta, std::vector<double>& out)>;

/// What is thought of a parameter before any point is seen: normal.
struct Belief {
  std::size_t parameter = 0;
  double centre = 0, width = 1;
};
using Beliefs = std::vector<Belief>;

struct RobustFit {
  std::vector<double> theta;
  std::vector<double> residuals;  ///< at theta, not weighted
  std::vector<double> deviation;  ///< standard deviation of each θ; infinite where the points do not decide it
  std::vector<double> freedom;    ///< degrees of each deviation, for Student's t
  double spread = 0;              ///< of the residuals
};

/// `points`: number of residuals.
RobustFit fit(const Residuals& residuals, std::vector<double> start, std::size_t points, const Beliefs& beliefs = {});

/// Standard deviations of θ, were each residual off by `spread`: the test of what the points can decide at all.
std::vector<double> decidable(const Residuals& residuals, const std::vector<double>& theta, std::size_t points,
                              double spread, const Beliefs& beliefs = {});

}  // namespace chipmix::calibration
