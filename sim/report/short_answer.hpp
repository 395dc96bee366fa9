// The answer in one screen: what each option costs and when it is done, its plan and evidence, and what was assumed.
#pragma once

#include "report/page.hpp"
#include "scenario/answer.hpp"
#include "validation/evidence.hpp"

namespace chipmix::report {

/// Options from the cheapest to the dearest, those that cannot run last with their reason. Its JSON and CSV are those
/// of compare_page.
Page short_answer_page(const scenario::Scenario& scenario, const scenario::Comparison& comparison,
                       const std::vector<validation::OptionEvidence>& evidence);

/// Adds defaults_table to the page's tables where it has rows.
void add_defaults(const scenario::Scenario& scenario, Page& page, int only = -1);

/// What the scenario does not state, each value once with the reason why it was taken, and the number formats that a
/// software stack takes instead of the usual ones; without rows where there is nothing to say. `only`: what concerns
/// one option, by its index; all of them if negative.
Table defaults_table(const scenario::Scenario& scenario, int only = -1);

}  // namespace chipmix::report
