#include "scenario/what_ifs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/parallel.hpp"
#include "base/words.hpp"
#include "procurement/milp.hpp"

namespace chipmix::scenario {
namespace {

using procurement::Kind;
using procurement::Problem;

constexpr double a_little_more = 1.1;

/// What the best decision of a changed problem costs, if there is any, or that the time was over before it was known.
/// `known` is a decision that it allows.
WhatIf outcome(const std::string& change, const Problem& problem, const procurement::Decision* known = nullptr) {
  try {
    const auto decision = procurement::solve_beside(problem, known);
    return {change, decision ? std::optional(decision->cost) : std::nullopt, {}, false};
  } catch (const procurement::NothingInTime&) {
    return {change, {}, {}, true};
  }
}

/// Changes of a problem that make it no harder.
struct Easing {
  std::string name;
  std::function<void(Problem&)> ease;
  std::function<std::string(const Problem&)> needed{};  ///< of the eased problem: the least that does
};

template <class Change>
void each_cap(Problem& problem, Change change) {
  for (Kind& kind : problem.kinds) {
    if (kind.purchase) change(kind.purchase->cap, kind), change(kind.purchase->monthly, kind);
    if (kind.lease) change(kind.lease->cap, kind);
  }
}

std::vector<Easing> a_little(const Problem& problem) {
  std::vector<Easing> list;
  const bool can_wait = std::any_of(problem.works.begin(), problem.works.end(),
                                    [&](const procurement::Work& work) { return work.by < problem.months; });
  if (can_wait)
    list.push_back({"one more month for every job", [](Problem& p) {
                      for (auto& work : p.works) work.by = std::min(work.by + 1, p.months);
                    }});
  if (problem.limits.budget)
    list.push_back({"10 % more budget", [](Problem& p) { *p.limits.budget *= a_little_more; }});
  if (problem.limits.kilowatts)
    list.push_back({"10 % more power", [](Problem& p) { *p.limits.kilowatts *= a_little_more; }});
  if (problem.limits.vendor_share)
    list.push_back({"a vendor's share 10 % larger", [](Problem& p) {
                      *p.limits.vendor_share = std::min(1.0, *p.limits.vendor_share * a_little_more);
                    }});
  list.push_back({"one more lot wherever supply is limited", [](Problem& p) {
                    each_cap(p, [](std::optional<int>& cap, const Kind& kind) {
                      if (cap) *cap += kind.lot;
                    });
                  }});
  return list;
}

/// The least power or cash with which it can be done, all else as it is.
std::optional<double> least(Problem problem, procurement::Aim aim) {
  problem.aim = aim;
  return outcome("", problem).cost;
}

std::string megawatts(double kilowatts) { return fmt::format("{:.2f} MW", kilowatts / 1e3); }

/// The least floor with which it can be done: as power, and power as floor.
std::string floor_needed(Problem problem) {
  for (Kind& kind : problem.kinds) std::swap(kind.kilowatts, kind.area);
  std::swap(problem.limits.kilowatts, problem.limits.area);
  const auto area = least(problem, procurement::Aim::kilowatts);
  return area ? fmt::format("{:.4g} m2", *area) : "";
}

/// The least share of a vendor, to a hundredth.
std::string share_needed(Problem problem, double share) {
  int low = static_cast<int>(std::floor(100 * share)), high = 100;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    problem.limits.vendor_share = middle / 100.0;
    (outcome("", problem).cost ? high : low) = middle;
  }
  return fmt::format("{} %", high);
}

/// By how much more of everything that is limited it can be done, in steps.
std::string supply_needed(const Problem& problem) {
  for (const double factor : {1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0}) {
    Problem other = problem;
    each_cap(other, [&](std::optional<int>& cap, const Kind& kind) {
      if (cap) cap = static_cast<int>(std::ceil(*cap * factor / kind.lot - 1e-9)) * kind.lot;
    });
    if (outcome("", other).cost) return fmt::format("caps and arrivals {:g} times as large", factor);
  }
  return {};
}

/// By how many months later every job would be done at the soonest.
std::string delay(const Problem& problem) {
  for (int months = 1; months <= problem.months; ++months) {
    Problem other = problem;
    for (auto& work : other.works) work.by = std::min(work.by + months, problem.months);
    if (outcome("", other).cost) return counted(months, "month") + " more";
  }
  return {};
}

std::vector<Easing> without(const Problem& problem) {
  using procurement::Aim;
  std::vector<Easing> list;
  if (problem.limits.budget)
    list.push_back({"the budget", [](Problem& p) { p.limits.budget.reset(); },
                    [](const Problem& p) {
                      const auto cash = least(p, Aim::cash);
                      return cash ? fmt::format("{:.4g} M", *cash / 1e6) : "";
                    }});
  if (problem.limits.kilowatts)
    list.push_back({"the limit of power", [](Problem& p) { p.limits.kilowatts.reset(); },
                    [](const Problem& p) {
                      const auto kilowatts = least(p, Aim::kilowatts);
                      return kilowatts ? megawatts(*kilowatts) : "";
                    }});
  if (problem.limits.area)
    list.push_back({"the limit of floor", [](Problem& p) { p.limits.area.reset(); }, floor_needed});
  if (problem.limits.vendor_share)
    list.push_back({"the vendors' shares", [](Problem& p) { p.limits.vendor_share.reset(); },
                    [share = *problem.limits.vendor_share](const Problem& p) { return share_needed(p, share); }});
  if (std::any_of(problem.kinds.begin(), problem.kinds.end(), [](const Kind& kind) { return kind.award; }))
    list.push_back({"the awards",
                    [](Problem& p) {
                      for (Kind& kind : p.kinds) kind.award.reset();
                    },
                    {}});
  list.push_back({"the deadlines",
                  [](Problem& p) {
                    for (auto& work : p.works) work.by = p.months;
                  },
                  {}});
  list.push_back({"the limits of supply",
                  [](Problem& p) { each_cap(p, [](std::optional<int>& cap, const Kind&) { cap.reset(); }); },
                  {}});
  return list;
}

std::vector<WhatIf> try_each(const Problem& problem, const std::vector<Easing>& easings, int jobs) {
  std::vector<WhatIf> list(easings.size());
  parallel_for(static_cast<int>(easings.size()), jobs, [&](int i) {
    Problem other = problem;
    easings[i].ease(other);
    list[i] = outcome(easings[i].name, other);
    if (list[i].cost && easings[i].needed) list[i].needed = easings[i].needed(other);
  });
  return list;
}

/// Limits that, left out two at a time, let it be done.
std::vector<Change> pairs(const Problem& problem, const std::vector<Easing>& easings) {
  std::vector<Change> list;
  for (std::size_t i = 0; i < easings.size(); ++i)
    for (std::size_t j = i + 1; j < easings.size(); ++j) {
      list.push_back({easings[i].name + " and " + easings[j].name, problem, {}});
      easings[i].ease(list.back().problem);
      easings[j].ease(list.back().problem);
    }
  return list;
}

bool is_dead(const WhatIf& one) { return !one.cost && !one.is_open; }

}  // namespace

std::vector<WhatIf> outcomes(const std::vector<Change>& changes, int jobs) {
  std::vector<WhatIf> list(changes.size());
  parallel_for(static_cast<int>(changes.size()), jobs,
               [&](int i) { list[i] = outcome(changes[i].name, changes[i].problem, changes[i].known); });
  return list;
}

namespace {

bool has(const Problem& problem, bool (*way)(const Kind&)) {
  return std::any_of(problem.kinds.begin(), problem.kinds.end(), way);
}
bool is_bought(const Kind& kind) { return kind.purchase && kind.purchase->cap != 0; }
bool is_rented(const Kind& kind) { return kind.lease && kind.lease->cap != 0; }

void buy_nothing(Problem& problem) {
  for (Kind& kind : problem.kinds)
    if (kind.purchase) kind.purchase->cap = 0;
}
void rent_nothing(Problem& problem) {
  for (Kind& kind : problem.kinds) kind.lease.reset();
}

}  // namespace

std::vector<Change> ways(const Problem& problem) {
  std::vector<Change> list = {{"rent only", problem, {}},
                              {"buy only", problem, {}},
                              {"best mix of both", problem, {}},
                              {"no new devices", problem, {}}};
  buy_nothing(list[0].problem);
  rent_nothing(list[1].problem);
  buy_nothing(list[3].problem);
  rent_nothing(list[3].problem);
  return list;
}

Way way(const Change& change, const Procurement& result) {
  const bool is_same = has(change.problem, is_bought) == has(result.problem, is_bought) &&
                       has(change.problem, is_rented) == has(result.problem, is_rented);
  Way way{change.name, {}, {}, 0, false};
  try {
    way.decision = is_same ? result.decision : procurement::solve_beside(change.problem);
  } catch (const procurement::NothingInTime&) {
    way.is_open = true;
  }
  return way;
}

std::vector<Change> little_more(const Problem& problem, const procurement::Decision& decision) {
  std::vector<Change> list;
  for (const Easing& easing : a_little(problem)) {
    list.push_back({easing.name, problem, &decision});
    easing.ease(list.back().problem);
  }
  return list;
}

Change runner_up(const Problem& problem, const procurement::Decision& decision) {
  std::size_t dearest = 0;
  double most = -1;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const Kind& kind = problem.kinds[k];
    double spent = kind.purchase ? kind.purchase->price * decision.bought(static_cast<int>(k)) : 0;
    for (double rented : decision.rented[k]) spent += kind.lease ? kind.lease->price * rented : 0;
    if (spent > most) most = spent, dearest = k;
  }
  Change change{"without " + problem.kinds[dearest].name, problem, {}};
  if (auto& purchase = change.problem.kinds[dearest].purchase) purchase->cap = 0;  // what is owned stays
  change.problem.kinds[dearest].lease.reset();
  return change;
}

std::vector<WhatIf> conflicts(const Problem& problem, int jobs) {
  const std::vector<Easing> easings = without(problem);
  std::vector<WhatIf> list = try_each(problem, easings, jobs);
  if (std::all_of(list.begin(), list.end(), is_dead)) list = outcomes(pairs(problem, easings), jobs);
  if (std::all_of(list.begin(), list.end(), is_dead)) {
    Problem other = problem;
    for (const Easing& easing : easings) easing.ease(other);
    list = {outcome("any of the limits", other)};
  }
  std::erase_if(list, is_dead);
  for (WhatIf& one : list) {
    if (one.change == "the deadlines" && one.cost) one.needed = delay(problem);
    if (one.change == "the limits of supply" && one.cost) one.needed = supply_needed(problem);
  }
  return list;
}

}  // namespace chipmix::scenario
