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
void add_defaults(const scenario::Scenario& scenario, Page& page);

/// What the scenario does not state, each value once with the reason why it was taken; without rows where it states
/// all.
Table defaults_table(const scenario::Scenario& scenario);

}  // namespace chipmix::report
