// Rent by contract: whole lots for whole months, at least so many, dearer the fewer.
#include <algorithm>
#include <cmath>

#include "procurement/formulation.hpp"
#include "procurement/supply.hpp"

namespace chipmix::procurement {

/// N_t >= Σ of what begins in the last `term` months, and Σ_m a_m = Σ_m q_m + N.
void Formulation::add_contracts(std::size_t k) {
  const Kind& kind = p_.kinds[k];
  const Kind::Lease& lease = *kind.lease;
  const int most = std::min(rentable(kind), static_cast<int>(lots_[k].size())), term = std::max(1, lease.term);
  std::vector<int> begun(last_, none);
  for (int t = lease.lead; t < last_; ++t) {
    const int now = contracts_[k][t] = milp_.variable(money(discount(t) * lease.price * kind.lot), 0, most, true);
    // a contract ends by the last month: what is left of its term would be paid for nothing
    begun[t] = milp_.variable(0, 0, t + term <= last_ ? most : 0, false);
    Milp::Terms step{{now, 1}, {begun[t], -1}}, held{{now, 1}};
    if (t > lease.lead) step.emplace_back(contracts_[k][t - 1], -1);
    milp_.row(std::move(step), Sense::at_most, 0);
    for (int first = std::max(lease.lead, t - term + 1); first <= t; ++first) held.emplace_back(begun[first], -1);
    milp_.row(std::move(held), Sense::at_least, 0);
    add_tiers(k, t, now);
  }
  for (int t = 0; t < last_; ++t) {
    Milp::Terms sum;
    if (contracts_[k][t] != none) sum.emplace_back(contracts_[k][t], 1);
    for (std::size_t m = 0; m < lots_[k].size(); ++m) {
      lots_[k][m].had[t] = milp_.variable(0, 0, 1, true);
      sum.emplace_back(lots_[k][m].had[t], -1);
      own(sum, lots_[k][m], t, 1);
      if (m > 0) milp_.row({{lots_[k][m].had[t], 1}, {lots_[k][m - 1].had[t], -1}}, Sense::at_most, 0);
    }
    milp_.row(std::move(sum), Sense::at_least, 0);
  }
}

/// What is rented beyond a step costs less, and only once as much is rented as lies before it.
void Formulation::add_tiers(std::size_t k, int month, int contract) {
  const Kind& kind = p_.kinds[k];
  int before = none;
  double deeper = 0;
  for (const Kind::Step& step : kind.lease->volume) {
    const double first = static_cast<double>(step.from) / kind.lot;
    const double most = std::max(0.0, std::min(rentable(kind), static_cast<int>(lots_[k].size())) - first);
    const double saved = discount(month) * kind.lease->price * (step.discount - deeper) * kind.lot;
    const int beyond = milp_.variable(-money(saved), 0, most, false), is_beyond = milp_.variable(0, 0, 1, true);
    milp_.row({{beyond, 1}, {is_beyond, -most}}, Sense::at_most, 0);
    milp_.row({{beyond, 1}, {contract, -1}, {is_beyond, first}}, Sense::at_most, 0);
    if (before != none) milp_.row({{is_beyond, 1}, {before, -1}}, Sense::at_most, 0);
    before = is_beyond;
    deeper = step.discount;
  }
}

}  // namespace chipmix::procurement
