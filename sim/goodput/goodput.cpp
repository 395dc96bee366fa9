#include "goodput/goodput.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

namespace chipmix::goodput {

double best_interval(double failure_rate, double blocking) {
  // e^{λ(τ+c)} (1 - λτ) - 1 falls from e^{λc} - 1 > 0 at τ = 0 to -1 at λτ = 1
  double low = 0, high = 1 / failure_rate;
  for (int halving = 0; halving < 200 && high - low > 1e-12 * high; ++halving) {
    const double middle = 0.5 * (low + high);
    const bool is_short = std::exp(failure_rate * (middle + blocking)) * (1 - failure_rate * middle) > 1;
    (is_short ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

Interruptions interruptions(const Reliability& reliability, int devices, Bytes checkpoint) {
  if (!reliability.storage && !reliability.blocking) throw std::domain_error("neither storage nor blocking is known");
  const double rate = devices / reliability.device_mtbf.value.value();
  const double stored = reliability.storage ? (checkpoint / reliability.storage->value).value() : 0;
  const double blocking = reliability.blocking ? reliability.blocking->value.value() : stored;
  Interruptions result;
  result.mtbf = Seconds{1 / rate};
  result.blocking = Seconds{blocking};
  const double wanted = reliability.interval ? reliability.interval->value() : best_interval(rate, blocking);
  const double interval = std::max(wanted, stored - blocking);  // one at a time
  result.interval = Seconds{interval};
  const double worked = std::expm1(rate * (interval + blocking)) / rate;  // until an interval is through
  result.checkpoints = blocking / interval;
  result.lost = (worked - interval - blocking) / interval;
  result.recovery = std::expm1(rate * reliability.recovery.value.value()) * worked / interval;
  return result;
}

double simulated_run(const Interruptions& plan, Seconds recovery, Seconds work, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<double> failure(1 / plan.mtbf.value());
  double now = 0, done = 0, next = failure(random);
  const auto recover = [&] {
    now = next;
    next = now + failure(random);
    for (double end = now + recovery.value(); next < end; end = now + recovery.value()) {
      now = next;
      next = now + failure(random);
    }
    now += recovery.value();
  };
  while (done < work.value()) {
    const double interval = std::min(plan.interval.value(), work.value() - done);
    const double end = now + interval + plan.blocking.value();
    if (next < end) {
      recover();
      continue;
    }
    now = end;
    done += interval;
  }
  return now;
}

}  // namespace chipmix::goodput
