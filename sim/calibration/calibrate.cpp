#include "calibration/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>

#include "calibration/corrections.hpp"

namespace chipmix::calibration {
namespace {

constexpr double outlier = 5;           // spreads; and never below:
constexpr double least_outlier = 0.25;  // of a log time
constexpr std::size_t least_to_hold_out = 10;
constexpr int draws_of_shapes = 12;

Indices usable(const std::vector<Sample>& samples, Machine& machine) {
  Indices list;
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (predict(samples[i], machine)) list.push_back(i);
  return list;
}

std::vector<Figure> figures_of(Sweep& sweep, const Outcome& outcome, const Indices& which, const Machine& before) {
  std::vector<Figure> figures;
  for (std::size_t j = 0; j < sweep.parameters().size(); ++j) {
    const Parameter& parameter = sweep.parameters()[j];
    Figure figure{.parameter = parameter, .verdict = outcome.verdicts[j]};
    if (!parameter.is_of_harness()) figure.before = get(parameter, before);
    figure.value = figure.before.value;
    figure.points = sweep.feeling(j, which);
    const auto found = std::find(outcome.free.begin(), outcome.free.end(), j);
    if (found != outcome.free.end()) {
      const auto at = static_cast<std::size_t>(found - outcome.free.begin());
      const double theta = outcome.fit.theta[at], deviation = outcome.fit.deviation[at];
      const boost::math::students_t law(outcome.fit.freedom[at]);
      const double wide_80 = boost::math::quantile(law, 0.9), wide_95 = boost::math::quantile(law, 0.975);
      figure.value = sweep.outward(j, theta);
      figure.low = sweep.outward(j, theta - wide_80 * deviation);
      figure.high = sweep.outward(j, theta + wide_80 * deviation);
      figure.low_95 = sweep.outward(j, theta - wide_95 * deviation);
      figure.high_95 = sweep.outward(j, theta + wide_95 * deviation);
    }
    figures.push_back(figure);
  }
  return figures;
}

Indices without(const Indices& all, const std::set<std::size_t>& out) {
  Indices rest;
  for (std::size_t i : all)
    if (!out.contains(i)) rest.push_back(i);
  return rest;
}

Indices shuffled(Indices list, std::mt19937_64& random) {
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random() % i]);
  return list;
}

/// Log errors of `unseen` by a fit to `seen`.
Values unseen_errors(Sweep sweep, const Indices& seen, const Indices& unseen, const std::vector<Sample>& samples) {
  const Outcome outcome = solve(sweep, seen);
  give(corrections_of(sweep, outcome, seen, samples), sweep);
  return sweep.residuals(unseen, outcome.free, outcome.fit.theta);
}

void cross_validate(const Sweep& sweep, const Indices& which, const std::vector<Sample>& samples,
                    const Options& options, Calibration& result) {
  if (which.size() < least_to_hold_out || options.hold_out <= 0) return;
  std::mt19937_64 random(options.seed);
  const Indices order = shuffled(which, random);
  const auto folds = static_cast<std::size_t>(std::clamp(std::round(1 / options.hold_out), 2.0, double(order.size())));
  std::map<std::string, Values> errors;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    Indices out;
    for (std::size_t i = fold; i < order.size(); i += folds) out.push_back(order[i]);
    const Values found = unseen_errors(sweep, without(which, {out.begin(), out.end()}), out, samples);
    for (std::size_t k = 0; k < out.size(); ++k) {
      errors[group_of(samples[out[k]])].push_back(found[k]);
      const auto at = static_cast<std::size_t>(std::find(which.begin(), which.end(), out[k]) - which.begin());
      result.points[at].held_out = result.points[at].measured * std::exp(found[k]);
    }
  }
  for (const auto& [group, list] : errors) result.held_out[group] = errors_of(list);
}

/// How the error on shapes not seen falls with the number of shapes seen.
void learning_curve(const Sweep& sweep, const Indices& which, const std::vector<Sample>& samples,
                    const Options& options, Calibration& result) {
  if (which.size() < least_to_hold_out) return;
  for (std::size_t count : {4, 6, 8, 10, 15, 20, 30, 40}) {
    if (count + which.size() / 5 > which.size()) break;
    std::mt19937_64 random(options.seed + count);
    Values errors;
    for (int draw = 0; draw < draws_of_shapes; ++draw) {
      const Indices order = shuffled(which, random);
      const auto cut = order.begin() + static_cast<std::ptrdiff_t>(count);
      const Values found = unseen_errors(sweep, {order.begin(), cut}, {cut, order.end()}, samples);
      errors.insert(errors.end(), found.begin(), found.end());
    }
    result.by_shapes[count] = errors_of(errors);
  }
}

/// `errors`: of the fit, corrected; outliers are those of the law. `regime`: in which regime a point is.
void judge_points(const Values& seconds, const Indices& which, const Outcome& outcome, const Values& errors,
                  const std::function<std::string(std::size_t)>& regime, Calibration& result) {
  std::map<std::string, Values> regimes;
  const double limit = std::max(least_outlier, outlier * outcome.fit.spread);
  for (std::size_t k = 0; k < which.size(); ++k) {
    const double error = errors[k], measured = seconds[which[k]];
    Point point{which[k], measured, measured * std::exp(error), 0, regime(which[k]), false};
    point.is_outlier = !outcome.free.empty() && std::abs(outcome.fit.residuals[k]) > limit;
    regimes[point.regime].push_back(error);
    result.points.push_back(point);
  }
  for (const auto& [name, list] : regimes) result.regimes[name] = errors_of(list);
}

void count_unused(const std::vector<Sample>& samples, const Indices& which, Calibration& result) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::binary_search(which.begin(), which.end(), i)) continue;
    if (std::holds_alternative<SustainedSample>(samples[i]) && timed(samples[i]).error.empty()) continue;
    const bool failed = !timed(samples[i]).error.empty();
    ++result.not_used[failed ? "failed: " + group_of(samples[i]) : group_of(samples[i])];
  }
}

}  // namespace

const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::fitted:
      return "fitted";
    case Verdict::too_few:
      return "too few points, kept";
    case Verdict::not_identified:
      return "not identified, kept";
    case Verdict::at_bound:
      return "ran into 1, kept";
    case Verdict::does_not_pay:
      return "does not pay, kept";
  }
  return "";
}

bool Calibration::fitted_any() const {
  const auto is_fitted = [](const Figure& figure) {
    return figure.verdict == Verdict::fitted && !figure.parameter.is_of_harness();
  };
  return sustained || std::any_of(figures.begin(), figures.end(), is_fitted);
}

Errors errors_of(const std::vector<double>& log_errors) {
  if (log_errors.empty()) return {};
  Values sizes, signs = log_errors;
  for (double e : log_errors) sizes.push_back(std::abs(std::expm1(e)));
  const auto quantile = [](Values& list, double share) {
    std::sort(list.begin(), list.end());
    const double at = share * static_cast<double>(list.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, list.size() - 1);
    return list[below] + (at - static_cast<double>(below)) * (list[above] - list[below]);
  };
  return {sizes.size(), quantile(sizes, 0.5), quantile(sizes, 0.9), std::expm1(quantile(signs, 0.5))};
}

namespace {

Values seconds_of_all(const std::vector<Sample>& samples) {
  Values list;
  for (const Sample& sample : samples)
    list.push_back(timed(sample).seconds.values.empty() ? 1 : seconds_of(timed(sample)));
  return list;
}

/// Tells of each correction, and gives the errors with those that pay.
Values add_corrections(const Corrections& corrections, Sweep& sweep, const Indices& which, const Outcome& outcome,
                       Calibration& result) {
  for (const auto& [dtype, one] : corrections) {
    const Neighbours& found = one.neighbours;
    Figure figure{.parameter = {Parameter::Place::device, std::string("gemm_correction.") + name(dtype), ""}};
    figure.verdict = pays(found) ? Verdict::fitted : Verdict::does_not_pay;
    figure.points = one.entry.points.size();
    figure.value = found.spread;
    figure.low = found.low, figure.high = found.high;
    figure.low_95 = found.low_95, figure.high_95 = found.high_95;
    result.figures.push_back(figure);
    if (pays(found)) result.corrections[dtype] = one.entry;
  }
  give(corrections, sweep);
  return sweep.residuals(which, outcome.free, outcome.fit.theta);
}

Sweep sweep_of(const std::vector<Sample>& samples, const Machine& machine) {
  const auto law = [&samples](std::size_t i, Machine& with) { return predict(samples[i], with); };
  const Machine start = without_corrections(machine);
  return {seconds_of_all(samples), law, start, parameters_of(samples, start)};
}

}  // namespace

Calibration calibrate(const Measurements& measurements, const Machine& machine, const Options& options) {
  const std::vector<Sample>& samples = measurements.samples;
  Calibration result = fit_only(measurements, machine);
  Machine scratch = machine;
  const Indices which = usable(samples, scratch);
  const Sweep fresh = sweep_of(samples, machine);
  cross_validate(fresh, which, samples, options, result);
  learning_curve(fresh, which, samples, options, result);
  return result;
}

Calibration fit_only(const Measurements& measurements, const Machine& machine) {
  const std::vector<Sample>& samples = measurements.samples;
  Machine scratch = machine;
  const Indices which = usable(samples, scratch);
  Sweep sweep = sweep_of(samples, machine);
  const Outcome outcome = solve(sweep, which);
  Calibration result;
  result.figures = figures_of(sweep, outcome, which, machine);
  const Values errors = add_corrections(corrections_of(sweep, outcome, which, samples), sweep, which, outcome, result);
  const auto regime = [&](std::size_t i) { return regime_of(samples[i], sweep.machine()); };
  judge_points(seconds_of_all(samples), which, outcome, errors, regime, result);
  count_unused(samples, which, result);
  result.sustained = sustained_of(samples, machine);
  result.covered = covered_by(samples);
  return result;
}

Calibration fit_times(const std::vector<double>& seconds, const Predictor& predict, const Machine& machine,
                      const std::vector<Parameter>& parameters) {
  Sweep sweep(seconds, predict, machine, parameters);
  Indices which(seconds.size());
  std::iota(which.begin(), which.end(), std::size_t{0});
  const Outcome outcome = solve(sweep, which);
  Calibration result;
  result.figures = figures_of(sweep, outcome, which, machine);
  judge_points(
      seconds, which, outcome, outcome.fit.residuals, [](std::size_t) { return std::string("step"); }, result);
  return result;
}

}  // namespace chipmix::calibration
