#include "uncertainty/draws.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>
#include <random>

namespace chipmix::uncertainty {
namespace {

constexpr double z90 = 1.2815515655446004;  // of the standard normal distribution

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
    std::vector<double> logarithms(count_);
    for (const Term& term : terms) {
      std::fill(logarithms.begin(), logarithms.end(), 0);
      for (const Factor& factor : term.factors) add(factor, logarithms);
      for (int world = 0; world < count_; ++world) total[world] += term.amount * std::exp(logarithms[world]);
    }
    return total;
  }

 private:
  void add(const Factor& factor, std::vector<double>& logarithms) {
    const double up = std::log(factor.p90) / z90, down = -std::log(factor.p10) / z90;
    if (up == 0 && down == 0) return;
    auto& z = causes_[factor.cause];
    if (z.empty()) z = normals(factor.cause, count_, seed_);
    for (int world = 0; world < count_; ++world) logarithms[world] += z[world] * (z[world] > 0 ? up : down);
  }

  int count_;
  std::uint64_t seed_;
  std::map<std::string, std::vector<double>> causes_;
};

}  // namespace

std::vector<std::vector<double>> draw(const std::vector<Sum>& sums, int worlds, std::uint64_t seed) {
  Worlds all(worlds, seed);
  std::vector<std::vector<double>> list;
  for (const Sum& sum : sums) list.push_back(all.sum(sum));
  return list;
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
