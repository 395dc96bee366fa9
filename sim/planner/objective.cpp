#include "planner/objective.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace chipmix::planner {
namespace {

double excess(double amount, const std::optional<double>& limit) { return limit ? std::max(0.0, amount - *limit) : 0; }

/// The worse of the two excesses, as a share of what is wished.
double miss(const JobCost& cost, const Constraints& constraints) {
  const double late = excess(cost.seconds, constraints.deadline) / constraints.deadline.value_or(1);
  const double dear = excess(cost.money, constraints.budget) / constraints.budget.value_or(1);
  return std::max(late, dear);
}

std::vector<int> numbers(std::size_t count) {
  std::vector<int> list(count);
  std::iota(list.begin(), list.end(), 0);
  return list;
}

}  // namespace

const char* name(Objective objective) {
  switch (objective) {
    case Objective::time:
      return "time";
    case Objective::cost:
      return "cost";
    case Objective::energy:
      return "energy";
  }
  throw std::logic_error("unknown objective");
}

JobCost job_cost(const Offer& offer, double steps) {
  const double seconds = steps * offer.step_time;
  return {seconds, seconds * offer.money_per_second, seconds * offer.watts};
}

double worth(const JobCost& cost, Objective objective) {
  switch (objective) {
    case Objective::time:
      return cost.seconds;
    case Objective::cost:
      return cost.money;
    case Objective::energy:
      return cost.joules;
  }
  throw std::logic_error("unknown objective");
}

bool keeps(const JobCost& cost, const Constraints& constraints) { return miss(cost, constraints) == 0; }

std::vector<int> ranked(const std::vector<JobCost>& costs, const Constraints& constraints) {
  std::vector<int> list = numbers(costs.size());
  std::erase_if(list, [&](int i) { return !keeps(costs[i], constraints); });
  std::stable_sort(list.begin(), list.end(), [&](int a, int b) {
    const double one = worth(costs[a], constraints.objective), other = worth(costs[b], constraints.objective);
    return one != other ? one < other : costs[a].seconds < costs[b].seconds;
  });
  return list;
}

std::vector<int> pareto_front(const std::vector<JobCost>& costs) {
  std::vector<int> order = numbers(costs.size());
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const JobCost &one = costs[a], &other = costs[b];
    return one.seconds != other.seconds ? one.seconds < other.seconds : one.money < other.money;
  });
  std::vector<int> front;
  for (int i : order) {
    const bool is_first = front.empty();
    const bool is_equal =
        !is_first && costs[i].seconds == costs[front.back()].seconds && costs[i].money == costs[front.back()].money;
    if (is_first || is_equal || costs[i].money < costs[front.back()].money) front.push_back(i);
  }
  return front;
}

std::optional<Shortfall> shortfall(const std::vector<JobCost>& costs, const Constraints& constraints) {
  if (costs.empty()) return std::nullopt;
  const auto nearest = std::min_element(costs.begin(), costs.end(), [&](const JobCost& a, const JobCost& b) {
    return miss(a, constraints) < miss(b, constraints);
  });
  if (keeps(*nearest, constraints)) return std::nullopt;
  return Shortfall{static_cast<int>(nearest - costs.begin()), excess(nearest->seconds, constraints.deadline),
                   excess(nearest->money, constraints.budget)};
}

}  // namespace chipmix::planner
