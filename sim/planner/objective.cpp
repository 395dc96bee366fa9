#include "planner/objective.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace chipmix::planner {
namespace {

double excess(double amount, const std::optional<double>& limit) { return limit ? std::max(0.0, amount - *limit) : 0; }

/// The worse of the two excesses, as a share of what is wished.
double miss(const Outlay& outlay, const Wishes& wishes) {
  const double late = excess(outlay.seconds, wishes.deadline) / wishes.deadline.value_or(1);
  const double dear = excess(outlay.money, wishes.budget) / wishes.budget.value_or(1);
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

Outlay outlay(const Offer& offer, double steps) {
  const double seconds = steps * offer.step_time;
  return {seconds, seconds * offer.money_per_second, seconds * offer.watts};
}

double worth(const Outlay& outlay, Objective objective) {
  switch (objective) {
    case Objective::time:
      return outlay.seconds;
    case Objective::cost:
      return outlay.money;
    case Objective::energy:
      return outlay.joules;
  }
  throw std::logic_error("unknown objective");
}

bool keeps(const Outlay& outlay, const Wishes& wishes) { return miss(outlay, wishes) == 0; }

std::vector<int> ranked(const std::vector<Outlay>& outlays, const Wishes& wishes) {
  std::vector<int> list = numbers(outlays.size());
  std::erase_if(list, [&](int i) { return !keeps(outlays[i], wishes); });
  std::stable_sort(list.begin(), list.end(), [&](int a, int b) {
    const double one = worth(outlays[a], wishes.objective), other = worth(outlays[b], wishes.objective);
    return one != other ? one < other : outlays[a].seconds < outlays[b].seconds;
  });
  return list;
}

std::vector<int> pareto_front(const std::vector<Outlay>& outlays) {
  std::vector<int> order = numbers(outlays.size());
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const Outlay &one = outlays[a], &other = outlays[b];
    return one.seconds != other.seconds ? one.seconds < other.seconds : one.money < other.money;
  });
  std::vector<int> front;
  for (int i : order) {
    const bool is_first = front.empty();
    const bool is_equal = !is_first && outlays[i].seconds == outlays[front.back()].seconds &&
                          outlays[i].money == outlays[front.back()].money;
    if (is_first || is_equal || outlays[i].money < outlays[front.back()].money) front.push_back(i);
  }
  return front;
}

std::optional<Shortfall> shortfall(const std::vector<Outlay>& outlays, const Wishes& wishes) {
  if (outlays.empty()) return std::nullopt;
  const auto nearest = std::min_element(outlays.begin(), outlays.end(), [&](const Outlay& a, const Outlay& b) {
    return miss(a, wishes) < miss(b, wishes);
  });
  if (keeps(*nearest, wishes)) return std::nullopt;
  return Shortfall{static_cast<int>(nearest - outlays.begin()), excess(nearest->seconds, wishes.deadline),
                   excess(nearest->money, wishes.budget)};
}

}  // namespace chipmix::planner
