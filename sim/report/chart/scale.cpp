#include "report/chart/scale.hpp"

#include <cmath>
#include <stdexcept>

namespace chipmix::report {

Scale::Scale(double low, double high, double from, double to, bool is_log)
    : low_(low), high_(high), from_(from), to_(to), is_log_(is_log) {
  if (!(low < high) || (is_log && low <= 0)) throw std::logic_error("a scale needs a range");
}

double Scale::operator()(double value) const {
  const double share = is_log_ ? std::log(value / low_) / std::log(high_ / low_) : (value - low_) / (high_ - low_);
  return from_ + share * (to_ - from_);
}

std::vector<double> Scale::ticks(int about) const {
  std::vector<double> list;
  if (is_log_) {
    const bool is_short = high_ / low_ < 200;  // then 2 and 5 times powers of ten, too
    for (double power = std::floor(std::log10(low_)); power <= std::log10(high_); ++power)
      for (double times : {1.0, 2.0, 5.0}) {
        const double tick = times * std::pow(10, power);
        if (tick >= low_ && tick <= high_ * (1 + 1e-9) && (times == 1 || is_short)) list.push_back(tick);
      }
    return list;
  }
  const double rough = (high_ - low_) / about, power = std::pow(10, std::floor(std::log10(rough)));
  double step = power;
  for (double times : {1.0, 2.0, 5.0, 10.0})
    if (step = times * power; step >= rough) break;
  const double slack = step * 1e-9;
  for (double i = std::ceil((low_ - slack) / step); i * step <= high_ + slack; ++i) list.push_back(i * step);
  return list;
}

}  // namespace chipmix::report
