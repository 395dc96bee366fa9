// A whole run, interrupted: how much longer does it take than its steps, and where does the time go?
//
// Failures come independently (exponential), and any of them stops all: λ = Σ N_k / MTBF_k over kinds of devices, and
// where they are given apart, nodes and switches with their own. After every τ seconds of work a checkpoint keeps the
// job for c seconds and is stored W seconds later: W is 0 unless it is written in the background. A failure goes back
// to the last one that is stored, and takes R seconds until the job works again, failures in them included. A failure t
// seconds after the job works again leaves floor((t - W) / (τ + c)) intervals done, on average over exponential t
//   Σ_{n≥1} e^{-λ(n(τ+c) + W)} = e^{-λW} / (e^{λ(τ+c)} - 1),
// and one comes every e^{λR} / λ seconds, so that an interval takes (W = 0: Daly, Future Generation Computer Systems
// 22, 2006, equation 20)
//   E(τ) = e^{λ(R+W)} · (e^{λ(τ+c)} - 1) / λ
//        = τ + c + lost + recovery,   lost = e^{λW} (e^{λ(τ+c)} - 1)/λ - τ - c,
//                                     recovery = (e^{λR} - 1) e^{λW} (e^{λ(τ+c)} - 1)/λ
// To first order a failure loses W + (τ + c)/2. Goodput is τ / E(τ). It is greatest where  e^{λ(τ+c)} (1 - λτ) = 1,
// whatever R and W, near Young's √(2c/λ) for small c. The next checkpoint cannot begin before the last one is stored:
// τ >= W. R is `recovery`, or the time that reading the checkpoint takes where that is longer.
//
// Servers that failed are away for T seconds (`replacement`), and s spares stand in for them. While more than s are
// away the job waits, and fails no more. The number away is then that of a loss system with s + 1 places: Poisson with
// mean a = λT, cut off at s + 1 (Erlang 1917; for any distribution of T: Sevastyanov, Theory of Probability and its
// Applications 2, 1957). The job waits a share of all time
//   B(s + 1, a) = (a^{s+1} / (s+1)!) / Σ_{n≤s+1} a^n / n!,
// so that all takes 1 / (1 - B) as long; without spares that is T more for each failure. Servers of several kinds have
// spares of their own; the times that they wait are added, which is exact while two kinds are not short at once.
//
// Spot devices are taken away at a rate μ for A seconds each time. μ adds to λ; the A seconds add μA to each second of
// the above. No devices are held in them.
//
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

/// Devices that their owner takes back and gives again.
struct Spot {
  Sourced<Seconds> mtbf;  ///< of the job's hours, between times that it loses its devices
  Sourced<Seconds> away;  ///< until it has devices again; they are not held meanwhile
};

/// What interrupts a run, and what is done about it.
struct Reliability {
  Sourced<Seconds> device_mtbf;                     ///< device-hours between interruptions of any cause not named below
  std::map<std::string, Sourced<Seconds>> kinds{};  ///< the same of devices of one kind, by id
  std::optional<Sourced<Seconds>> node_mtbf{};      ///< node-hours between those that come from its host
  std::optional<Switches> switches{};               ///< and from switches
  Sourced<Seconds> recovery;  ///< from a failure until the job works again: found, replaced, restarted, loaded
  std::optional<Sourced<BytesPerSecond>> storage;  ///< rate at which all devices together write a checkpoint
  std::optional<Sourced<BytesPerSecond>> reading;  ///< rate at which they read it again; that of storage if left out
  std::optional<Sourced<Seconds>> blocking;        ///< for which a checkpoint keeps the job; all of it if left out
  std::optional<Seconds> interval;                 ///< of work between checkpoints; the best if left out
  double spares = 0;                               ///< share of devices held beside those that work
  std::optional<Sourced<Seconds>> repair{};        ///< until a failed replica is back; the job shrinks meanwhile
  std::optional<Sourced<Seconds>> replacement{};   ///< for which a server that failed is away; none is if left out
  std::optional<Spot> spot{};
};

/// Shares of the time that the run's steps take.
struct Interruptions {
  Seconds mtbf;      ///< of the job
  Seconds interval;  ///< work between checkpoints
  Seconds blocking;  ///< of one checkpoint
  Seconds writing;   ///< after that, until it is stored
  Seconds loading;   ///< of one checkpoint, in recovery
  Seconds outage;    ///< of one recovery: no shorter than loading
  double checkpoints = 0, lost = 0, recovery = 0, shrunk = 0;
  double waiting = 0;  ///< for a server, while more servers are unavailable than there are spares
  double unheld = 0;   ///< while spot devices are taken away

  double factor() const { return 1 + checkpoints + lost + recovery + shrunk + waiting + unheld; }
  double goodput() const { return 1 / factor(); }
};

/// Interruptions a second of all together.
double failure_rate(const Reliability& reliability, const Fleet& fleet);

/// Share of the time in which `places` are all taken, where `load` would be taken on average if there were no end of
/// them (Erlang's loss formula).
double all_taken(int places, double load);

/// Of a run on a fleet whose checkpoint has so many bytes. Throws std::domain_error where neither storage nor
/// blocking is known.
Interruptions interruptions(const Reliability& reliability, const Fleet& fleet, Bytes checkpoint);

/// The interval of greatest goodput; λ per second, c in seconds.
double best_interval(double failure_rate, double blocking);

/// One run of `work` seconds played with random failures: seconds until it is done. Blocking, interval and writing
/// as above; servers are at hand and none is taken away.
double simulated_run(const Interruptions& plan, Seconds recovery, Seconds work, std::uint64_t seed);

/// The same of one that shrinks: `repair` seconds after a failure the replica joins again.
double simulated_shrinking_run(const Interruptions& plan, Seconds recovery, Seconds repair, int replicas, Seconds work,
                               std::uint64_t seed);

}  // namespace chipmix::goodput
