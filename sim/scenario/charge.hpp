// What a run pays: rows of a bill that know whom they are for, what prices them and what they go with.
#pragma once

#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// Money, energy and carbon of a run on `option`'s cluster, added to the answer, whose next run it is.
void charge(OptionAnswer& answer, const Scenario& scenario, const Option& option, Run& run);

/// What all runs of an answer together leave of the terms that their options promised; once for each option.
void charge_terms(OptionAnswer& answer, const Scenario& scenario);

}  // namespace chipmix::scenario
