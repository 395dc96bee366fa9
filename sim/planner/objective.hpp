// What a plan should be best at, and what it must keep to. Plain functions of rates, whatever machines they come from.
#pragma once

#include <optional>
#include <vector>

namespace chipmix::planner {

enum class Objective { time, cost, energy };
const char* name(Objective objective);

/// What a way to do the job takes: seconds of a step, and what a second of it costs.
struct Offer {
  double step_time = 0;         ///< s
  double money_per_second = 0;  ///< in one currency for all offers
  double watts = 0;
};

/// What the whole job takes:  t = steps x step time,  money = rate x t,  energy = watts x t.
struct Outlay {
  double seconds = 0;
  double money = 0;
  double joules = 0;
};
Outlay outlay(const Offer& offer, double steps);

/// "Time under a budget" is {time, {}, budget}; "cost under a deadline" is {cost, deadline, {}}.
struct Wishes {
  Objective objective = Objective::time;
  std::optional<double> deadline;  ///< s
  std::optional<double> budget;    ///< money
};

/// Seconds, money or joules.
double worth(const Outlay& outlay, Objective objective);
/// Whether the deadline and the budget are kept.
bool keeps(const Outlay& outlay, const Wishes& wishes);

/// Numbers of the outlays that keep to the wishes, best first; ties by time, then in order.
std::vector<int> ranked(const std::vector<Outlay>& outlays, const Wishes& wishes);

/// Numbers of the outlays that no other one beats in time or money without losing in the other; fastest first.
std::vector<int> pareto_front(const std::vector<Outlay>& outlays);

/// By how much the nearest outlay, the one whose worse excess is the smallest share of what is wished, misses.
struct Shortfall {
  int nearest = 0;
  double seconds = 0;  ///< beyond the deadline; 0 when it is kept
  double money = 0;    ///< beyond the budget; 0 when it is kept
};
/// Nothing when some outlay keeps to the wishes, or there is none at all.
std::optional<Shortfall> shortfall(const std::vector<Outlay>& outlays, const Wishes& wishes);

}  // namespace chipmix::planner
