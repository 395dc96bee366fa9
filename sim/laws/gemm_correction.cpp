// The choice of a kernel, learnt from neighbours, where the profile has a gemm_correction:
//
//   factor = exp( Σ_i w_i · κ(d_i) ),    κ(d) = (1 + √3·d) · exp(-√3·d)
//   d_i²   = (ln(m/m_i)/ℓ_m)² + (ln(n/n_i)/ℓ_s)² + (ln(k/k_i)/ℓ_s)²
//
//   m, n, k: sides of the product;  m_i, n_i, k_i: those that were measured;  w_i: weight of each, of a log time;
//   ℓ_m, ℓ_s: lengths, of the logs of the rows and of both other sides
//
// A library chooses kernel, tile and slices by the shape, so that products of nearly the same sides share what the law
// misses. This is the mean of a Gaussian process (simple kriging) of the residuals with Matérn's covariance of 3/2;
// the weights are fitted in sim/calibration/neighbours.cpp. Valid between and near the measured shapes: the factor
// goes to 1 within a few lengths of them, and is 1 where nothing was measured. It is the device's and its library's,
// not the law's. Source: Rasmussen and Williams, Gaussian Processes for Machine Learning, MIT Press 2006, equations
// 2.27 (mean as a sum over the points) and 4.17 (this covariance).
#include "laws/gemm_correction.hpp"

#include <cmath>

namespace chipmix::laws {

double distance(const Sides& one, const Sides& other, double rows_length, double sides_length) {
  const double m = std::log(one[0] / other[0]) / rows_length;
  const double n = std::log(one[1] / other[1]) / sides_length;
  const double k = std::log(one[2] / other[2]) / sides_length;
  return std::sqrt(m * m + n * n + k * k);
}

double likeness(double distance) {
  const double d = std::sqrt(3.0) * distance;
  return (1 + d) * std::exp(-d);
}

double correction_factor(const Sides& sides, Dtype dtype, const hardware::DeviceSpec& rank) {
  const auto found = rank.efficiency.gemm_correction.find(dtype);
  if (found == rank.efficiency.gemm_correction.end()) return 1;
  const hardware::GemmCorrection& correction = found->second;
  double sum = 0;
  for (const auto& point : correction.points)
    sum += point[3] *
           likeness(distance(sides, {point[0], point[1], point[2]}, correction.rows_length, correction.sides_length));
  return std::exp(sum);
}

}  // namespace chipmix::laws
