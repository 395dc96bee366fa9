#include "calibration/corrections.hpp"

namespace chipmix::calibration {
namespace {

constexpr double step = 1e-4;        // of a log, for slopes
constexpr double everywhere = 1e12;  // a length beyond any shape's

/// The places, within `which`, of single products in a format.
std::map<Dtype, Indices> products(const Indices& which, const std::vector<Sample>& samples) {
  std::map<Dtype, Indices> places;
  for (std::size_t at = 0; at < which.size(); ++at)
    if (const auto* one = std::get_if<GemmSample>(&samples[which[at]]); one && one->batch <= 1)
      places[one->dtype].push_back(at);
  return places;
}

/// (up - down) / (2 step)
Values slope(Values up, const Values& down) {
  for (std::size_t i = 0; i < up.size(); ++i) up[i] = (up[i] - down[i]) / (2 * step);
  return up;
}

/// How much of each call is the product's own: its time felt a little longer and a little shorter.
Values shares(Sweep& sweep, const Outcome& outcome, const Indices& which, Dtype dtype) {
  auto& own = sweep.machine().rank.efficiency.gemm_correction;
  const auto at = [&](double log) {
    own[dtype] = {.rows_length = everywhere, .sides_length = everywhere, .points = {{1, 1, 1, log}}};
    return sweep.residuals(which, outcome.free, outcome.fit.theta);
  };
  const Values up = at(step), down = at(-step);
  own.erase(dtype);
  return slope(up, down);
}

std::vector<Values> slopes(Sweep& sweep, const Outcome& outcome, const Indices& which) {
  std::vector<Values> list;
  for (std::size_t j = 0; j < outcome.free.size(); ++j) {
    Values theta = outcome.fit.theta;
    theta[j] += step;
    const Values up = sweep.residuals(which, outcome.free, theta);
    theta[j] -= 2 * step;
    list.push_back(slope(up, sweep.residuals(which, outcome.free, theta)));
  }
  sweep.residuals({}, outcome.free, outcome.fit.theta);
  return list;
}

hardware::GemmCorrection entry_of(const Neighbours& found, const std::vector<laws::Sides>& sides) {
  hardware::GemmCorrection entry{found.rows_length, found.sides_length, found.spread, found.nugget};
  for (std::size_t i = 0; i < sides.size(); ++i)
    entry.points.push_back({sides[i][0], sides[i][1], sides[i][2], found.weights[i]});
  return entry;
}

}  // namespace

Corrections corrections_of(Sweep& sweep, const Outcome& outcome, const Indices& which,
                           const std::vector<Sample>& samples) {
  Corrections list;
  const std::vector<Values> felt = slopes(sweep, outcome, which);
  for (const auto& [dtype, places] : products(which, samples)) {
    MissedBy missed;
    for (std::size_t at : places) {
      const auto& one = std::get<GemmSample>(samples[which[at]]);
      missed.sides.push_back({one.m, one.n, one.k});
      missed.residuals.push_back(-outcome.fit.residuals[at]);
    }
    missed.shares = picked(shares(sweep, outcome, which, dtype), places);
    for (const Values& one : felt) missed.slopes.push_back(picked(one, places));
    if (const auto found = likeliest(missed)) list[dtype] = {*found, entry_of(*found, missed.sides)};
  }
  return list;
}

void give(const Corrections& corrections, Sweep& sweep) {
  for (const auto& [dtype, one] : corrections)
    if (pays(one.neighbours)) sweep.machine().rank.efficiency.gemm_correction[dtype] = one.entry;
}

Machine without_corrections(Machine machine) {
  machine.rank.efficiency.gemm_correction.clear();
  return machine;
}

}  // namespace chipmix::calibration
