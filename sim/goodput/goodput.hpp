// A whole run, interrupted: how much longer does it take than its steps, and where does the time go?
//
// Failures come independently (exponential), and any of them stops all: λ = Σ N_k / MTBF_k over kinds of devices, and
// where they are given apart, nodes and switches with their own. After every τ seconds of work a checkpoint keeps the
// job for c seconds; a failure loses what was done since the last one, and takes R seconds until the job works again,
// failures in them included. Expected time of one interval (renewal argument; Daly, Future Generation Computer Systems
// 22, 2006, equation 20):
//   E(τ) = e^{λR} · (e^{λ(τ+c)} - 1) / λ
//        = τ + c + lost + recovery,   lost = (e^{λ(τ+c)} - 1)/λ - τ - c,
//                                     recovery = (e^{λR} - 1)(e^{λ(τ+c)} - 1)/λ
// Goodput is τ / E(τ). It is greatest where  e^{λ(τ+c)} (1 - λτ) = 1,  near Young's √(2c/λ) for small c. A checkpoint
// that is written in the background keeps the job for less, but the next one cannot begin before it is stored.
// A job that shrinks goes on, after recovery, without the replica (of D) that failed until it is repaired, T seconds
// later. Each replica works a share 1 / (1 + λT/D) of the time (alternating renewal), so that all takes 1 + λT/D as
// long.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "base/sourced.hpp"

namespace chipmix::goodput {

/// Switches of a cluster, each with so many devices.
struct Switches {
  Sourced<Seconds> mtbf;
  int devices = 1;
};

/// Who can fail, and how many replicas there are to shrink by.
struct Fleet {
  struct Kind {
    std::string device;  ///< id
    int devices = 0, nodes = 0;
  };
  std::vector<Kind> kinds;
  int replicas = 1;

  int devices() const;
  int nodes() const;
};

/// What interrupts a run, and what is done about it.
struct Reliability {
  Sourced<Seconds> device_mtbf;                     ///< device-hours between interruptions of any cause not named below
  std::map<std::string, Sourced<Seconds>> kinds{};  ///< the same of devices of one kind, by id
  std::optional<Sourced<Seconds>> node_mtbf{};      ///< node-hours between those that come from its host
  std::optional<Switches> switches{};               ///< and from switches
  Sourced<Seconds> recovery;  ///< from a failure until the job works again: found, replaced, restarted, loaded
  std::optional<Sourced<BytesPerSecond>> storage;  ///< rate at which all devices together write a checkpoint
  std::optional<Sourced<Seconds>> blocking;        ///< for which a checkpoint keeps the job; all of it if left out
  std::optional<Seconds> interval;                 ///< of work between checkpoints; the best if left out
  double spares = 0;                               ///< share of devices held beside those that work
  std::optional<Sourced<Seconds>> repair{};        ///< until a failed replica is back; the job shrinks meanwhile
};

/// Shares of the time that the run's steps take.
struct Interruptions {
  Seconds mtbf;      ///< of the job
  Seconds interval;  ///< work between checkpoints
  Seconds blocking;  ///< of one checkpoint
  double checkpoints = 0, lost = 0, recovery = 0, shrunk = 0;

  double factor() const { return 1 + checkpoints + lost + recovery + shrunk; }
  double goodput() const { return 1 / factor(); }
};

/// Interruptions a second of all together.
double failure_rate(const Reliability& reliability, const Fleet& fleet);

/// Of a run on a fleet whose checkpoint has so many bytes. Throws std::domain_error where neither storage nor
/// blocking is known.
Interruptions interruptions(const Reliability& reliability, const Fleet& fleet, Bytes checkpoint);

/// The interval of greatest goodput; λ per second, c in seconds.
double best_interval(double failure_rate, double blocking);

/// One run of `work` seconds played with random failures: seconds until it is done. Blocking and interval as above.
double simulated_run(const Interruptions& plan, Seconds recovery, Seconds work, std::uint64_t seed);

/// The same of one that shrinks: `repair` seconds after a failure the replica joins again.
double simulated_shrinking_run(const Interruptions& plan, Seconds recovery, Seconds repair, int replicas, Seconds work,
                               std::uint64_t seed);

}  // namespace chipmix::goodput
