#include "calibration/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>

#include "calibration/robust_fit.hpp"

namespace chipmix::calibration {
namespace {

constexpr double usual_error = 0.06;       // of a log time: what the laws miss single shapes by, docs/laws/compute.md
constexpr double widest_deviation = 0.25;  // of a log: beyond it the points say less than a factor of 1.4 (80 %)
constexpr double widest_extra = 1;         // of a log, of figures that the profile may lack
constexpr double least_error = 0.0025;     // of a log time: no clock repeats itself better over a sweep of shapes
constexpr double least_gain = 2;           // of the criterion: "positive" evidence, Kass and Raftery, JASA 90, 1995
constexpr double outlier = 5;              // spreads; and never below:
constexpr double least_outlier = 0.25;     // of a log time
constexpr std::size_t least_to_hold_out = 10;
constexpr int draws_of_shapes = 12;

using Values = std::vector<double>;
using Indices = std::vector<std::size_t>;

/// Times with what predicts them, and the machine whose figures are turned.
class Sweep {
 public:
  Sweep(const Values& seconds, Predictor predict, Machine machine, std::vector<Parameter> parameters)
      : predict_(std::move(predict)), machine_(std::move(machine)), parameters_(std::move(parameters)) {
    for (double time : seconds) logs_.push_back(std::log(time));
    for (const Parameter& p : parameters_) {
      own_.push_back(get(p, machine_).value);
      start_.push_back(std::log(start_of(p, machine_)));
      set(p, std::exp(start_.back()), machine_);
    }
  }

  const Values& start() const { return start_; }
  /// Puts the profile's own figure back: nothing for a harness, and no half depth where there was none.
  void keep(std::size_t parameter) { set(parameters_[parameter], own_[parameter], machine_); }
  /// Logs back to figures; a share ends at 1.
  double outward(std::size_t parameter, double theta) const {
    return parameters_[parameter].is_share ? std::min(1.0, std::exp(theta)) : std::exp(theta);
  }
  /// ln(predicted / measured) of the samples at `which`, with the parameters at `free` turned and the rest as before.
  Values residuals(const Indices& which, const Indices& free, const Values& theta) {
    for (std::size_t j = 0; j < free.size(); ++j) set(parameters_[free[j]], outward(free[j], theta[j]), machine_);
    Values out;
    for (std::size_t i : which) out.push_back(std::log(*predict_(i, machine_)) - logs_[i]);
    return out;
  }
  Residuals function(const Indices& which, const Indices& free) {
    return [this, which, free](const Values& theta, Values& out) { out = residuals(which, free, theta); };
  }
  const std::vector<Parameter>& parameters() const { return parameters_; }
  Machine& machine() { return machine_; }
  /// How many of the points feel a parameter, where the fit has left the others.
  std::size_t feeling(std::size_t parameter, const Indices& which) {
    Machine other = machine_;
    set(parameters_[parameter], 0.9 * start_of(parameters_[parameter], machine_), other);
    Machine one = machine_;
    set(parameters_[parameter], start_of(parameters_[parameter], machine_), one);
    return static_cast<std::size_t>(std::count_if(
        which.begin(), which.end(), [&](std::size_t i) { return predict_(i, one) != predict_(i, other); }));
  }

 private:
  Predictor predict_;
  Machine machine_;
  std::vector<Parameter> parameters_;
  Values logs_, own_, start_;
};

struct Outcome {
  Indices free;  ///< parameters that were fitted
  RobustFit fit;
  std::vector<Verdict> verdicts;  ///< of all parameters
};

Values picked(const Values& all, const Indices& which) {
  Values some;
  for (std::size_t i : which) some.push_back(all[i]);
  return some;
}

/// Drops the figure that the points decide least until they decide all that are left; an extra one must only be felt,
/// for whether it pays is asked elsewhere.
void drop_undecided(Sweep& sweep, const Indices& which, const Values& at, double spread, Outcome& outcome) {
  while (!outcome.free.empty()) {
    const Values theta = picked(at, outcome.free);
    Values deviation = decidable(sweep.function(which, outcome.free), theta, which.size(), spread);
    for (std::size_t k = 0; k < outcome.free.size(); ++k)
      if (sweep.parameters()[outcome.free[k]].is_extra && deviation[k] < widest_extra) deviation[k] = 0;
    const auto worst =
        static_cast<std::size_t>(std::max_element(deviation.begin(), deviation.end()) - deviation.begin());
    const bool few = which.size() < outcome.free.size() + 2;  // none left to judge the fit by
    if (!few && deviation[worst] <= widest_deviation) return;
    const std::size_t j = outcome.free[worst];
    outcome.verdicts[j] = few ? Verdict::too_few : Verdict::not_identified;
    sweep.keep(j);
    outcome.free.erase(outcome.free.begin() + static_cast<std::ptrdiff_t>(worst));
  }
}

/// Leaves the machine as a fit has it.
void restore(Sweep& sweep, const Outcome& outcome) {
  for (std::size_t j = 0; j < sweep.parameters().size(); ++j) sweep.keep(j);
  sweep.residuals({}, outcome.free, outcome.fit.theta);
}

/// The fit with some of the parameters turned.
Outcome solve_for(Sweep& sweep, const Indices& which, Indices turned) {
  const Values start = sweep.start();
  Outcome outcome;
  outcome.verdicts.assign(start.size(), Verdict::does_not_pay);
  for (std::size_t j = 0; j < start.size(); ++j) sweep.keep(j);
  for (std::size_t j : turned) outcome.verdicts[j] = Verdict::fitted;
  outcome.free = std::move(turned);
  drop_undecided(sweep, which, start, usual_error, outcome);
  while (true) {
    outcome.fit = fit(sweep.function(which, outcome.free), picked(start, outcome.free), which.size());
    const std::size_t before = outcome.free.size();
    Values at = start;
    for (std::size_t j = 0; j < before; ++j) {
      at[outcome.free[j]] = outcome.fit.theta[j];
      if (sweep.parameters()[outcome.free[j]].is_share && outcome.fit.theta[j] >= 0)
        outcome.verdicts[outcome.free[j]] = Verdict::at_bound;
    }
    std::erase_if(outcome.free, [&](std::size_t j) { return outcome.verdicts[j] == Verdict::at_bound; });
    for (std::size_t j = 0; j < start.size(); ++j)
      if (outcome.verdicts[j] != Verdict::fitted) sweep.keep(j);
    drop_undecided(sweep, which, at, std::max(usual_error / 2, outcome.fit.spread), outcome);
    if (outcome.free.size() == before || outcome.free.empty()) break;
  }
  if (outcome.free.empty()) outcome.fit.residuals = sweep.residuals(which, {}, {});
  return outcome;
}

/// Schwarz's criterion for errors of exponential size (Laplace), which few wild points bend little: 2n ln(mean |r|) +
/// p ln n, less is better. Source: Schwarz, Annals of Statistics 6(2), 1978.
double criterion(const Outcome& outcome, std::size_t points) {
  double sum = 0;
  for (double r : outcome.fit.residuals) sum += std::abs(r);
  const auto n = static_cast<double>(points);
  return 2 * n * std::log(std::max(sum / n, least_error)) + static_cast<double>(outcome.free.size()) * std::log(n);
}

/// The fit with those of the extra parameters that pay, the best first.
Outcome solve(Sweep& sweep, const Indices& which) {
  Indices turned, extra;
  for (std::size_t j = 0; j < sweep.parameters().size(); ++j)
    (sweep.parameters()[j].is_extra ? extra : turned).push_back(j);
  Outcome best = solve_for(sweep, which, turned);
  for (bool found = true; found;) {
    found = false;
    const Indices before = turned;
    for (std::size_t j : extra) {
      if (std::find(before.begin(), before.end(), j) != before.end()) continue;
      Indices more = before;
      more.push_back(j);
      Outcome other = solve_for(sweep, which, more);
      const bool is_in = other.verdicts[j] == Verdict::fitted;
      const double gain = criterion(best, which.size()) - criterion(other, which.size());
      if (!is_in || gain < least_gain) continue;
      best = std::move(other), turned = std::move(more), found = true;
    }
  }
  restore(sweep, best);
  return best;
}

Indices usable(const std::vector<Sample>& samples, Machine& machine) {
  Indices list;
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (predict(samples[i], machine)) list.push_back(i);
  return list;
}

std::vector<Figure> figures_of(Sweep& sweep, const Outcome& outcome, const Indices& which, const Machine& before) {
  const double freedom =
      std::max<double>(1, static_cast<double>(which.size()) - static_cast<double>(outcome.free.size()));
  const boost::math::students_t law(freedom);
  const double wide_80 = boost::math::quantile(law, 0.9), wide_95 = boost::math::quantile(law, 0.975);
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
Values unseen_errors(Sweep sweep, const Indices& seen, const Indices& unseen) {
  const Outcome outcome = solve(sweep, seen);
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
    const Values found = unseen_errors(sweep, without(which, {out.begin(), out.end()}), out);
    for (std::size_t k = 0; k < out.size(); ++k) {
      errors[group_of(samples[out[k]])].push_back(found[k]);
      const auto at = static_cast<std::size_t>(std::find(which.begin(), which.end(), out[k]) - which.begin());
      result.points[at].held_out = result.points[at].measured * std::exp(found[k]);
    }
  }
  for (const auto& [group, list] : errors) result.held_out[group] = errors_of(list);
}

/// How the error on shapes not seen falls with the number of shapes seen.
void learning_curve(const Sweep& sweep, const Indices& which, const Options& options, Calibration& result) {
  if (which.size() < least_to_hold_out) return;
  for (std::size_t count : {4, 6, 8, 10, 15, 20, 30, 40}) {
    if (count + which.size() / 5 > which.size()) break;
    std::mt19937_64 random(options.seed + count);
    Values errors;
    for (int draw = 0; draw < draws_of_shapes; ++draw) {
      const Indices order = shuffled(which, random);
      const auto cut = order.begin() + static_cast<std::ptrdiff_t>(count);
      const Values found = unseen_errors(sweep, {order.begin(), cut}, {cut, order.end()});
      errors.insert(errors.end(), found.begin(), found.end());
    }
    result.by_shapes[count] = errors_of(errors);
  }
}

/// `regime`: in which regime a point is.
void judge_points(const Values& seconds, const Indices& which, const Outcome& outcome,
                  const std::function<std::string(std::size_t)>& regime, Calibration& result) {
  std::map<std::string, Values> regimes;
  const double limit = std::max(least_outlier, outlier * outcome.fit.spread);
  for (std::size_t k = 0; k < which.size(); ++k) {
    const double error = outcome.fit.residuals[k], measured = seconds[which[k]];
    Point point{which[k], measured, measured * std::exp(error), 0, regime(which[k]), false};
    point.is_outlier = !outcome.free.empty() && std::abs(error) > limit;
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

Sweep sweep_of(const std::vector<Sample>& samples, const Machine& machine) {
  const auto law = [&samples](std::size_t i, Machine& with) { return predict(samples[i], with); };
  return {seconds_of_all(samples), law, machine, parameters_of(samples, machine)};
}

}  // namespace

Calibration calibrate(const Measurements& measurements, const Machine& machine, const Options& options) {
  const std::vector<Sample>& samples = measurements.samples;
  Calibration result = fit_only(measurements, machine);
  Machine scratch = machine;
  const Indices which = usable(samples, scratch);
  const Sweep fresh = sweep_of(samples, machine);
  cross_validate(fresh, which, samples, options, result);
  learning_curve(fresh, which, options, result);
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
  const auto regime = [&](std::size_t i) { return regime_of(samples[i], sweep.machine()); };
  judge_points(seconds_of_all(samples), which, outcome, regime, result);
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
      seconds, which, outcome, [](std::size_t) { return std::string("step"); }, result);
  return result;
}

}  // namespace chipmix::calibration
