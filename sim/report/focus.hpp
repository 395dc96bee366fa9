// Bills as rows of FOCUS, the FinOps Open Cost and Usage Specification, version 1.2 (focus.finops.org): what cost tools
// read. All rows are forecasts and say so in x_Forecast.
#pragma once

#include <optional>
#include <string>

#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// The mandatory columns and some with x_. What is bought is a Purchase billed at once, with Usage rows of effective
/// cost for the part that the run bears; all else is Usage. Per option BilledCost adds up to the cash of its bill,
/// EffectiveCost to its total. The run begins on the scenario's start, which must be there; months of billing are those
/// it touches.
/// Rows are those of one option, so that their sum is a bill: the one named, or the cheapest. `every_option` has those
/// of all, which must not be added up: x_Alternative says so. Throws std::invalid_argument for an unknown name.
Table focus_table(const scenario::Scenario& scenario, const scenario::Comparison& comparison,
                  const std::optional<std::string>& option = {});

inline const std::string every_option = "all";
/// Throws std::invalid_argument where there is no such option.
void require_option(const scenario::Scenario& scenario, const std::optional<std::string>& option);

}  // namespace chipmix::report
