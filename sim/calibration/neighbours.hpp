// What the law misses at a shape, learnt from measured shapes near it.
//
//   r_i = s_i · f(x_i) + ε_i,    f a Gaussian process of covariance ρτ² · κ (laws/gemm_correction.cpp),  ε_i ~ N(0, τ²)
//   maximal over ℓ_m, ℓ_s, ρ:  ln p(r without what the fitted figures could take up) + ln p(ℓ_m) + ln p(ℓ_s) + ln p(ρ)
//   weights  w = ρ S (ρ S K S + 1)⁻¹ r
//
//   x: m, n, k;  r: ln(measured / law) after the fit;  s_i (the diagonal of S): share of the call that is the product's
//   own, the rest being the host's and a cast's;  K: κ between the points;  ℓ_m, ℓ_s: lengths, from 1/2 to 8;  τ: what
//   stays unexplained ("nugget");  ρ: from 1/4 to 64
//
// The likelihood is the restricted one: the figures of the law were fitted to the same points, so what their slopes
// span says nothing of the neighbours. The beliefs are wide (standard deviations 1 of ln ℓ around 1 and 2.8 of ln ρ
// around 4) and only keep few points from extremes. A correction is taken where the points are likelier with it, over
// all lengths and ratios weighed, than as noise alone (2 ln of Bayes's factor of 2 or more, which Schwarz's criterion
// approaches for many points), and where each point left out in turn is predicted better (mean size of the errors).
// Noise alone passes in 5 of 200 sweeps (tests/unit/calibration/neighbours_test.cpp). Sources: Rasmussen and Williams,
// Gaussian Processes for Machine Learning, MIT Press 2006, sections 2.7 (fitted means), 5.4.1 (likelihood) and 5.4.2
// (points left out); Kass and Raftery, JASA 90, 1995 (Bayes factors).
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
  double evidence = 0;  ///< 2 ln of Bayes's factor against noise alone
  double gain = 0;      ///< 2n ln(mean error without / with), each point left out in turn
  std::vector<double> weights{};
};

/// The likeliest correction, whether it pays or not; nothing with too few points.
std::optional<Neighbours> likeliest(const MissedBy& missed);
bool pays(const Neighbours& neighbours);

}  // namespace chipmix::calibration
