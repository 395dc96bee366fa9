// Is a job done in time, and within its budget? What an option's answer says of both.
#pragma once

#include <optional>
#include <string>

#include "base/quantity.hpp"

namespace chipmix::scenario {

struct Comparison;
struct OptionAnswer;
struct Scenario;
struct Settings;

/// A number of devices, found by real searches, with which an option is done in time.
struct EnoughDevices {
  int devices = 0;
  Seconds duration;
  double probability = 0;      ///< to be done in time with them
  std::optional<double> cost;  ///< in the scenario's currency; absent without a price
  int too_few = 0;   ///< largest smaller number that was searched and misses the deadline; at least the option's
  int searched = 0;  ///< numbers of devices that were searched
  struct Cheaper {
    int devices = 0;
    Seconds duration;
    double cost = 0;
  };
  std::optional<Cheaper> cheaper;  ///< the cheapest of the next larger numbers, where it costs less
};

struct DeadlineAnswer {
  Seconds late;                         ///< after the deadline; 0 where it is met
  double probability = 0;               ///< to be done in time
  std::optional<EnoughDevices> enough;  ///< where the deadline is missed
  std::string why_not;                  ///< no number is named, in words

  bool is_met() const { return late <= Seconds{}; }
};

struct BudgetAnswer {
  double over = 0;         ///< money above the budget, in the scenario's currency; 0 where it is kept
  double probability = 0;  ///< to stay within it

  bool is_met() const { return over <= 0; }
};

/// Probability that a figure stays below `limit` times its central value. Its logarithm is normal on either side:
///   F = exp(z σ),  σ = ln(p90) / z90 for z > 0, -ln(p10) / z90 for z < 0,  z90 = 1.2816
/// as in uncertainty/draws.hpp, so that it is 0.1, 0.5 and 0.9 at P10, at the central value and at P90.
double probability_below(double limit, double p10, double p90);

/// Whether an answer meets the deadline and the budget that there are; one without a price meets no budget.
bool meets_targets(const OptionAnswer& answer);

/// More devices of an option that is late, which are in time.
struct LargerInTime {
  const OptionAnswer* option = nullptr;
  int devices = 0;
  double cost = 0;  ///< in the scenario's currency
};
/// The one that costs least; nothing where no option has such a number with a price.
/// What an option costs that is in time, with more devices if it needs them; infinite where nothing is found.
double cost_in_time(const OptionAnswer& answer);
std::optional<LargerInTime> larger_in_time(const Comparison& comparison);
/// Least cost at which the option is in time with more devices; infinite without.
double larger_cost(const OptionAnswer& answer);

/// "60 days", "within 60 days and 3 M USD": the targets of the scenario in words; empty without any.
std::string target_text(const Scenario& scenario);

/// Sets the deadline and budget of every feasible answer. Where one on a cluster of its own misses the deadline, larger
/// numbers of devices are searched, smallest first, until one meets it: whole servers, round numbers of them (at most
/// four significant binary digits), with a legal plan, at most ten numbers, from 0.9 of what would do if nothing were
/// lost. The number named has met the deadline in a search of its own.
/// Where there are prices, up to four larger ones are searched after it: one of them may divide into a better plan, and
/// cost less.
void hold_to_targets(Comparison& comparison, const Scenario& scenario, const Settings& settings);

/// The same of one feasible option by itself: no larger numbers of devices are searched.
void hold_to_targets(OptionAnswer& answer, const Scenario& scenario);

}  // namespace chipmix::scenario
