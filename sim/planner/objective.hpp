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
struct JobCost {
  double seconds = 0;
  double money = 0;
  double joules = 0;
};
JobCost job_cost(const Offer& offer, double steps);

/// "Time under a budget" is {time, {}, budget}; "cost under a deadline" is {cost, deadline, {}}.
struct Constraints {
  Objective objective = Objective::time;
  std::optional<double> deadline;  ///< s
  std::optional<double> budget;    ///< money
};

/// Seconds, money or joules.
double worth(const JobCost& cost, Objective objective);
/// Whether the deadline and the budget are kept.
bool keeps(const JobCost& cost, const Constraints& constraints);

/// Numbers of the jobs that keep to the constraints, best first; ties by time, then in order.
std::vector<int> ranked(const std::vector<JobCost>& costs, const Constraints& constraints);

/// Numbers of the jobs that no other one beats in time or money without losing in the other; fastest first.
std::vector<int> pareto_front(const std::vector<JobCost>& costs);

/// By how much the nearest cost, the one whose worse excess is the smallest share of what is wished, misses.
struct Shortfall {
  int nearest = 0;
  double seconds = 0;  ///< beyond the deadline; 0 when it is kept
  double money = 0;    ///< beyond the budget; 0 when it is kept
};
/// Nothing when some cost keeps to the constraints, or there is none at all.
std::optional<Shortfall> shortfall(const std::vector<JobCost>& costs, const Constraints& constraints);

}  // namespace chipmix::planner
