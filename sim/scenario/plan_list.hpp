// The best plans of one option, and what each takes of time, money and energy.
#pragma once

#include <optional>
#include <vector>

#include "planner/objective.hpp"
#include "planner/search.hpp"
#include "scenario/answer.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

struct PlanList {
  planner::Constraints constraints;
  planner::SearchResult search;
  std::vector<planner::JobCost>
      costs;               ///< of search.best, of the billed run; money is 0 without a rent, joules without electricity
  std::vector<int> order;  ///< numbers in search.best that keep to the constraints, best first
  std::vector<int> front;  ///< numbers that no other beats in both time and money
  std::vector<std::optional<Run>> runs;         ///< of search.best, where steps of the user's were measured
  std::optional<planner::Shortfall> shortfall;  ///< when plans were found and none keeps to the constraints
};

/// What a plan of the option takes, by its step time and accounts, in the scenario's currency: rent and, where it is
/// paid, electricity.
planner::Offer offer(const Scenario& scenario, const Option& option, const planner::Found& found);

/// Rents are the same for all plans of one cluster; power follows from what each plan does.
PlanList list_plans(const Scenario& scenario, const Option& option, const planner::Constraints& constraints,
                    const planner::SearchLimits& effort, std::shared_ptr<const Anchors> anchors = {});

}  // namespace chipmix::scenario
