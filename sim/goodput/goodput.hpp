// A whole run, interrupted: how much longer does it take than its steps, and where does the time go?
//
// Failures come at rate λ = N / MTBF of a device, independently (exponential; N devices in series). After every τ
// seconds of work a checkpoint keeps the job for c seconds; a failure loses what was done since the last one, and takes
// R seconds until the job works again, failures in them included. Expected time of one interval (renewal argument;
// Daly, Future Generation Computer Systems 22, 2006, equation 20):
//   E(τ) = e^{λR} · (e^{λ(τ+c)} - 1) / λ
//        = τ + c + lost + recovery,   lost = (e^{λ(τ+c)} - 1)/λ - τ - c,
//                                     recovery = (e^{λR} - 1)(e^{λ(τ+c)} - 1)/λ
// Goodput is τ / E(τ). It is greatest where  e^{λ(τ+c)} (1 - λτ) = 1,  near Young's √(2c/λ) for small c. A checkpoint
// that is written in the background keeps the job for less, but the next one cannot begin before it is stored.
#pragma once

#include <cstdint>
#include <optional>

#include "base/quantity.hpp"
#include "base/sourced.hpp"

namespace chipmix::goodput {

/// What interrupts a run, and what is done about it.
struct Reliability {
  Sourced<Seconds> device_mtbf;  ///< device-hours between interruptions of any cause
  Sourced<Seconds> recovery;     ///< from a failure until the job works again: found, replaced, restarted, loaded
  std::optional<Sourced<BytesPerSecond>> storage;  ///< rate at which all devices together write a checkpoint
  std::optional<Sourced<Seconds>> blocking;        ///< for which a checkpoint keeps the job; all of it if left out
  std::optional<Seconds> interval;                 ///< of work between checkpoints; the best if left out
  double spares = 0;                               ///< share of devices held beside those that work
};

/// Shares of the time that the run's steps take.
struct Interruptions {
  Seconds mtbf;      ///< of the job
  Seconds interval;  ///< work between checkpoints
  Seconds blocking;  ///< of one checkpoint
  double checkpoints = 0, lost = 0, recovery = 0;

  double factor() const { return 1 + checkpoints + lost + recovery; }
  double goodput() const { return 1 / factor(); }
};

/// Of a run on so many devices whose checkpoint has so many bytes. Throws std::domain_error where neither storage nor
/// blocking is known.
Interruptions interruptions(const Reliability& reliability, int devices, Bytes checkpoint);

/// The interval of greatest goodput; λ per second, c in seconds.
double best_interval(double failure_rate, double blocking);

/// One run of `work` seconds played with random failures: seconds until it is done. Blocking and interval as above.
double simulated_run(const Interruptions& plan, Seconds recovery, Seconds work, std::uint64_t seed);

}  // namespace chipmix::goodput
