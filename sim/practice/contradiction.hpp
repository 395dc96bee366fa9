// Measured steps that cannot all be true.
#pragma once

#include <vector>

#include "practice/kinship.hpp"

namespace chipmix::practice {

/// How far measured steps contradict each other: with z their errors in deviations and C as above, around the mean that
/// fits them best, m = 1'C⁻¹z / 1'C⁻¹1,
///   S = √((z - m)'C⁻¹(z - m) / (n - 1)),
/// at least 1 (R. T. Birge, Phys. Rev. 40, 207, 1932: errors larger than stated are scaled by S; as the Particle Data
/// Group does, Review of Particle Physics, Introduction, section 5.2.2). What they explain counts for 1/S² of it.
double contradiction(const Kinship& kinship, const std::vector<PredictedStep>& measured, const std::vector<double>& z);

}  // namespace chipmix::practice
