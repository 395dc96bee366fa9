// A purchase decided now, and what may come after it.
#pragma once

#include "scenario/cases.hpp"
#include "scenario/procure.hpp"

namespace chipmix::scenario {

/// Worlds that may come: the first as the file has it, the others its cases with a probability. Decisions: what is best
/// to order in each world, if it were known. A cost is what a decision comes to in another world: everything ordered
/// has to be taken, as far as it can be had and when it comes, and more may be ordered and rented from the month on in
/// which something did not come, or could not be rented, as planned; where all comes as planned, from the first. Until
/// then, and in the first month in any case, a fleet is sold as was planned: what is sold does not come back.
struct Risk {
  std::vector<std::string> worlds;
  std::vector<double> probability;
  std::vector<std::vector<std::optional<double>>> cost;      ///< [decision][world]; absent: the jobs cannot be done
  std::vector<procurement::Problem> problems;                ///< of each world
  std::vector<std::optional<procurement::Decision>> orders;  ///< what is decided for each world

  /// Of a decision over all worlds; absent where one of them fails.
  std::optional<double> expected(std::size_t decision) const;
  std::optional<double> worst(std::size_t decision) const;
  /// Probability of the worlds in which the jobs are done in time with a decision.
  double in_time(std::size_t decision) const;
  /// Of the decisions with which they are done in every world, the least on average; nothing where there is none.
  std::optional<std::size_t> robust() const;
};

/// `planned`: the scenario's own answer. Nothing where no case has a probability.
std::optional<Risk> weigh(const Scenario& scenario, const Procurement& planned, const std::vector<Case>& cases,
                          const Settings& settings);

}  // namespace chipmix::scenario
