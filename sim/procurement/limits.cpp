// Limits: cash, power, floor, shares of vendors, awards; and other aims than cost.
#include <algorithm>
#include <limits>
#include <string>

#include "procurement/formulation.hpp"

namespace chipmix::procurement {

/// Lots bought of a kind, times a factor; or what they cost, in prices.
void Formulation::bought_terms(Milp::Terms& terms, std::size_t kind, double factor, bool is_paid) const {
  for (const Batch& batch : batches_[kind])
    for (const auto& sales : batch.is_fleet ? std::vector<std::vector<int>>{} : batch.between)
      for (int held : sales)
        if (held != none) terms.emplace_back(held, factor * (is_paid ? batch.share : 1));
}

void Formulation::add_limits() {
  if (p_.limits.budget) cash_ = milp_.row(cash_terms(), Sense::at_most, money(*p_.limits.budget));
  for (int t = 0; t < last_; ++t) {
    if (p_.limits.kilowatts) milp_.row(owned_terms(t, &Kind::kilowatts), Sense::at_most, *p_.limits.kilowatts);
    if (p_.limits.area) milp_.row(owned_terms(t, &Kind::area), Sense::at_most, *p_.limits.area);
  }
  if (p_.limits.vendor_share) add_shares();
  for (std::size_t k = 0; k < p_.kinds.size(); ++k)
    if (p_.kinds[k].award) add_award(k);
}

Milp::Terms Formulation::owned_terms(int month, double Kind::*each) const {
  Milp::Terms terms;
  for (std::size_t k = 0; k < lots_.size(); ++k)
    for (const Lot& lot : lots_[k]) own(terms, lot, month, p_.kinds[k].*each * p_.kinds[k].lot);
  return terms;
}

Milp::Terms Formulation::cash_terms() const {
  Milp::Terms terms;
  for (std::size_t k = 0; k < lots_.size(); ++k) {
    const Kind& kind = p_.kinds[k];
    if (kind.purchase) bought_terms(terms, k, money(kind.purchase->price * kind.lot), true);
    for (const Lot& lot : lots_[k])
      for (int t = 0; t < last_; ++t) {
        if (kind.purchase) own(terms, lot, t, money(kind.purchase->upkeep * kind.lot));
        if (lot.rented[t] != none) terms.emplace_back(lot.rented[t], money(kind.lease->price * kind.lot));
      }
    for (int contract : contracts_[k])
      if (contract != none) terms.emplace_back(contract, money(kind.lease->price * kind.lot));
  }
  return terms;
}

/// What a month of an owned device of the first year comes to.
double Formulation::month_cost(const Kind& kind) const {
  constexpr int year = 12;
  return (kind.purchase->price - kind.worth(year)) / year + kind.purchase->upkeep;
}

void Formulation::share_terms(Milp::Terms& terms, std::size_t k, double factor) const {
  const Kind& kind = p_.kinds[k];
  if (!kind.purchase) return;
  if (p_.limits.shares == Shares::money) factor *= money(month_cost(kind));
  if (p_.limits.shares != Shares::devices) return work_terms(terms, k, factor);
  bought_terms(terms, k, factor * kind.lot);
}

/// Device-months in which what is bought of a kind works, times a factor.
void Formulation::work_terms(Milp::Terms& terms, std::size_t k, double factor) const {
  for (const Lot& lot : lots_[k])
    for (int t = 0; t < last_; ++t) {
      terms.emplace_back(lot.needed[t], factor * p_.kinds[k].lot);
      if (lot.rented[t] != none) terms.emplace_back(lot.rented[t], -factor * p_.kinds[k].lot);
    }
}

void Formulation::add_shares() {
  std::vector<std::string> vendors;
  for (const Kind& kind : p_.kinds)
    if (std::find(vendors.begin(), vendors.end(), kind.vendor) == vendors.end()) vendors.push_back(kind.vendor);
  for (const std::string& vendor : vendors) {
    Milp::Terms terms;
    for (std::size_t k = 0; k < p_.kinds.size(); ++k)
      share_terms(terms, k, (p_.kinds[k].vendor == vendor ? 1 : 0) - *p_.limits.vendor_share);
    milp_.row(std::move(terms), Sense::at_most, 0);
  }
}

/// Within half a lot of its share of all that is bought, and at work on the mean of the months that are worked: what is
/// bought for the award alone would be no award.
void Formulation::add_award(std::size_t kind) {
  Milp::Terms terms;
  for (std::size_t k = 0; k < p_.kinds.size(); ++k)
    bought_terms(terms, k, p_.kinds[k].lot * ((k == kind ? 1 : 0) - *p_.kinds[kind].award));
  const double half = p_.kinds[kind].lot / 2.0, award = *p_.kinds[kind].award;
  milp_.row(terms, Sense::at_most, half);
  milp_.row(std::move(terms), Sense::at_least, -half);
  Milp::Terms above, below;
  for (std::size_t k = 0; k < p_.kinds.size(); ++k)
    for (Milp::Terms* work : {&above, &below}) work_terms(*work, k, (k == kind ? 1 : 0) - award);
  every_work_.emplace_back(milp_.row(std::move(above), Sense::at_most, 0), -half);
  every_work_.emplace_back(milp_.row(std::move(below), Sense::at_least, 0), half);
}

void Formulation::set_aim() {
  for (int variable = 0; variable < milp_.variables(); ++variable) milp_.set_cost(variable, 0);
  if (p_.aim == Aim::cash) {
    for (const auto& [variable, coefficient] : cash_terms()) milp_.add_cost(variable, coefficient);
    for (const Run& run : runs_) milp_.add_cost(run.variable, -money(unpaid(run)));
    return;
  }
  const int peak = milp_.variable(1, 0, std::numeric_limits<double>::infinity(), false);
  for (int t = 0; t < last_; ++t) {
    Milp::Terms terms = owned_terms(t, &Kind::kilowatts);
    terms.emplace_back(peak, -1);
    milp_.row(std::move(terms), Sense::at_most, 0);
  }
}

}  // namespace chipmix::procurement
