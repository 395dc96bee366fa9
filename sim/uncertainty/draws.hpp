// Many possible worlds: what do several sums come to in each, when what they share moves together?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chipmix::uncertainty {

/// A factor that is 1 in the central world. Its logarithm is normal on either side, with half of the belief on each:
///   F = exp(z σ),  σ = ln(p90) / z90 for z > 0, -ln(p10) / z90 for z < 0,  z90 = 1.2816.
/// Factors of one `cause` have the same z in every world (common random numbers).
struct Factor {
  std::string cause;
  double p10 = 1, p90 = 1;
};

/// A part of a sum: an amount times its factors.
struct Term {
  double amount = 0;
  std::vector<Factor> factors;
};
using Sum = std::vector<Term>;

/// The sums in each of so many worlds: [sum][world]. The same seed gives the same worlds; a cause's z does not depend
/// on which sums there are beside it.
std::vector<std::vector<double>> draw(const std::vector<Sum>& sums, int worlds, std::uint64_t seed);

/// Of the standard normal distribution: the value below which a share, within (0, 1), lies.
double normal_quantile(double share);

/// The value below which a share of the list lies. Sorts the list.
double quantile(std::vector<double>& list, double share);

}  // namespace chipmix::uncertainty
