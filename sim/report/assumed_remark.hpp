// What was taken where nothing was given, said by every page that answers: of models, prices and exchange rates.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.hpp"
#include "workload/model.hpp"

namespace chipmix::report {

/// Appends "Assumed of MODEL: ...." for each assumption.
void add_assumed(const workload::ModelSpec& model, std::vector<std::string>& remarks);

/// Whether what is said of an option (-1: of all) belongs on a page about option `only` (negative: about all): its own,
/// or that of a phase of it.
bool concerns(const scenario::Scenario& scenario, int only, int option);

/// What options take whose price the scenario does not give, and published exchange rates that it does not give;
/// `only`: what concerns that option.
void add_public_prices(const scenario::Scenario& scenario, std::vector<std::string>& remarks, int only = -1);

}  // namespace chipmix::report
