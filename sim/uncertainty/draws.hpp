// Many possible worlds: what do several sums come to in each, when what they share moves together?
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/sourced.hpp"

namespace chipmix::uncertainty {

/// A factor that is 1 in the central world. Its logarithm is normal on either side, with half of the belief on each:
///   F = exp(z σ),  σ = ln(p90) / z90 for z > 0, -ln(p10) / z90 for z < 0,  z90 = 1.2816.
/// Factors of one `cause` have the same z in every world (common random numbers).
struct Factor {
  std::string cause;
  double p10 = 1, p90 = 1;
};

/// A factor that follows from several causes at once: `value` of their z, in their order; 1 where all are 0. Laws of
/// one `id` are the same law.
struct Law {
  std::string id;
  std::vector<std::string> causes;
  std::function<double(std::span<const double>)> value;
};

/// What parts, each times its factors, leave of a whole: max(0, whole - sum of parts).
struct Remainder {
  struct Part {
    double size = 0;
    std::vector<Factor> factors;
  };
  double whole = 0;
  std::vector<Part> parts;
};

/// A part of a sum: an amount times its factors, its law and what is left of a whole.
struct Term {
  double amount = 0;
  std::vector<Factor> factors{};
  std::shared_ptr<const Law> law{};
  std::optional<Remainder> remainder{};
};
using Sum = std::vector<Term>;

/// p10 and p90 of the product of factors with different causes: their logarithms in quadrature, ups and downs apart.
Interval<double> in_quadrature(const std::vector<Factor>& factors);

/// The sums in each of so many worlds: [sum][world]. The same seed gives the same worlds; a cause's z does not depend
/// on which sums there are beside it.
std::vector<std::vector<double>> draw(const std::vector<Sum>& sums, int worlds, std::uint64_t seed);

/// Of the standard normal distribution: the value below which a share, within (0, 1), lies.
double normal_quantile(double share);

/// The value below which a share of the list lies. Sorts the list.
double quantile(std::vector<double>& list, double share);

}  // namespace chipmix::uncertainty
