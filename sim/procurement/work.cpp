// Work: which clusters run when, and the lots they need.
#include <algorithm>

#include "procurement/formulation.hpp"
#include "procurement/supply.hpp"

namespace chipmix::procurement {

void Formulation::add_work() {
  for (int t = 0; t < last_; ++t) at_once_.push_back(milp_.row({}, Sense::at_most, 1));
  for (std::size_t j = 0; j < p_.works.size(); ++j) {
    done_.push_back(milp_.row({}, Sense::at_least, 1));
    add_whereabouts(j);
  }
}

/// s_kmt from the largest lot down, each the one above and the columns that end with it.
void Formulation::add_needs(std::size_t k) {
  const int most = static_cast<int>(lots_[k].size());
  for (int t = 0; t < last_; ++t) {
    int above = none;
    for (int m = most - 1; m >= 0; --m) {
      Milp::Terms sum;
      if (above != none) sum.emplace_back(above, 1);
      const int need = lots_[k][m].needed[t] = milp_.variable(0, 0, 1, false);
      sum.emplace_back(need, -1);
      lots_[k][m].ends[t] = milp_.row(std::move(sum), Sense::equal, 0);
      provide(k, m, t);
      above = need;
    }
  }
  if (p_.order) add_planned_rents(k);
}

void Formulation::provide(std::size_t k, int m, int t) {
  const Lot& lot = lots_[k][m];
  if (lot.had[t] != none) {
    milp_.row({{lot.needed[t], 1}, {lot.had[t], -1}}, Sense::at_most, 0);
    return;
  }
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
  planned_rents_.resize(p_.kinds.size());
  planned_rents_[k].assign(last_, none);
  for (int t = 0; t < std::min(last_, p_.order->seen); ++t) {
    Milp::Terms rents;
    for (const Lot& lot : lots_[k])
      if (lot.rented[t] != none) rents.emplace_back(lot.rented[t], 1);
    if (contracts_[k][t] != none) rents.emplace_back(contracts_[k][t], 1);
    const auto& planned = p_.order->rented[k];
    const double lots = t < static_cast<int>(planned.size()) ? planned[t] / p_.kinds[k].lot : 0;
    if (!rents.empty()) planned_rents_[k][t] = milp_.row(std::move(rents), Sense::at_most, lots * (1 + 1e-9));
  }
}

/// What is not paid of the rent of a run all month.
double Formulation::unpaid(const Run& run) const {
  const Column& column = p_.columns[run.column];
  double sum = 0;
  for (std::size_t k = 0; k < p_.kinds.size(); ++k)
    if (column.devices[k] > 0 && p_.kinds[k].is_billed_by_time())
      sum += (1 - column.billed_share(k)) * column.devices[k] * p_.kinds[k].lease->price;
  return sum;
}

Milp::Terms Formulation::terms(const Run& run) const {
  const Column& column = p_.columns[run.column];
  Milp::Terms rows{{at_once_[run.month], 1}};
  for (std::size_t j = 0; j < p_.works.size(); ++j) {
    const int month = run.month - p_.works[j].from;
    if (column.tokens[j] <= 0 || month < 0 || run.month >= p_.works[j].by) continue;
    const bool is_moving = run.moving == static_cast<int>(j);
    if (!is_moving) rows.emplace_back(done_[j], column.tokens[j] / p_.works[j].tokens);
    const Whereabouts& where = whereabouts_[j];
    if (where.works.empty()) continue;
    const int place = where.place(column.site(j));
    rows.emplace_back(where.works[place][month], 1);
    if (is_moving) rows.emplace_back(where.moves[place][month], 1);
  }
  for (std::size_t k = 0; k < p_.kinds.size(); ++k)
    if (const int needed = lots_of(run.column, k); needed > 0) {
      rows.emplace_back(lots_[k][needed - 1].ends[run.month], 1);
      if (!planned_rents_.empty() && planned_rents_[k][run.month] != none && p_.kinds[k].is_billed_by_time())
        rows.emplace_back(planned_rents_[k][run.month], (column.billed_share(k) - 1) * needed);
    }
  if (const double credit = unpaid(run); cash_ != none && credit > 0) rows.emplace_back(cash_, -money(credit));
  rows.insert(rows.end(), every_work_.begin(), every_work_.end());
  return rows;
}

double Formulation::saving(const Run& run, const double* prices) const {
  double sum = -cost(run);
  for (const auto& [row, coefficient] : terms(run)) sum += prices[row] * coefficient;
  return sum;
}

void Formulation::allow_undone(double cost) {
  for (int row : done_) undone_.push_back(milp_.variable(cost, 1, {{row, 1}}));
}

void Formulation::add(Run run) {
  run.variable = milp_.variable(cost(run), 1, terms(run));
  runs_.push_back(run);
}

}  // namespace chipmix::procurement
