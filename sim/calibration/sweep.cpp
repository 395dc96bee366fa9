#include "calibration/sweep.hpp"

#include <algorithm>

namespace chipmix::calibration {
namespace {

constexpr double usual_error = 0.06;       // of a log time: what the laws miss single shapes by, docs/laws/compute.md
constexpr double widest_deviation = 0.25;  // of a log: beyond it the points say less than a factor of 1.4 (80 %)
constexpr double widest_extra = 1;         // of a log, of figures that the profile may lack
// Of the devices that have one, the logs of 135 (MI210), 584 (MI300X), 639 (H800) and 658 (H200 fp8) have the mean ln
// 430 and a standard deviation of 0.8: docs/calibration.md.
const double usual_half_depth = std::log(430.0);
constexpr double half_depth_width = 0.8;
constexpr double share_width = 0.2;     // of a log: profiles of measured devices lie so far apart
constexpr double least_error = 0.0025;  // of a log time: no clock repeats itself better over a sweep of shapes
constexpr double least_gain = 2;        // of the criterion: "positive" evidence, Kass and Raftery, JASA 90, 1995

/// A half depth, and the shares that it trades against: few squares decide their product at one size alone.
Beliefs beliefs_in(const Sweep& sweep, const Indices& free) {
  Beliefs list;
  const auto is_half = [&](std::size_t j) { return sweep.parameters()[j].name == "gemm_half_depth"; };
  if (std::none_of(free.begin(), free.end(), is_half)) return list;
  for (std::size_t k = 0; k < free.size(); ++k)
    if (is_half(free[k]))
      list.push_back({k, usual_half_depth, half_depth_width});
    else if (sweep.parameters()[free[k]].name.starts_with("gemm."))
      list.push_back({k, sweep.start()[free[k]], share_width});
  return list;
}

/// Drops the figure that the points decide least until they decide all that are left; an extra one must only be felt,
/// for whether it pays is asked elsewhere.
void drop_undecided(Sweep& sweep, const Indices& which, const Values& at, double spread, Outcome& outcome) {
  while (!outcome.free.empty()) {
    const Values theta = picked(at, outcome.free);
    Values deviation =
        decidable(sweep.function(which, outcome.free), theta, which.size(), spread, beliefs_in(sweep, outcome.free));
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

/// A figure that one point alone feels would be read off that point: nothing else judges it.
void drop_lonely(Sweep& sweep, const Indices& which, Outcome& outcome) {
  std::erase_if(outcome.free, [&](std::size_t j) {
    const bool is_lonely = sweep.feeling(j, which) == 1;
    if (is_lonely) outcome.verdicts[j] = Verdict::too_few;
    return is_lonely;
  });
}

/// Leaves the machine as a fit has it.
void restore(Sweep& sweep, const Outcome& outcome) {
  for (std::size_t j = 0; j < sweep.parameters().size(); ++j) sweep.keep(j);
  sweep.residuals({}, outcome.free, outcome.fit.theta);
}

/// Whether the share of the peak is given up for a figure that a profile may lack.
bool gives_up(const Sweep& sweep, const Outcome& before, const Outcome& after) {
  for (std::size_t j = 0; j < before.verdicts.size(); ++j)
    if (sweep.parameters()[j].name.starts_with("gemm.") && before.verdicts[j] == Verdict::fitted &&
        after.verdicts[j] != Verdict::fitted)
      return true;
  return false;
}

/// The fit with some of the parameters turned.
Outcome solve_for(Sweep& sweep, const Indices& which, Indices turned) {
  const Values start = sweep.start();
  Outcome outcome;
  outcome.verdicts.assign(start.size(), Verdict::does_not_pay);
  for (std::size_t j = 0; j < start.size(); ++j) sweep.keep(j);
  for (std::size_t j : turned) outcome.verdicts[j] = Verdict::fitted;
  outcome.free = std::move(turned);
  drop_lonely(sweep, which, outcome);
  drop_undecided(sweep, which, start, usual_error, outcome);
  while (true) {
    outcome.fit = fit(sweep.function(which, outcome.free), picked(start, outcome.free), which.size(),
                      beliefs_in(sweep, outcome.free));
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

}  // namespace

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
      if (!is_in || gain < least_gain || gives_up(sweep, best, other)) continue;
      best = std::move(other), turned = std::move(more), found = true;
    }
  }
  restore(sweep, best);
  return best;
}

}  // namespace chipmix::calibration
