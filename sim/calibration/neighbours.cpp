#include "calibration/neighbours.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace chipmix::calibration {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t least_points = 10;
constexpr double least_probability = 0.1;             // below, a correction says next to nothing
constexpr double usual_ratio = 4, ratio_width = 2.8;  // of ρ and of ln ρ: the spread is about twice the nugget
constexpr double least_left = 0.05;                   // of a point that a figure all but rests on

struct Choice {
  double rows = 0, sides = 0, ratio = 0;
  double belief = 0;    // minus the log of what is thought of it before, but for a constant
  double cost = 0;      // minus the log of the posterior
  double variance = 0;  // τ²
};

/// The points with what the figures of the law could take up set aside.
class MissField {
 public:
  explicit MissField(const MissedBy& missed)
      : missed_(missed), r_(Eigen::Map<const VectorXd>(missed.residuals.data(), size())) {
    trend_ = MatrixXd(size(), 0);
    if (missed.slopes.empty()) return;
    MatrixXd slopes(size(), static_cast<Eigen::Index>(missed.slopes.size()));
    for (Eigen::Index j = 0; j < slopes.cols(); ++j)
      slopes.col(j) = Eigen::Map<const VectorXd>(missed.slopes[static_cast<std::size_t>(j)].data(), size());
    Eigen::ColPivHouseholderQR<MatrixXd> decomposition(slopes);
    decomposition.setThreshold(1e-6);
    trend_ = MatrixXd(decomposition.householderQ()).leftCols(decomposition.rank());
  }

  Eigen::Index size() const { return static_cast<Eigen::Index>(missed_.residuals.size()); }
  Eigen::Index left() const { return size() - trend_.cols(); }

  MatrixXd covariance(double rows, double sides) const {
    MatrixXd all(size(), size());
    for (Eigen::Index i = 0; i < size(); ++i)
      for (Eigen::Index j = 0; j <= i; ++j) {
        const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
        const double distance = laws::distance(missed_.sides[a], missed_.sides[b], rows, sides);
        all(i, j) = all(j, i) = missed_.shares[a] * missed_.shares[b] * laws::likeness(distance);
      }
    return all;
  }

  /// All ratios for two lengths.
  std::vector<Choice> weigh(double rows, double sides) const {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(covariance(rows, sides));
    const VectorXd values = solver.eigenvalues().cwiseMax(0);
    const VectorXd r = solver.eigenvectors().transpose() * r_;
    const MatrixXd trend = solver.eigenvectors().transpose() * trend_;
    std::vector<Choice> list;
    for (double ratio = 0.25; ratio <= 64; ratio *= 4) {
      const VectorXd inverse = (ratio * values.array() + 1).inverse();
      const MatrixXd normal = trend.transpose() * inverse.asDiagonal() * trend;
      const VectorXd side = trend.transpose() * inverse.asDiagonal() * r;
      const Eigen::LDLT<MatrixXd> solved(normal);
      const double sum = r.dot(inverse.asDiagonal() * r) - (trend.cols() ? side.dot(solved.solve(side)) : 0);
      Choice one{rows, sides, ratio};
      const auto freedom = static_cast<double>(left());
      one.variance = std::max(sum, 1e-12) / freedom;
      const double determinant = trend.cols() ? solved.vectorD().array().abs().log().sum() : 0;
      one.belief = 0.5 * (std::pow(std::log(rows), 2) + std::pow(std::log(sides), 2) +
                          std::pow(std::log(ratio / usual_ratio) / ratio_width, 2));
      one.cost = one.belief + 0.5 * (freedom * std::log(one.variance) - inverse.array().log().sum() + determinant);
      list.push_back(one);
    }
    return list;
  }

  /// Minus the log of the likelihood of noise alone.
  double noise() const {
    const double sum = r_.squaredNorm() - (trend_.transpose() * r_).squaredNorm();
    const auto freedom = static_cast<double>(left());
    return 0.5 * freedom * std::log(std::max(sum, 1e-12) / freedom);
  }

  /// Mean size of the errors of each point by the others, the figures fitted anew.
  double left_out(const MatrixXd& inverse) const {
    MatrixXd all = inverse;
    if (trend_.cols()) {
      const MatrixXd side = inverse * trend_;
      all -= side * (trend_.transpose() * side).ldlt().solve(side.transpose());
    }
    const VectorXd diagonal = all.diagonal().cwiseQuotient(inverse.diagonal()).cwiseMax(least_left);
    return (all * r_).cwiseQuotient(diagonal.cwiseProduct(inverse.diagonal())).cwiseAbs().mean();
  }

  MatrixXd inverse_of(const Choice& choice) const {
    MatrixXd all = choice.ratio * covariance(choice.rows, choice.sides);
    all.diagonal().array() += 1;
    return all.llt().solve(MatrixXd::Identity(size(), size()));
  }

  std::vector<double> weights(const MatrixXd& inverse, double ratio) const {
    const VectorXd solved = inverse * r_;
    std::vector<double> list;
    for (std::size_t i = 0; i < missed_.shares.size(); ++i)
      list.push_back(ratio * missed_.shares[i] * solved(static_cast<Eigen::Index>(i)));
    return list;
  }

 private:
  const MissedBy& missed_;
  VectorXd r_;
  MatrixXd trend_;
};

double spread_of(const Choice& choice) { return std::sqrt(choice.ratio * choice.variance); }

/// Quantile of the spread over all that was weighed.
double quantile(const std::vector<Choice>& sorted, double best, double share) {
  double all = 0, sum = 0;
  for (const Choice& one : sorted) all += std::exp(best - one.cost);
  for (const Choice& one : sorted) {
    sum += std::exp(best - one.cost);
    if (sum >= share * all) return spread_of(one);
  }
  return spread_of(sorted.back());
}

/// 2 ln of how much likelier the points are with neighbours that share, over all that was weighed, than as noise.
double evidence_of(const std::vector<Choice>& all, double noise, double best) {
  double likelihood = 0, belief = 0;
  for (const Choice& one : all) {
    likelihood += std::exp(best - one.cost);
    belief += std::exp(-one.belief);
  }
  return 2 * (noise - best + std::log(likelihood / belief));
}

}  // namespace

std::optional<Neighbours> likeliest(const MissedBy& missed) {
  const MissField field(missed);
  if (missed.residuals.size() < least_points || field.left() < 3) return std::nullopt;
  std::vector<Choice> all;
  for (double rows = 0.5; rows <= 8; rows *= 2)
    for (double sides = 0.5; sides <= 8; sides *= 2)
      for (const Choice& one : field.weigh(rows, sides)) all.push_back(one);
  const Choice best = *std::min_element(all.begin(), all.end(), [](auto& a, auto& b) { return a.cost < b.cost; });
  std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return spread_of(a) < spread_of(b); });
  const MatrixXd inverse = field.inverse_of(best);
  Neighbours found{best.rows, best.sides, spread_of(best), std::sqrt(best.variance)};
  found.low = quantile(all, best.cost, 0.1), found.high = quantile(all, best.cost, 0.9);
  found.low_95 = quantile(all, best.cost, 0.025), found.high_95 = quantile(all, best.cost, 0.975);
  const double without = field.left_out(MatrixXd::Identity(field.size(), field.size()));
  const double with = field.left_out(inverse);
  found.gain = 2 * static_cast<double>(field.size()) * std::log(std::max(without, 1e-9) / std::max(with, 1e-9));
  found.evidence = evidence_of(all, field.noise(), best.cost);
  found.probability = 1 / (1 + std::exp(-found.evidence / 2));
  found.weights = field.weights(inverse, found.probability * best.ratio);
  return found;
}

bool pays(const Neighbours& neighbours) { return neighbours.probability >= least_probability && neighbours.gain > 0; }

}  // namespace chipmix::calibration
