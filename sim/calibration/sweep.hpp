// Times with what predicts them, and the fit of those figures that they decide.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "calibration/calibrate.hpp"
#include "calibration/robust_fit.hpp"

namespace chipmix::calibration {

using Values = std::vector<double>;
using Indices = std::vector<std::size_t>;

inline Values picked(const Values& all, const Indices& places) {
  Values some;
  for (std::size_t at : places) some.push_back(all[at]);
  return some;
}

/// Times, and the machine whose figures are turned.
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

/// The fit with those of the extra parameters that pay, the best first.
Outcome solve(Sweep& sweep, const Indices& which);

}  // namespace chipmix::calibration
