// Prices and rates that a scenario does not give, as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "scenario/scenario.hpp"

namespace chipmix::report {

nlohmann::ordered_json public_prices_json(const scenario::Scenario& scenario);
/// What the user should know of the question: each with the option that it is about.
nlohmann::ordered_json doubts_json(const scenario::Scenario& scenario);
/// Of all rates, given and published.
nlohmann::ordered_json rates_json(const scenario::Scenario& scenario);
/// What a median is of; the amount per device-hour for rent, per device for a purchase.
nlohmann::ordered_json median_json(const prices::Median& median, prices::Kind kind);

}  // namespace chipmix::report
