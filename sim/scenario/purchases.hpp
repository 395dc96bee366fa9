// Names and prices of a scenario's procurement, looked up.
#pragma once

#include "scenario/scenario.hpp"

namespace chipmix::scenario {

/// Reports at `at` every unknown option, model and price without a rate.
Purchases read_purchases(const ProcurementSpec& spec, const io::Value& at, const Scenario& scenario, Library& library);

}  // namespace chipmix::scenario
