#include "uncertainty/draws.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>
#include <random>

#include "base/normal.hpp"

namespace chipmix::uncertainty {
namespace {

/// FNV-1a (Fowler, Noll and Vo): the same on every machine, where std::hash is not.
std::uint64_t hash(const std::string& text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (unsigned char byte : text) value = (value ^ byte) * 0x100000001b3;
  return value;
}

std::vector<double> normals(const std::string& cause, int worlds, std::uint64_t seed) {
  std::mt19937_64 random(hash(cause) ^ seed);
  std::normal_distribution<double> normal;
  std::vector<double> list(worlds);
  for (double& z : list) z = normal(random);
  return list;
}

class Worlds {
 public:
  Worlds(int count, std::uint64_t seed) : count_(count), seed_(seed) {}

  std::vector<double> sum(const Sum& terms) {
    std::vector<double> total(count_, 0);
    for (const Term& term : terms) {
      std::vector<double> value = product(term.factors);
      if (term.law) multiply(value, of(*term.law));
      if (term.remainder) multiply(value, left(*term.remainder));
      for (int world = 0; world < count_; ++world) total[world] += term.amount * value[world];
    }
    return total;
  }

 private:
  static void multiply(std::vector<double>& list, const std::vector<double>& by) {
    for (std::size_t world = 0; world < list.size(); ++world) list[world] *= by[world];
  }

  const std::vector<double>& z_of(const std::string& cause) {
    auto& z = causes_[cause];
    if (z.empty()) z = normals(cause, count_, seed_);
    return z;
  }

  std::vector<double> product(const std::vector<Factor>& factors) {
    std::vector<double> logarithms(count_, 0);
    for (const Factor& factor : factors) add(factor, logarithms);
    for (double& value : logarithms) value = std::exp(value);
    return logarithms;
  }

  void add(const Factor& factor, std::vector<double>& logarithms) {
    const double up = std::log(factor.p90) / z90, down = -std::log(factor.p10) / z90;
    if (up == 0 && down == 0) return;
    const auto& z = z_of(factor.cause);
    for (int world = 0; world < count_; ++world) logarithms[world] += z[world] * (z[world] > 0 ? up : down);
  }

  const std::vector<double>& of(const Law& law) {
    auto& known = laws_[law.id];
    if (!known.empty()) return known;
    std::vector<const std::vector<double>*> drawn;
    for (const std::string& cause : law.causes) drawn.push_back(&z_of(cause));
    std::vector<double> z(drawn.size());
    for (int world = 0; world < count_; ++world) {
      for (std::size_t i = 0; i < z.size(); ++i) z[i] = (*drawn[i])[world];
      known.push_back(law.value(z));
    }
    return known;
  }

  std::vector<double> left(const Remainder& remainder) {
    std::vector<double> list(count_, remainder.whole);
    for (const Remainder::Part& part : remainder.parts) {
      const std::vector<double> factor = product(part.factors);
      for (int world = 0; world < count_; ++world) list[world] -= part.size * factor[world];
    }
    for (double& value : list) value = std::max(0.0, value);
    return list;
  }

  int count_;
  std::uint64_t seed_;
  std::map<std::string, std::vector<double>> causes_;
  std::map<std::string, std::vector<double>> laws_;
};

}  // namespace

std::vector<std::vector<double>> draw(const std::vector<Sum>& sums, int worlds, std::uint64_t seed) {
  Worlds all(worlds, seed);
  std::vector<std::vector<double>> list;
  for (const Sum& sum : sums) list.push_back(all.sum(sum));
  return list;
}

Interval<double> in_quadrature(const std::vector<Factor>& factors) {
  double up = 0, down = 0;
  for (const Factor& factor : factors) {
    const double a = std::log(factor.p10), b = std::log(factor.p90);
    up += std::pow(std::max({0.0, a, b}), 2);
    down += std::pow(std::min({0.0, a, b}), 2);
  }
  return {std::exp(-std::sqrt(down)), std::exp(std::sqrt(up))};
}

double normal_quantile(double share) { return boost::math::quantile(boost::math::normal(), share); }

double quantile(std::vector<double>& list, double share) {
  std::sort(list.begin(), list.end());
  const double place = share * static_cast<double>(list.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  if (below + 1 >= list.size()) return list.back();
  return list[below] + (place - static_cast<double>(below)) * (list[below + 1] - list[below]);
}

}  // namespace chipmix::uncertainty
