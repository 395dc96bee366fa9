// Supply: what is owned, when it comes and when it goes.
#include "procurement/formulation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "procurement/supply.hpp"

namespace chipmix::procurement {
namespace {

/// Of a lot's price: of plans that cost the same the one that buys least is taken. Far below any gap that is asked for.
constexpr double least_trouble = 1e-6;
constexpr double dearest = 1e6;  // in units of the scale: whatever costs more is in no plan that costs about one

}  // namespace

Formulation::Formulation(const Problem& problem, double scale, std::vector<Run> runs, const std::vector<bool>& one_way)
    : p_(problem),
      scale_(scale),
      last_(problem.last()),
      lots_(problem.kinds.size()),
      batches_(problem.kinds.size()),
      contracts_(problem.kinds.size()) {
  for (std::size_t k = 0; k < p_.kinds.size(); ++k) {
    lots_[k].resize(most_lots(p_, k));
    add_lots(k);
    if (one_way[k]) add_one_way(k, bought_lots(p_, k));
  }
  add_work();
  for (std::size_t k = 0; k < p_.kinds.size(); ++k) add_needs(k);
  add_limits();
  for (Run run : runs) add(run);
  if (p_.aim != Aim::cost) set_aim();
}

double Formulation::discount(int month) const { return std::pow(1 + p_.monthly_discount, -month); }
double Formulation::money(double amount) const { return std::clamp(amount / scale_, -dearest, dearest); }

int Formulation::ordered(std::size_t kind, int month) const { return ordered_lots(p_, kind, month); }

void Formulation::add_lots(std::size_t k) {
  const Kind& kind = p_.kinds[k];
  const bool by_hour = kind.lease && !kind.lease->is_contract();
  for (Lot& lot : lots_[k]) {
    lot.owned = lot.rented = lot.needed = lot.had = lot.ends = std::vector<int>(last_, none);
    for (int t = by_hour ? kind.lease->lead : last_; t < last_; ++t)
      lot.rented[t] = milp_.variable(money(discount(t) * kind.lease->price * kind.lot), 0, 1, false);
  }
  if (kind.purchase) {
    const int bought = bought_lots(p_, k);
    add_owned(k, bought);
    add_batches(k, bought);
    if (kind.purchase->monthly) add_arrivals(k);
    if (p_.order) add_recourse(k);
  }
  contracts_[k].assign(last_, none);
  if (kind.lease && !by_hour) add_contracts(k);
}

/// Lots come in their order, and the last one goes first.
void Formulation::add_owned(std::size_t k, int bought) {
  const int lead = p_.kinds[k].purchase->lead, fleet = fleet_lots(p_.kinds[k]);
  for (int m = 0; m < bought; ++m)
    for (int t = 0; t < last_; ++t) {
      const bool is_due = fleet + ordered(k, t) > m;
      const int first = p_.order ? p_.order->seen + lead : lead;
      if (t < first && !is_due) continue;
      lots_[k][m].owned[t] = milp_.variable(0, 0, 1, true);
      if (m > 0) milp_.row({{lots_[k][m].owned[t], 1}, {lots_[k][m - 1].owned[t], -1}}, Sense::at_most, 0);
    }
}

void Formulation::add_batches(std::size_t k, int bought) {
  const Kind& kind = p_.kinds[k];
  const int fleet = fleet_lots(kind);
  for (int m = 0; m < bought; ++m) {
    const bool is_fleet = m < fleet;
    const double share = is_fleet ? 1 : kind.price_share((m - fleet) * kind.lot, kind.lot);
    const auto& before = batches_[k];
    if (before.empty() || before.back().share != share || before.back().is_fleet != is_fleet)
      batches_[k].push_back({m, 0, share, is_fleet, {}});
    ++batches_[k].back().lots;
  }
  for (Batch& batch : batches_[k]) add_batch(k, batch);
}

/// Σ_m q_mt = Σ_{a <= t < s} Y_as over the lots of a batch. A fleet is there from the first month on.
void Formulation::add_batch(std::size_t k, Batch& batch) {
  const Kind& kind = p_.kinds[k];
  batch.between.assign(last_, std::vector<int>(last_ + 1, none));
  std::vector<Milp::Terms> there(last_);
  Milp::Terms all;
  for (int a = 0; a < (batch.is_fleet ? std::min(1, last_) : last_); ++a) {
    if (lots_[k][batch.first].owned[a] == none) continue;
    for (int s = a + 1; s <= last_; ++s) {
      const double each = holding_cost(p_, {static_cast<int>(k), a, s, kind.lot, batch.share, batch.is_fleet});
      const double trouble = batch.is_fleet ? 0 : least_trouble * kind.purchase->price * kind.lot;
      const int held = batch.between[a][s] = milp_.variable(money(each + trouble), 0, batch.lots, false);
      for (int t = a; t < s; ++t) there[t].emplace_back(held, -1);
      all.emplace_back(held, 1);
    }
  }
  for (int t = 0; t < last_; ++t) {
    if (there[t].empty()) continue;
    for (int m = batch.first; m < batch.first + batch.lots; ++m) own(there[t], lots_[k][m], t, 1);
    milp_.row(std::move(there[t]), Sense::equal, 0);
  }
  if (!all.empty()) milp_.row(std::move(all), Sense::at_most, batch.lots);
}

/// Lots that come in a month, or are sold at its beginning, times a factor.
Milp::Terms Formulation::moved(std::size_t k, int month, bool is_sale, double factor) const {
  Milp::Terms terms;
  for (const Batch& batch : batches_[k])
    for (int other = 0; (is_sale || !batch.is_fleet) && other <= last_; ++other) {
      const int a = is_sale ? other : month, s = is_sale ? month : other;
      if (a < s && batch.between[a][s] != none) terms.emplace_back(batch.between[a][s], factor);
    }
  return terms;
}

/// Nothing comes once something was sold.
void Formulation::add_one_way(std::size_t k, int bought) {
  int before = none;
  for (int t = 1; t < last_; ++t) {
    const int selling = milp_.variable(0, 0, 1, true);
    Milp::Terms come = moved(k, t, false, 1), gone = moved(k, t, true, 1);
    come.emplace_back(selling, bought);
    gone.emplace_back(selling, -bought);
    milp_.row(std::move(come), Sense::at_most, bought);
    milp_.row(std::move(gone), Sense::at_most, 0);
    if (before != none) milp_.row({{before, 1}, {selling, -1}}, Sense::at_most, 0);
    before = selling;
  }
}

void Formulation::own(Milp::Terms& terms, const Lot& lot, int month, double factor) {
  if (lot.owned[month] != none) terms.emplace_back(lot.owned[month], factor);
}

/// Devices come at most so many a month, and are kept aside until they make a lot: with C of them and A lots by a
/// month, L A <= C < L (A + 1), and C grows by at most so many.
void Formulation::add_arrivals(std::size_t k) {
  const Kind& kind = p_.kinds[k];
  int before = none;
  Milp::Terms whole;
  for (int t = 0; t < last_; ++t) {
    const Milp::Terms now = moved(k, t, false, -1);
    whole.insert(whole.end(), now.begin(), now.end());
    if (t < kind.purchase->lead || whole.empty()) continue;
    const int come = milp_.variable(0, 0, bought_lots(p_, k) + 1.0, false);
    Milp::Terms step{{come, 1}};
    if (before != none) step.emplace_back(before, -1);
    milp_.row(step, Sense::at_most, static_cast<double>(*kind.purchase->monthly) / kind.lot);
    if (before != none) milp_.row(std::move(step), Sense::at_least, 0);
    Milp::Terms kept = whole;
    kept.emplace_back(come, 1);
    milp_.row(kept, Sense::at_least, 0);
    milp_.row(std::move(kept), Sense::at_most, 1 - 1.0 / kind.lot);
    before = come;
  }
}

/// What was ordered comes; beside it lots come only from the month on in which more can. Of what was there before as
/// much is sold as was planned, in the first month and until something else is seen.
void Formulation::add_recourse(std::size_t k) {
  for (int t = 0; t < last_; ++t) {
    const int due = ordered(k, t) - (t > 0 ? ordered(k, t - 1) : 0);
    Milp::Terms come = moved(k, t, false, 1);
    const bool may_more = t >= p_.order->seen + p_.kinds[k].purchase->lead;
    if (!come.empty()) milp_.row(std::move(come), may_more ? Sense::at_least : Sense::equal, due);
  }
  if (p_.order->fleet.empty()) return;
  const int fleet = fleet_lots(p_.kinds[k]);
  for (int t = 0; t < std::min(last_, std::max(1, p_.order->seen)); ++t) {
    const auto& kept = p_.order->fleet[k];
    const int lots = t < static_cast<int>(kept.size()) ? kept[t] / p_.kinds[k].lot : fleet;
    for (int m = 0; m < fleet; ++m)
      if (const int owned = lots_[k][m].owned[t]; owned != none) milp_.fix(owned, m < lots ? 1 : 0);
  }
}

void Formulation::stay_near(const Decision& decision) {
  for (std::size_t k = 0; k < p_.kinds.size(); ++k)
    for (int t = 0; t < last_; ++t) {
      int least = std::numeric_limits<int>::max(), most = 0;
      double low = std::numeric_limits<double>::infinity(), high = 0;
      for (int near = std::max(0, t - 1); near <= std::min(last_ - 1, t + 1); ++near) {
        const int lots = decision.owned(static_cast<int>(k), near) / p_.kinds[k].lot;
        const double rented = std::round(decision.rented[k][near] / p_.kinds[k].lot);
        least = std::min(least, lots), most = std::max(most, lots);
        low = std::min(low, rented), high = std::max(high, rented);
      }
      for (int m = 0; m < static_cast<int>(lots_[k].size()); ++m) {
        const int owned = lots_[k][m].owned[t];
        if (owned == none || (m >= least && m < most)) continue;
        milp_.fix(owned, std::clamp(m < least ? 1.0 : 0.0, milp_.bounds(owned).first, milp_.bounds(owned).second));
      }
      if (const int contract = contracts_[k][t]; contract != none)
        milp_.keep(contract, low, std::min(high, milp_.bounds(contract).second));
    }
}

}  // namespace chipmix::procurement
