#include "calibration/robust_fit.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <unsupported/Eigen/NonLinearOptimization>

namespace chipmix::calibration {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double first_scale = 0.08;     // the compute laws' own error, docs/laws/compute.md
constexpr double least_spread = 0.0025;  // no clock repeats itself better over a sweep of shapes
constexpr double step = 1e-5;            // of a log, for slopes
constexpr double efficient = 1.345;

/// A residual whose square is the loss.
double bent(double r, double scale) {
  const double s = r / scale;
  return std::copysign(scale * std::sqrt(2 * (std::sqrt(1 + s * s) - 1)), r);
}

/// Weight of a residual in the normal equations: half the slope of the loss over the residual.
double weight(double r, double scale) { return 1 / std::sqrt(1 + r * r / (scale * scale)); }

MatrixXd slopes(const Residuals& residuals, std::vector<double> theta, std::size_t points) {
  MatrixXd jacobian(points, theta.size());
  std::vector<double> up(points), down(points);
  for (std::size_t j = 0; j < theta.size(); ++j) {
    const double middle = theta[j];
    theta[j] = middle + step;
    residuals(theta, up);
    theta[j] = middle - step;
    residuals(theta, down);
    theta[j] = middle;
    for (std::size_t i = 0; i < points; ++i) jacobian(i, j) = (up[i] - down[i]) / (2 * step);
  }
  return jacobian;
}

/// What Eigen's solver asks for.
struct Problem {
  using Scalar = double;
  using Index = Eigen::Index;
  const Residuals& residuals;
  std::size_t points;
  double scale;

  int operator()(const VectorXd& x, VectorXd& out) const {
    std::vector<double> raw(points);
    residuals({x.data(), x.data() + x.size()}, raw);
    for (std::size_t i = 0; i < points; ++i) out(i) = bent(raw[i], scale);
    return 0;
  }
  int df(const VectorXd& x, MatrixXd& out) const {
    const std::vector<double> theta(x.data(), x.data() + x.size());
    std::vector<double> raw(points);
    residuals(theta, raw);
    out = slopes(residuals, theta, points);
    for (std::size_t i = 0; i < points; ++i) {
      const double b = bent(raw[i], scale);
      const double slope = b == 0 ? 1 : raw[i] * weight(raw[i], scale) / b;
      out.row(i) *= slope;
    }
    return 0;
  }
  int values() const { return static_cast<int>(points); }
  int inputs() const { return 0; }
};

std::vector<double> solved_from(const Residuals& residuals, const std::vector<double>& start, std::size_t points,
                                double scale) {
  Problem problem{residuals, points, scale};
  Eigen::LevenbergMarquardt<Problem> solver(problem);
  solver.parameters.maxfev = 100;
  solver.parameters.xtol = 1e-7;
  solver.parameters.ftol = 1e-9;
  VectorXd x = Eigen::Map<const VectorXd>(start.data(), static_cast<Eigen::Index>(start.size()));
  solver.minimize(x);
  return {x.data(), x.data() + x.size()};
}

double spread_of(const std::vector<double>& residuals) {
  std::vector<double> sizes(residuals.size());
  std::transform(residuals.begin(), residuals.end(), sizes.begin(), [](double r) { return std::abs(r); });
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::nth_element(sizes.begin(), middle, sizes.end());
  return std::max(least_spread, consistent * *middle);
}

/// The inverse of a symmetric matrix; a direction of no weight is given none, so its variance is infinite.
MatrixXd inverse(const MatrixXd& normal) {
  const VectorXd scale = normal.diagonal().cwiseMax(1e-300).cwiseSqrt();
  const MatrixXd scaled = scale.cwiseInverse().asDiagonal() * normal * scale.cwiseInverse().asDiagonal();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(scaled);
  const VectorXd values = solver.eigenvalues().cwiseMax(1e-12);
  const MatrixXd inner = solver.eigenvectors() * values.cwiseInverse().asDiagonal() * solver.eigenvectors().transpose();
  return scale.cwiseInverse().asDiagonal() * inner * scale.cwiseInverse().asDiagonal();
}

std::vector<double> roots(const MatrixXd& covariance) {
  std::vector<double> list;
  for (Eigen::Index j = 0; j < covariance.rows(); ++j) {
    const double variance = covariance(j, j);
    const bool known = std::isfinite(variance) && variance < 1e4;
    list.push_back(known ? std::sqrt(variance) : std::numeric_limits<double>::infinity());
  }
  return list;
}

/// The residuals, and those that stand for beliefs.
Residuals with(const Residuals& residuals, std::size_t points, const Beliefs& beliefs, double spread) {
  return [&residuals, &beliefs, points, spread](const std::vector<double>& theta, std::vector<double>& out) {
    out.resize(points);
    residuals(theta, out);
    for (const Belief& one : beliefs) out.push_back(spread * (theta[one.parameter] - one.centre) / one.width);
  };
}

struct Estimate {
  const MatrixXd& jacobian;  // rows of beliefs last
  const std::vector<double>& residuals;
  double scale;
  VectorXd bend{};  // ψ' = weight³
  MatrixXd bread{}, hat{};
  VectorXd leverage{};

  void prepare() {
    bend.setOnes(jacobian.rows());
    for (std::size_t i = 0; i < residuals.size(); ++i) bend(i) = std::pow(weight(residuals[i], scale), 3);
    bread = inverse(jacobian.transpose() * bend.asDiagonal() * jacobian);
    const MatrixXd bent_rows = bend.cwiseSqrt().asDiagonal() * jacobian;
    hat = bent_rows * bread * bent_rows.transpose();
    leverage = hat.diagonal().cwiseMin(0.9);
  }

  /// Covariance of an M-estimator, bread · meat · bread (Huber, Robust Statistics, 1981, section 7.6): bread⁻¹ = Σ ψ'
  /// JᵀJ, meat = Σ ψ² JᵀJ with ψ = weight · r, each raised by its leverage as HC3 does for few points and uneven noise
  /// (MacKinnon and White, J. Econometrics 29, 1985). A belief is off by its own width.
  std::vector<double> deviations() const {
    MatrixXd meat = MatrixXd::Zero(jacobian.cols(), jacobian.cols());
    for (Eigen::Index i = 0; i < jacobian.rows(); ++i) {
      const bool is_point = i < static_cast<Eigen::Index>(residuals.size());
      const double r = is_point ? residuals[static_cast<std::size_t>(i)] : 0;
      const double push = is_point ? weight(r, scale) * r / (1 - leverage(i)) : scale / efficient;
      meat += push * push * jacobian.row(i).transpose() * jacobian.row(i);
    }
    const std::vector<double> possible = roots(bread * std::pow(least_spread, 2));
    std::vector<double> found = roots(bread * meat * bread);
    for (std::size_t j = 0; j < found.size(); ++j) found[j] = std::max(found[j], possible[j]);
    return found;
  }

  /// Degrees of freedom of each deviation: a figure that a few points decide has fewer than points - figures. With a_i
  /// the part of the variance that point i brings per squared residual and M = 1 - hat:
  /// (Σ a_i M_ii)² / Σ a_i a_k M_ik² (Satterthwaite's, as Bell and McCaffrey, Survey Methodology 28(2), 2002).
  std::vector<double> freedom() const {
    const auto points = static_cast<Eigen::Index>(residuals.size());
    const MatrixXd left = MatrixXd::Identity(points, points) - hat.topLeftCorner(points, points);
    std::vector<double> list;
    for (Eigen::Index j = 0; j < jacobian.cols(); ++j) {
      const VectorXd pull =
          (jacobian.topRows(points) * bread.col(j)).cwiseQuotient((VectorXd::Ones(points) - leverage.head(points)));
      const VectorXd part = pull.cwiseAbs2();
      const double first = part.dot(left.diagonal()), second = part.dot(left.cwiseAbs2() * part);
      list.push_back(second > 0 ? std::max(1.0, first * first / second) : 1);
    }
    return list;
  }
};

}  // namespace

RobustFit fit(const Residuals& residuals, std::vector<double> start, std::size_t points, const Beliefs& beliefs) {
  RobustFit result;
  result.residuals.resize(points);
  const std::size_t rows = points + beliefs.size();
  const auto believed = [&](double spread) { return with(residuals, points, beliefs, spread); };
  result.theta = start.empty() ? start : solved_from(believed(first_scale / efficient), start, rows, first_scale);
  residuals(result.theta, result.residuals);
  if (start.empty()) return result;
  result.spread = spread_of(result.residuals);
  result.theta = solved_from(believed(result.spread), result.theta, rows, efficient * result.spread);
  residuals(result.theta, result.residuals);
  result.spread = spread_of(result.residuals);
  const MatrixXd jacobian = slopes(believed(result.spread), result.theta, rows);
  Estimate estimate{jacobian, result.residuals, efficient * result.spread};
  estimate.prepare();
  result.deviation = estimate.deviations();
  result.freedom = estimate.freedom();
  return result;
}

std::vector<double> decidable(const Residuals& residuals, const std::vector<double>& theta, std::size_t points,
                              double spread, const Beliefs& beliefs) {
  if (theta.empty()) return {};
  const MatrixXd jacobian = slopes(with(residuals, points, beliefs, spread), theta, points + beliefs.size());
  return roots(inverse(jacobian.transpose() * jacobian) * (spread * spread));
}

}  // namespace chipmix::calibration
