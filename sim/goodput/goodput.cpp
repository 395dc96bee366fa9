#include "goodput/goodput.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
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

int Fleet::devices() const {
  return std::accumulate(kinds.begin(), kinds.end(), 0, [](int sum, const Kind& kind) { return sum + kind.devices; });
}

int Fleet::nodes() const {
  return std::accumulate(kinds.begin(), kinds.end(), 0, [](int sum, const Kind& kind) { return sum + kind.nodes; });
}

namespace {

/// Failures a second of devices of one kind and of their servers.
double rate_of_kind(const Reliability& reliability, const Fleet::Kind& kind) {
  const auto own = reliability.kinds.find(kind.device);
  double rate = kind.devices / (own == reliability.kinds.end() ? reliability.device_mtbf : own->second).value.value();
  if (reliability.node_mtbf) rate += kind.nodes / reliability.node_mtbf->value.value();
  return rate;
}

/// Seconds that a job waits for servers, to each second that it does not.
double waits(const Reliability& reliability, const Fleet& fleet) {
  if (!reliability.replacement) return 0;
  constexpr double rounding = 1e-9;
  double sum = 0;
  for (const Fleet::Kind& kind : fleet.kinds) {
    const int spares = static_cast<int>(reliability.spares * kind.nodes + rounding);
    const double load = rate_of_kind(reliability, kind) * reliability.replacement->value.value();
    const double taken = all_taken(spares + 1, load);
    sum += taken / (1 - taken);
  }
  return sum;
}

}  // namespace

double all_taken(int places, double load) {
  double share = 1;
  for (int place = 1; place <= places; ++place) share = load * share / (place + load * share);
  return share;
}

double failure_rate(const Reliability& reliability, const Fleet& fleet) {
  double rate = 0;
  for (const Fleet::Kind& kind : fleet.kinds) rate += rate_of_kind(reliability, kind);
  if (reliability.switches) {
    const int each = reliability.switches->devices;
    rate += (fleet.devices() + each - 1) / each / reliability.switches->mtbf.value.value();
  }
  if (reliability.spot) rate += 1 / reliability.spot->mtbf.value.value();
  return rate;
}

Interruptions interruptions(const Reliability& reliability, const Fleet& fleet, Bytes checkpoint) {
  if (!reliability.storage && !reliability.blocking) throw std::domain_error("neither storage nor blocking is known");
  const double rate = failure_rate(reliability, fleet);
  const double stored = reliability.storage ? (checkpoint / reliability.storage->value).value() : 0;
  const double blocking = reliability.blocking ? reliability.blocking->value.value() : stored;
  Interruptions result;
  result.mtbf = Seconds{1 / rate};
  result.blocking = Seconds{blocking};
  const double wanted = reliability.interval ? reliability.interval->value() : best_interval(rate, blocking);
  const double interval = std::max(wanted, stored - blocking);  // one at a time
  result.interval = Seconds{interval};
  result.writing = Seconds{std::max(0.0, stored - blocking)};
  const auto& reading = reliability.reading ? reliability.reading : reliability.storage;
  if (reading) result.loading = checkpoint / reading->value;
  result.outage = std::max(reliability.recovery.value, result.loading);
  // until an interval is through and stored
  const double worked = std::exp(rate * result.writing.value()) * std::expm1(rate * (interval + blocking)) / rate;
  result.checkpoints = blocking / interval;
  result.lost = (worked - interval - blocking) / interval;
  result.recovery = std::expm1(rate * result.outage.value()) * worked / interval;
  if (reliability.repair) result.shrunk = result.factor() * rate * reliability.repair->value.value() / fleet.replicas;
  const double active = result.factor();
  result.waiting = active * waits(reliability, fleet);
  if (const auto& spot = reliability.spot) result.unheld = active * (spot->away.value / spot->mtbf.value);
  return result;
}

}  // namespace chipmix::goodput
