#include <algorithm>
#include <cmath>

#include "procurement/formulation.hpp"

namespace chipmix::procurement {
namespace {

constexpr double least_share = 1e-6;  // of a month: less is the solver's rounding
constexpr double tiny = 1e-3;         // an answer of less than this many units of its scale is solved again in its own

/// The price of the dearest lot.
double dearest_lot(const Problem& problem) {
  double most = 1e-9;
  for (const Kind& kind : problem.kinds) {
    if (kind.purchase) most = std::max(most, kind.purchase->price * kind.lot);
    if (kind.lease) most = std::max(most, kind.lease->price * kind.lot);
  }
  return most;
}

/// The solver's values as devices, months and money.
class Reading {
 public:
  Reading(const Problem& problem, const Formulation& formulation, const std::vector<double>& values)
      : p_(problem), formulation_(formulation), values_(values) {}

  Decision run() {
    decision_.shifts.resize(p_.months);
    for (const Run& run : formulation_.runs())
      if (values_[run.variable] > least_share)
        decision_.shifts[run.month].push_back({run.column, values_[run.variable]});
    for (std::size_t k = 0; k < p_.kinds.size(); ++k) {
      decision_.rented.emplace_back(p_.months, 0.0);
      for (std::size_t m = 0; m < formulation_.lots()[k].size(); ++m) lot(k, static_cast<int>(m));
      if (p_.order) too_late(static_cast<int>(k));
    }
    join();
    for (int month = 0; month < p_.months; ++month) money(month);
    return std::move(decision_);
  }

 private:
  void lot(std::size_t k, int m) {
    const Kind& kind = p_.kinds[k];
    const Lot& lot = formulation_.lots()[k][m];
    const int last = p_.last();
    for (int t = 0; t < last; ++t) {
      for (int s = t + 1; s <= last; ++s)
        if (lot.between[t][s] != none && values_[lot.between[t][s]] > 0.5)
          decision_.holdings.push_back({static_cast<int>(k), t, s, kind.lot, kind.price_share(m * kind.lot, kind.lot)});
      if (lot.rented[t] != none && values_[lot.rented[t]] > least_share)
        decision_.rented[k][t] += values_[lot.rented[t]] * kind.lot;
    }
  }

  /// What was ordered and comes after the last job is sold as it comes.
  void too_late(int k) {
    const auto& arrivals = p_.order->arrivals[k];
    int before = 0;
    for (int t = 0; t < static_cast<int>(arrivals.size()); ++t) {
      if (t >= p_.last() && arrivals[t] > 0)
        decision_.holdings.push_back({k, t, t, arrivals[t], p_.kinds[k].price_share(before, arrivals[t])});
      before += arrivals[t];
    }
  }

  /// Lots that come and go together at one price are one holding.
  void join() {
    std::vector<Holding> joined;
    for (const Holding& one : decision_.holdings)
      if (!joined.empty() && joined.back().kind == one.kind && joined.back().arrival == one.arrival &&
          joined.back().sale == one.sale && joined.back().price_share == one.price_share)
        joined.back().devices += one.devices;
      else
        joined.push_back(one);
    decision_.holdings = std::move(joined);
  }

  /// Orders are paid when they are made, sales when a month ends.
  void money(int month) {
    double paid = 0, proceeds = 0;
    for (const Holding& one : decision_.holdings) {
      const Kind& kind = p_.kinds[one.kind];
      if (std::max(0, one.arrival - kind.purchase->lead) == month)
        paid += kind.purchase->price * one.price_share * one.devices;
      if (one.arrival <= month && month < one.sale) paid += kind.purchase->upkeep * one.devices;
      if (one.sale == month + 1) proceeds += kind.worth(one.sale - one.arrival) * one.price_share * one.devices;
    }
    for (std::size_t k = 0; k < p_.kinds.size(); ++k)
      if (p_.kinds[k].lease) paid += p_.kinds[k].lease->price * decision_.rented[k][month];
    decision_.cash.push_back(paid);
    decision_.proceeds.push_back(proceeds);
  }

  const Problem& p_;
  const Formulation& formulation_;
  const std::vector<double>& values_;
  Decision decision_;
};

std::optional<Decision> solve_scaled(const Problem& problem, double scale) {
  const Formulation formulation(problem, scale);
  const MilpAnswer answer = formulation.program().minimise(problem.seconds);
  if (!answer.feasible) return std::nullopt;
  Decision decision = Reading(problem, formulation, answer.values).run();
  const double unit = problem.aim == Aim::kilowatts ? 1 : scale;
  decision.cost = problem.aim == Aim::cost ? cost(problem, decision) : answer.value * unit;
  decision.bound = decision.cost - std::max(0.0, answer.value - answer.bound) * unit;
  return decision;
}

}  // namespace

std::optional<Decision> solve(const Problem& problem) {
  double scale = dearest_lot(problem);
  for (;;) {
    auto decision = solve_scaled(problem, scale);
    const double found = decision && problem.aim == Aim::cost ? decision->cost : scale;
    if (found >= tiny * scale || found <= 0) return decision;
    scale = found;
  }
}

}  // namespace chipmix::procurement
