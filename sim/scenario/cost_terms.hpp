// An option's cost as a sum of the rows of its bill, each with what it is uncertain by.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "scenario/answer.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::scenario {

/// A row: what it comes to in a possible world, and the quote of devices it is priced by (empty for electricity).
struct CostTerm {
  uncertainty::Term term;
  std::string price;
};

/// Of every row, in the scenario's currency: its run's time, and its quote's figures. A purchase's accrual follows the
/// time; what is left of a commitment is its term less the time. `answer` has a price.
std::vector<CostTerm> cost_terms(const Scenario& scenario, const OptionAnswer& answer);
uncertainty::Sum cost_sum(const Scenario& scenario, const OptionAnswer& answer);

/// Quotes of devices in a bill.
std::set<std::string> prices_in(const OptionAnswer& answer);

/// What of a bill goes up with these prices.
double priced_part(const OptionAnswer& answer, const std::set<std::string>& prices);

/// What of an option's cost is the price of one kind of device, rented or owned.
double priced_part(const Scenario& scenario, const OptionAnswer& answer, const std::string& device);

/// What the bill comes to where runs take `time(run)` as long and rows cost `price(row)` as much.
double total_at(const Scenario& scenario, const OptionAnswer& answer, const std::function<double(const Run&)>& time,
                const std::function<double(const economics::Row&)>& price);

/// Factors on the cost at its 10 % and 90 % ends: each cause of each row at its ends, one at a time, in quadrature.
Interval<double> cost_spread(const Scenario& scenario, const OptionAnswer& answer);

/// The same of the duration of several runs, one after the other.
Interval<double> time_spread(const OptionAnswer& answer);

}  // namespace chipmix::scenario
