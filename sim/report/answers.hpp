// Pages that show answers: compare, estimate, plan, explain.
#pragma once

#include "report/page.hpp"
#include "scenario/answer.hpp"
#include "scenario/neighbour.hpp"
#include "scenario/plan_list.hpp"
#include "validation/evidence.hpp"

namespace chipmix::report {

/// `chipmix compare`: every option side by side, why they differ, and how much the assumptions matter. `evidence`: of
/// each option in the scenario's order; empty: none is shown.
Page compare_page(const scenario::Scenario& scenario, const scenario::Comparison& comparison,
                  const std::vector<validation::OptionEvidence>& evidence = {});

/// `chipmix estimate`: one option in full: time, memory and money, each as a ledger, and its evidence if it has any.
Page estimate_page(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer,
                   const validation::OptionEvidence& evidence = {});

/// `chipmix plan`: the best plans a search found, what each loses on, and what the search did.
Page plan_page(const scenario::Scenario& scenario, const scenario::Option& option, const scenario::PlanList& list,
               int jobs);

/// The same of a mix: each way's best plan, and the chosen one in full. `seconds`: that the search took.
Page mix_plan_page(const scenario::Scenario& scenario, const scenario::Option& option,
                   const scenario::OptionAnswer& answer, int jobs, double seconds);

/// `chipmix explain`: the laws and figures behind one account of an option, and what moves it. Throws
/// std::invalid_argument, with the known accounts, when there is no such account.
Page explain_page(const scenario::Scenario& scenario, const scenario::Option& option,
                  const scenario::OptionAnswer& answer, const std::string& account);

/// `chipmix explain --neighbour`: why a plan beside the best one is not the best.
Page neighbour_page(const scenario::Scenario& scenario, const scenario::Option& option,
                    const scenario::NeighbourAnswer& answer);

}  // namespace chipmix::report
