#include "practice/kinship.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "practice/contradiction.hpp"

namespace chipmix::practice {
namespace {

using Matrix = std::vector<std::vector<double>>;

double share_of(const PredictedStep& step, const std::string& account) {
  const auto found = step.accounts.find(account);
  return found == step.accounts.end() ? 0 : found->second;
}

/// Σ(√a - √b)² over all accounts of either step.
double unlikeness(const PredictedStep& one, const PredictedStep& other) {
  std::set<std::string> names;
  for (const PredictedStep* step : {&one, &other})
    for (const auto& [name, share] : step->accounts) names.insert(name);
  double sum = 0;
  for (const std::string& name : names)
    sum += std::pow(std::sqrt(share_of(one, name)) - std::sqrt(share_of(other, name)), 2);
  return sum;
}

/// The Cholesky factor L of a matrix LL'; what rounding leaves below 0 on the diagonal counts as next to nothing.
Matrix factored(Matrix a) {
  constexpr double least = 1e-12;
  for (std::size_t j = 0; j < a.size(); ++j) {
    for (std::size_t k = 0; k < j; ++k) a[j][j] -= a[j][k] * a[j][k];
    a[j][j] = std::sqrt(std::max(a[j][j], least));
    for (std::size_t i = j + 1; i < a.size(); ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= a[j][j];
    }
  }
  return a;
}

/// x of LL'x = b.
std::vector<double> solved(const Matrix& factor, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= factor[i][k] * b[k];
    b[i] /= factor[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= factor[k][i] * b[k];
    b[i] /= factor[i][i];
  }
  return b;
}

/// The correlations of all measured steps.
Matrix correlations(const Kinship& kinship, const std::vector<PredictedStep>& measured) {
  const std::size_t n = measured.size();
  Matrix all(n, std::vector<double>(n, 1));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (i != j) all[i][j] = correlation(kinship, measured[i], measured[j]);
  return all;
}

}  // namespace

const io::Shape<Kinship>& shape_of(io::Type<Kinship>) {
  const auto share = io::between(0.0, 1.0);
  constexpr double least_length = 0.01, most_length = 2;  // the unlikeness of two steps is at most 2
  static const auto shape =
      io::Shape<Kinship>("kinship", "What part of the variance of ln(measured / predicted) steps have in common.")
          .required("team", &Kinship::team, "Of steps that the same team runs.", share)
          .required("stack", &Kinship::stack, "Besides, of steps under the same software stack.", share)
          .required("device", &Kinship::device, "Besides, of steps on the same device under that stack.", share)
          .required("network", &Kinship::network, "Besides, of steps over the same link between servers.", share)
          .required("work", &Kinship::work, "Besides, of steps there that spend their time on the same accounts.",
                    share)
          .required("run", &Kinship::run, "Of one run alone.", share)
          .required("work_length", &Kinship::work_length,
                    "How unlike two steps' accounts may be: sqrt(sum (sqrt(a) - sqrt(b))^2) over which work fades.",
                    io::between(least_length, most_length));
  return shape;
}

double correlation(const Kinship& kinship, const PredictedStep& one, const PredictedStep& other) {
  const double same_work = std::exp(-unlikeness(one, other) / (2 * std::pow(kinship.work_length.value, 2)));
  double sum = kinship.team.value;
  for (const Site& a : one.sites)
    for (const Site& b : other.sites) {
      double pair = 0;
      if (a.stack == b.stack) pair += kinship.stack.value;
      if (a.stack == b.stack && a.device == b.device) pair += kinship.device.value + kinship.work.value * same_work;
      if (a.network == b.network) pair += kinship.network.value;
      sum += a.share * b.share * pair;
    }
  return sum;
}

Carried carried(const Kinship& kinship, const std::vector<PredictedStep>& measured, const PredictedStep& step) {
  const std::size_t n = measured.size();
  std::vector<double> with(n);
  for (std::size_t i = 0; i < n; ++i) with[i] = correlation(kinship, measured[i], step);
  Carried result;
  result.gains = solved(factored(correlations(kinship, measured)), with);
  double explained = 0;
  for (std::size_t i = 0; i < n; ++i) {
    explained += with[i] * result.gains[i];
    result.gains[i] *= step.deviation / measured[i].deviation;
  }
  explained = std::clamp(explained, 0.0, 1.0);
  result.left = std::sqrt(1 - explained);
  result.correlation = std::sqrt(explained);
  return result;
}

double contradiction(const Kinship& kinship, const std::vector<PredictedStep>& measured, const std::vector<double>& z) {
  const std::size_t n = measured.size();
  if (n < 2) return 1;
  const Matrix factor = factored(correlations(kinship, measured));
  const std::vector<double> weights = solved(factor, std::vector<double>(n, 1));
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < n; ++i) sum += weights[i] * z[i], total += weights[i];
  std::vector<double> apart(n);
  for (std::size_t i = 0; i < n; ++i) apart[i] = z[i] - sum / total;
  const std::vector<double> weighed = solved(factor, apart);
  double square = 0;
  for (std::size_t i = 0; i < n; ++i) square += apart[i] * weighed[i];
  return std::max(1.0, std::sqrt(std::max(0.0, square) / static_cast<double>(n - 1)));
}

}  // namespace chipmix::practice
