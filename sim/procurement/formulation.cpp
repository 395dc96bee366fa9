#include "procurement/formulation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace chipmix::procurement {
namespace {

constexpr double dearest = 1e6;  // in units of the scale: whatever costs more is in no plan that costs about one
constexpr int no_limit = std::numeric_limits<int>::max();

}  // namespace

Formulation::Formulation(const Problem& problem, double scale)
    : p_(problem), scale_(scale), last_(problem.last()), lots_(problem.kinds.size()) {
  for (const Column& column : p_.columns)
    for (std::size_t k = 0; k < p_.kinds.size(); ++k) lots_of(column, k);
  for (std::size_t k = 0; k < p_.kinds.size(); ++k) add_lots(k);
  add_work();
  for (std::size_t k = 0; k < p_.kinds.size(); ++k) add_needs(k);
  add_limits();
  if (p_.aim != Aim::cost) set_aim();
}

double Formulation::discount(int month) const { return std::pow(1 + p_.monthly_discount, -month); }
double Formulation::money(double amount) const { return std::clamp(amount / scale_, -dearest, dearest); }

int Formulation::buyable(const Kind& kind) const {
  return kind.purchase ? kind.purchase->cap.value_or(no_limit) / kind.lot : 0;
}

int Formulation::rentable(const Kind& kind) const {
  return kind.lease ? kind.lease->cap.value_or(no_limit) / kind.lot : 0;
}

int Formulation::lots_of(const Column& column, std::size_t kind) const {
  const int devices = column.devices[kind], lot = p_.kinds[kind].lot;
  if (devices % lot != 0) throw std::logic_error("a cluster of devices that are not whole lots");
  return devices / lot;
}

/// Whether supply and power allow a cluster at all.
bool Formulation::can_be_had(const Column& column) const {
  double kilowatts = 0;
  for (std::size_t k = 0; k < p_.kinds.size(); ++k) {
    const Kind& kind = p_.kinds[k];
    const int needed = lots_of(column, k), owned = std::max(0, needed - rentable(kind));
    if (owned > buyable(kind)) return false;
    kilowatts += owned * kind.lot * kind.kilowatts;
  }
  return !p_.limits.kilowatts || kilowatts <= *p_.limits.kilowatts * (1 + 1e-9);
}

/// Lots of the order that have arrived by a month.
int Formulation::ordered(std::size_t kind, int month) const {
  if (!p_.order) return 0;
  const auto& arrivals = p_.order->arrivals[kind];
  int devices = 0;
  for (int t = 0; t <= month && t < static_cast<int>(arrivals.size()); ++t) devices += arrivals[t];
  return devices / p_.kinds[kind].lot;
}

void Formulation::add_lots(std::size_t k) {
  const Kind& kind = p_.kinds[k];
  int most = ordered(k, last_ - 1);
  for (const Column& column : p_.columns)
    if (can_be_had(column)) most = std::max(most, lots_of(column, k));
  if (p_.order) most += ordered(k, last_ - 1);  // what is bought beside them may come first
  const int bought = std::max(ordered(k, last_ - 1), std::min(most, buyable(kind)));
  lots_[k].resize(most);
  for (int m = 0; m < most; ++m) {
    Lot& lot = lots_[k][m];
    lot.there.assign(last_, none);
    lot.gone.assign(last_ + 1, none);
    lot.between.assign(last_, std::vector<int>(last_ + 1, none));
    lot.rented = lot.needed = std::vector<int>(last_, none);
    if (m < bought && kind.purchase) add_owned(k, m), add_nesting(k, m);
    for (int t = kind.lease ? kind.lease->lead : last_; t < last_; ++t)
      lot.rented[t] = milp_.variable(money(discount(t) * kind.lease->price * kind.lot), 0, 1, false);
  }
  if (kind.purchase && kind.purchase->monthly) add_arrivals(k);
  if (p_.order && kind.purchase) add_recourse(k);
}

/// there_t - there_t-1 = Σ_s y_ts and gone_s - gone_s-1 = Σ_a y_as; what is left goes at T.
void Formulation::add_owned(std::size_t k, int m) {
  const Kind& kind = p_.kinds[k];
  const Kind::Purchase& buy = *kind.purchase;
  Lot& lot = lots_[k][m];
  const double share = kind.price_share(m * kind.lot, kind.lot);
  std::vector<Milp::Terms> sales(last_ + 1);
  for (int t = 0; t < last_; ++t) {
    const bool has_come = ordered(k, t) > m;
    if (t < buy.lead && !has_come) continue;
    const bool can_come = has_come || !p_.order || t >= p_.order->seen + buy.lead;
    lot.there[t] = milp_.variable(0, has_come ? 1 : 0, can_come ? 1 : 0, true);
    Milp::Terms arrival{{lot.there[t], -1}};
    if (t > 0 && lot.there[t - 1] != none) arrival.emplace_back(lot.there[t - 1], 1);
    double upkeep = 0;
    for (int s = t + 1; s <= last_; ++s) {
      upkeep += discount(s - 1) * buy.upkeep;
      const double each = share * (discount(t - buy.lead) * buy.price - discount(s) * kind.worth(s - t)) + upkeep;
      lot.between[t][s] = milp_.variable(money(each * kind.lot), 0, 1, false);
      arrival.emplace_back(lot.between[t][s], 1);
      sales[s].emplace_back(lot.between[t][s], 1);
    }
    milp_.row(std::move(arrival), Sense::equal, 0);
  }
  for (int s = 1; s < last_; ++s) {
    if (sales[s].empty()) continue;
    lot.gone[s] = milp_.variable(0, 0, 1, true);
    sales[s].emplace_back(lot.gone[s], -1);
    if (lot.gone[s - 1] != none) sales[s].emplace_back(lot.gone[s - 1], 1);
    milp_.row(std::move(sales[s]), Sense::equal, 0);
  }
}

void Formulation::own(Milp::Terms& terms, const Lot& lot, int month, double factor) {
  if (lot.there[month] != none) terms.emplace_back(lot.there[month], factor);
  if (lot.gone[month] != none) terms.emplace_back(lot.gone[month], -factor);
}

/// Lots come in their order, and the last one goes first.
void Formulation::add_nesting(std::size_t k, int m) {
  if (m == 0) return;
  const Lot &lot = lots_[k][m], &below = lots_[k][m - 1];
  for (int t = 0; t < last_; ++t) {
    if (lot.there[t] == none) continue;
    milp_.row({{lot.there[t], 1}, {below.there[t], -1}}, Sense::at_most, 0);
    Milp::Terms owned;
    own(owned, lot, t, 1);
    own(owned, below, t, -1);
    milp_.row(std::move(owned), Sense::at_most, 0);
  }
}

/// Devices come at most so many a month, and are kept aside until they make a lot: with C of them by a month,
/// L Σ_m there_mt <= C_t < L (Σ_m there_mt + 1) and 0 <= C_t - C_t-1 <= monthly.
void Formulation::add_arrivals(std::size_t k) {
  const Kind& kind = p_.kinds[k];
  int before = none;
  for (int t = kind.purchase->lead; t < last_; ++t) {
    Milp::Terms whole;
    for (const Lot& lot : lots_[k])
      if (lot.there[t] != none) whole.emplace_back(lot.there[t], -1);
    if (whole.empty()) continue;
    const double lots = static_cast<double>(whole.size()) + 1;
    const int come = milp_.variable(0, 0, lots, false);
    Milp::Terms step{{come, 1}};
    if (before != none) step.emplace_back(before, -1);
    milp_.row(step, Sense::at_most, static_cast<double>(*kind.purchase->monthly) / kind.lot);
    if (before != none) milp_.row(std::move(step), Sense::at_least, 0);
    whole.emplace_back(come, 1);
    milp_.row(whole, Sense::at_least, 0);
    milp_.row(std::move(whole), Sense::at_most, 1 - 1.0 / kind.lot);
    before = come;
  }
}

/// Beside the order lots only come, month by month.
void Formulation::add_recourse(std::size_t k) {
  for (int t = 1; t < last_; ++t) {
    Milp::Terms more;
    for (const Lot& lot : lots_[k]) {
      if (lot.there[t] != none) more.emplace_back(lot.there[t], 1);
      if (lot.there[t - 1] != none) more.emplace_back(lot.there[t - 1], -1);
    }
    const int come = ordered(k, t) - ordered(k, t - 1);
    if (come > 0 && !more.empty()) milp_.row(std::move(more), Sense::at_least, come);
  }
}

/// Tokens a month of what of a column's jobs may run then.
double Formulation::tokens(const Column& column, std::size_t work, int month) const {
  const bool may_run = month >= p_.works[work].from && month < p_.works[work].by;
  return may_run ? column.tokens[work] : 0;
}

/// Whether a column does any work in a month, and none does it all on fewer devices: what waits for its month is left
/// out.
bool Formulation::is_of_use(const Column& column, int month) const {
  bool works = false, waits = false;
  for (std::size_t j = 0; j < p_.works.size(); ++j) {
    works = works || tokens(column, j, month) > 0;
    waits = waits || (column.tokens[j] > 0 && tokens(column, j, month) == 0);
  }
  if (!works || !waits) return works;
  return std::none_of(p_.columns.begin(), p_.columns.end(), [&](const Column& other) {
    if (&other == &column || other.devices == column.devices) return false;
    for (std::size_t k = 0; k < p_.kinds.size(); ++k)
      if (other.devices[k] > column.devices[k]) return false;
    for (std::size_t j = 0; j < p_.works.size(); ++j)
      if (tokens(other, j, month) < tokens(column, j, month)) return false;
    return true;
  });
}

void Formulation::add_work() {
  std::vector<Milp::Terms> done(p_.works.size());
  for (int t = 0; t < last_; ++t) {
    Milp::Terms at_once;
    for (std::size_t c = 0; c < p_.columns.size(); ++c) {
      if (!can_be_had(p_.columns[c])) continue;
      if (!is_of_use(p_.columns[c], t)) continue;
      const int z = milp_.variable(0, 0, 1, false);
      runs_.push_back({z, static_cast<int>(c), t});
      at_once.emplace_back(z, 1);
      for (std::size_t j = 0; j < p_.works.size(); ++j)
        if (const double share = tokens(p_.columns[c], j, t) / p_.works[j].tokens; share > 0)
          done[j].emplace_back(z, share);
    }
    if (!at_once.empty()) milp_.row(std::move(at_once), Sense::at_most, 1);
  }
  for (Milp::Terms& terms : done) milp_.row(std::move(terms), Sense::at_least, 1);
}

/// s_kmt from the largest lot down, each the one above and the columns that end with it.
void Formulation::add_needs(std::size_t k) {
  const int most = static_cast<int>(lots_[k].size());
  std::vector<std::vector<Milp::Terms>> ending(last_, std::vector<Milp::Terms>(most));
  for (const Run& run : runs_)
    if (const int needed = lots_of(p_.columns[run.column], k); needed > 0)
      ending[run.month][needed - 1].emplace_back(run.variable, 1);
  for (int t = 0; t < last_; ++t) {
    int above = none;
    for (int m = most - 1; m >= 0; --m) {
      Milp::Terms sum = std::move(ending[t][m]);
      if (above != none) sum.emplace_back(above, 1);
      const int need = lots_[k][m].needed[t] = milp_.variable(0, 0, sum.empty() ? 0 : 1, false);
      sum.emplace_back(need, -1);
      milp_.row(std::move(sum), Sense::equal, 0);
      provide(k, m, t);
      above = need;
    }
  }
  if (p_.order) add_planned_rents(k);
}

void Formulation::provide(std::size_t k, int m, int t) {
  const Lot& lot = lots_[k][m];
  Milp::Terms terms{{lot.needed[t], 1}};
  if (lot.rented[t] != none) terms.emplace_back(lot.rented[t], -1);
  own(terms, lot, t, -1);
  milp_.row(std::move(terms), Sense::at_most, 0);
  if (lot.rented[t] != none) milp_.row({{lot.rented[t], 1}, {lot.needed[t], -1}}, Sense::at_most, 0);
  const int beyond = m - rentable(p_.kinds[k]);  // as many must be owned
  if (!p_.kinds[k].lease || beyond < 0) return;
  Milp::Terms owned{{lot.needed[t], 1}};
  own(owned, lots_[k][beyond], t, -1);
  milp_.row(std::move(owned), Sense::at_most, 0);
}

/// Before anything else is known, no more is rented than was planned.
void Formulation::add_planned_rents(std::size_t k) {
  for (int t = 0; t < std::min(last_, p_.order->seen); ++t) {
    Milp::Terms rents;
    for (const Lot& lot : lots_[k])
      if (lot.rented[t] != none) rents.emplace_back(lot.rented[t], 1);
    const auto& planned = p_.order->rented[k];
    const double lots = t < static_cast<int>(planned.size()) ? planned[t] / p_.kinds[k].lot : 0;
    if (!rents.empty()) milp_.row(std::move(rents), Sense::at_most, lots * (1 + 1e-9));
  }
}

void Formulation::add_limits() {
  if (p_.limits.budget) milp_.row(cash_terms(), Sense::at_most, money(*p_.limits.budget));
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
    for (std::size_t m = 0; m < lots_[k].size(); ++m) {
      const Lot& lot = lots_[k][m];
      if (last_ > 0 && lot.there.back() != none)
        terms.emplace_back(lot.there.back(), money(kind.price_share(static_cast<int>(m) * kind.lot, kind.lot) *
                                                   kind.purchase->price * kind.lot));
      for (int t = 0; t < last_; ++t) {
        if (kind.purchase) own(terms, lot, t, money(kind.purchase->upkeep * kind.lot));
        if (lot.rented[t] != none) terms.emplace_back(lot.rented[t], money(kind.lease->price * kind.lot));
      }
    }
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
  for (const Lot& lot : lots_[k])
    if (last_ > 0 && lot.there.back() != none) terms.emplace_back(lot.there.back(), factor * kind.lot);
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
    for (const Lot& lot : lots_[k])
      if (last_ > 0 && lot.there.back() != none)
        terms.emplace_back(lot.there.back(), p_.kinds[k].lot * ((k == kind ? 1 : 0) - *p_.kinds[kind].award));
  const double half = p_.kinds[kind].lot / 2.0, award = *p_.kinds[kind].award;
  milp_.row(terms, Sense::at_most, half);
  milp_.row(std::move(terms), Sense::at_least, -half);
  Milp::Terms above, below;
  for (std::size_t k = 0; k < p_.kinds.size(); ++k)
    for (Milp::Terms* work : {&above, &below}) work_terms(*work, k, (k == kind ? 1 : 0) - award);
  for (const Run& run : runs_) {
    above.emplace_back(run.variable, -half);
    below.emplace_back(run.variable, half);
  }
  milp_.row(std::move(above), Sense::at_most, 0);
  milp_.row(std::move(below), Sense::at_least, 0);
}

void Formulation::set_aim() {
  for (int variable = 0; variable < milp_.variables(); ++variable) milp_.set_cost(variable, 0);
  if (p_.aim == Aim::cash) {
    for (const auto& [variable, coefficient] : cash_terms()) milp_.add_cost(variable, coefficient);
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
