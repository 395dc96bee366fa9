// Until when the prices of a scenario hold, and which of them no longer do.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.hpp"

namespace chipmix::report {

/// A price that holds until a day.
struct QuoteDay {
  std::string of;   ///< the option; of a purchase "buying h800", "renting h800"
  std::string day;  ///< YYYY-MM-DD, the last one
  int option = -1;  ///< of the scenario
  bool is_supply = false;
};

/// In the order of the file: those of options, then those of what can be bought and rented.
std::vector<QuoteDay> quote_days(const scenario::Scenario& scenario);

/// Whole days for which a quote has been out of date; 0 while it holds.
int days_past(const std::string& day, const std::string& today);

/// In sentences: quotes that hold, with their days, and those that are past them. `only`: of one option's, if not
/// negative. `purchases`: also what can be bought and rented.
std::vector<std::string> quote_remarks(const scenario::Scenario& scenario, const std::string& today, int only = -1,
                                       bool purchases = false);

}  // namespace chipmix::report
