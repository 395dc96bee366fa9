// Published costs beside the predicted ones.
#pragma once

#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// A row per published figure: what was published, its saving against the baseline's published figure, and what is
/// predicted: for the option it is about, or, where the source names none, for every option but the baseline.
Table published_table(const scenario::Scenario& scenario, const scenario::Comparison& comparison);

}  // namespace chipmix::report
