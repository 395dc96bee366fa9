// What the law misses at a shape, learnt from measured shapes near it.
//
//   r_i = s_i · f(x_i) + ε_i,    f a Gaussian process of covariance ρτ² · κ (laws/gemm_correction.cpp),  ε_i ~ N(0, τ²)
//   maximal over ℓ_m, ℓ_s, ρ:  ln p(r without what the fitted figures could take up) + ln p(ℓ_m) + ln p(ℓ_s) + ln p(ρ)
//   weights  w = P ρ S (ρ S K S + 1)⁻¹ r,    P = B / (1 + B)
//
//   x: m, n, k;  r: ln(measured / law) after the fit;  s_i (the diagonal of S): share of the call that is the product's
//   own, the rest being the host's and a cast's;  K: κ between the points;  ℓ_m, ℓ_s: lengths, from 1/2 to 8;  τ: what
//   stays unexplained ("nugget");  ρ: from 1/4 to 64
//
// The likelihood is the restricted one: the figures of the law were fitted to the same points, so what their slopes
// span says nothing of the neighbours. The beliefs are wide (standard deviations 1 of ln ℓ around 1 and 2.8 of ln ρ
// around 4) and only keep few points from extremes. B, Bayes's factor, is how much likelier the points are with a
// correction, over all lengths and ratios weighed, than as noise alone; P its probability when both were as likely
// before. The mean of "a correction" and "none", weighed so (Bayesian model averaging), is P times the correction: weak
// evidence corrects a little. None is taken where P is below 0.1, or where points left out in turn are not predicted
// better (mean size of the errors). Sources: Rasmussen and Williams, Gaussian Processes for Machine Learning, MIT Press
// 2006, sections 2.7 (fitted means), 5.4.1 (likelihood) and 5.4.2 (points left out); Kass and Raftery, JASA 90, 1995
// (Bayes factors); Hoeting, Madigan, Raftery and Volinsky, Statistical Science 14, 1999 (averaging).
#pragma once

#include <optional>
#include <vector>

#include "laws/gemm_correction.hpp"

namespace chipmix::calibration {

struct MissedBy {
  std::vector<laws::Sides> sides;
  std::vector<double> residuals;            ///< ln(measured / law)
  std::vector<double> shares;               ///< d ln(time) / d ln(time of the product itself)
  std::vector<std::vector<double>> slopes;  ///< of the residuals over each fitted figure
};

struct Neighbours {
  double rows_length = 0, sides_length = 0;
  double spread = 0, nugget = 0;  ///< of a log time
  double low = 0, high = 0;       ///< 80 % interval of the spread
  double low_95 = 0, high_95 = 0;
  double evidence = 0;     ///< 2 ln of Bayes's factor against noise alone
  double probability = 0;  ///< that neighbours share what the law misses, and that it is not noise
  double gain = 0;         ///< 2n ln(mean error without / with), each point left out in turn
  std::vector<double> weights{};
};

/// The likeliest correction, whether it pays or not; nothing with too few points.
std::optional<Neighbours> likeliest(const MissedBy& missed);
bool pays(const Neighbours& neighbours);

}  // namespace chipmix::calibration
