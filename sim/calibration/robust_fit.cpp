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
constexpr double consistent = 1.4826, efficient = 1.345;

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

std::vector<double> solve(const Residuals& residuals, const std::vector<double>& start, std::size_t points,
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

/// Covariance of an M-estimator, bread · meat · bread (Huber, Robust Statistics, 1981, section 7.6): bread⁻¹ = Σ ψ'
/// JᵀJ, meat = Σ ψ² JᵀJ with ψ = weight · r, each raised by its leverage as HC3 does for few points and uneven noise
/// (MacKinnon and White, J. Econometrics 29, 1985).
std::vector<double> deviations(const MatrixXd& jacobian, const std::vector<double>& residuals, double scale) {
  VectorXd bend(residuals.size());  // ψ' = weight³
  for (std::size_t i = 0; i < residuals.size(); ++i) bend(i) = std::pow(weight(residuals[i], scale), 3);
  const MatrixXd bread = inverse(jacobian.transpose() * bend.asDiagonal() * jacobian);
  MatrixXd meat = MatrixXd::Zero(jacobian.cols(), jacobian.cols());
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const Eigen::RowVectorXd row = jacobian.row(i);
    const double leverage = std::min(0.9, bend(i) * (row * bread * row.transpose())(0, 0));
    const double push = weight(residuals[i], scale) * residuals[i] / (1 - leverage);
    meat += push * push * row.transpose() * row;
  }
  const std::vector<double> possible = roots(bread * std::pow(least_spread, 2));
  std::vector<double> found = roots(bread * meat * bread);
  for (std::size_t j = 0; j < found.size(); ++j) found[j] = std::max(found[j], possible[j]);
  return found;
}

}  // namespace

RobustFit fit(const Residuals& residuals, std::vector<double> start, std::size_t points) {
  RobustFit result;
  result.residuals.resize(points);
  result.theta = start.empty() ? start : solve(residuals, start, points, first_scale);
  residuals(result.theta, result.residuals);
  if (start.empty()) return result;
  result.spread = spread_of(result.residuals);
  result.theta = solve(residuals, result.theta, points, efficient * result.spread);
  residuals(result.theta, result.residuals);
  result.spread = spread_of(result.residuals);
  result.deviation = deviations(slopes(residuals, result.theta, points), result.residuals, efficient * result.spread);
  return result;
}

std::vector<double> decidable(const Residuals& residuals, const std::vector<double>& theta, std::size_t points,
                              double spread) {
  if (theta.empty()) return {};
  const MatrixXd jacobian = slopes(residuals, theta, points);
  return roots(inverse(jacobian.transpose() * jacobian) * (spread * spread));
}

}  // namespace chipmix::calibration
