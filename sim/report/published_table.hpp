// Published costs and device-hours beside the predicted ones, each in the scope of what was published.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// A row per published cost: what was published, its saving against the baseline's published figure, and what is
/// predicted in its scope: for the option it is about, or, where the source names none, for every option but the
/// baseline.
Table published_table(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

/// The same of published device-hours of the whole job.
Table published_hours_table(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

/// One figure, and what is predicted in its scope.
nlohmann::ordered_json published_json(const scenario::Scenario& scenario, const scenario::Comparison& comparison,
                                      const scenario::PublishedSpec& figure);

}  // namespace chipmix::report
