// What to buy and rent for a scenario's jobs: clusters are simulated, then the cheapest set of them is chosen.
#pragma once

#include "procurement/problem.hpp"
#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// A cluster of one kind, or of several together, for one job, as simulated.
struct Candidate {
  std::vector<int> supplies;
  int job = 0;
  std::vector<int> devices;  ///< of each supply
  int mix = -1;              ///< of `Purchases::mixes`, if it is of several kinds
  std::string plan;          ///< or why it cannot
  double tokens_per_s = 0;   ///< 0: it cannot
  double billed = 1;         ///< share of its time for which rent is paid: not while spot devices are taken back
};

/// The same problem with one thing changed.
struct WhatIf {
  std::string change;
  std::optional<double> cost;  ///< absent: then nothing can be done
  std::string needed{};        ///< the least of it that would do, in words
  bool is_open = false;        ///< the time given was over before it was known
};

/// The decision's cost over the ranges of prices, what is bought and what runs held as it is.
struct PriceInterval {
  double p10 = 0, p50 = 0, p90 = 0;
};

/// One way to have the work done: what is decided, and how it stands beside the others.
struct Way {
  std::string name;
  std::optional<procurement::Decision> decision;  ///< absent: the jobs cannot be done
  std::optional<PriceInterval> prices;
  double finish = 0;     ///< months until the last job is done
  bool is_open = false;  ///< the time given was over before it was known
};

/// A way as a change of the decision.
inline WhatIf as_change(const Way& way) {
  return {way.name, way.decision ? std::optional(way.decision->cost) : std::nullopt, "", way.is_open};
}

/// A kind that is bought, and sold again before the last job is done.
struct Brief {
  int kind = 0;
  double device_months = 0;  ///< for which what is bought of it is held
  double cost = 0;           ///< price and upkeep less resale, discounted
  WhatIf without{};          ///< the least of all without buying any
};

struct Procurement {
  procurement::Problem problem;
  std::vector<Candidate> candidates;
  std::optional<procurement::Decision> decision;
  std::optional<PriceInterval> prices;  ///< of the decision
  std::vector<Way> ways;                ///< rent only, buy only, best mix of both, no new devices
  std::vector<Brief> briefs;
  std::vector<WhatIf> worth;        ///< of a little more of each limit that is given
  std::optional<WhatIf> runner_up;  ///< without the kind that costs most
  /// Where nothing can be done: limits that, left out alone, or two at a time, would allow it, and with how much.
  std::vector<WhatIf> conflicts;
};

/// Every size of every supply on every job. `scenario.procurement` must be there.
std::vector<Candidate> simulate_clusters(const Scenario& scenario, const Settings& settings);
procurement::Problem procurement_problem(const Scenario& scenario, const std::vector<Candidate>& candidates,
                                         const Settings& settings);

/// `scenario.procurement` must be there. A job runs on one cluster at a time; jobs may run in parallel, each on
/// a cluster of its own.
Procurement procure(const Scenario& scenario, const Settings& settings, const procurement::Watch& watch = {});

}  // namespace chipmix::scenario
