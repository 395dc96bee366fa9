#include <algorithm>
#include <cmath>

#include "procurement/milp.hpp"
#include "procurement/problem.hpp"

namespace chipmix::procurement {
namespace {

constexpr int none = -1;

/// The problem as rows and columns of a linear program. Money in units of the dearest month's price, tokens as shares
/// of their job, so that the solver's tolerances fit.
class Formulation {
 public:
  explicit Formulation(const Problem& problem) : p_(problem) {
    for (const Kind& kind : p_.kinds) {
      if (kind.purchase) scale_ = std::max(scale_, kind.purchase->price * kind.lot);
      if (kind.lease) scale_ = std::max(scale_, kind.lease->price * kind.lot);
    }
    add_supply();
    add_running();
    add_capacity();
    add_limits();
  }

  std::optional<Decision> solve() const {
    const MilpAnswer answer = milp_.minimise();
    if (!answer.feasible) return std::nullopt;
    Decision decision;
    decision.cost = answer.value * scale_;
    const auto devices = [&](const std::vector<std::vector<int>>& variables) {
      std::vector<std::vector<int>> list;
      for (std::size_t k = 0; k < variables.size(); ++k) {
        list.emplace_back();
        for (int variable : variables[k])
          list.back().push_back(variable == none ? 0 : static_cast<int>(answer.values[variable]) * p_.kinds[k].lot);
      }
      return list;
    };
    decision.bought = devices(bought_);
    decision.rented = devices(rented_);
    decision.running.assign(p_.works.size(), std::vector<int>(p_.months, none));
    for (const Running& one : running_)
      if (answer.values[one.variable] > 0.5) decision.running[one.work][one.month] = one.column;
    for (int month = 0; month < p_.months; ++month) decision.cash.push_back(cash(decision, month));
    return decision;
  }

 private:
  struct Running {
    int variable = 0, column = 0, work = 0, month = 0;
  };

  double discount(int month) const { return std::pow(1 + p_.monthly_discount, -month); }

  /// Cost of a lot bought in a month: its price, its upkeep from arrival, less what it is worth at the end.
  double purchase_cost(const Kind& kind, int month) const {
    double cost = discount(month) * kind.purchase->price - discount(p_.months) * kind.worth(month, p_.months);
    for (int t = month + kind.purchase->lead; t < p_.months; ++t) cost += discount(t) * kind.purchase->upkeep;
    return cost * kind.lot / scale_;
  }

  void add_supply() {
    for (const Kind& kind : p_.kinds) {
      bought_.emplace_back(p_.months, none);
      rented_.emplace_back(p_.months, none);
      Milp::Terms all;
      const double most = p_.months * 1e6;  // devices, where nothing else limits them
      for (int t = 0; t < p_.months; ++t) {
        if (kind.purchase && t + kind.purchase->lead < p_.months) {
          const int lots =
              static_cast<int>(kind.purchase->monthly.value_or(kind.purchase->cap.value_or(static_cast<int>(most)))) /
              kind.lot;
          bought_.back()[t] = milp_.variable(purchase_cost(kind, t), 0, lots, true);
          all.emplace_back(bought_.back()[t], 1);
        }
        if (kind.lease && t >= kind.lease->lead) {
          const int lots = kind.lease->cap.value_or(static_cast<int>(most)) / kind.lot;
          rented_.back()[t] = milp_.variable(discount(t) * kind.lease->price * kind.lot / scale_, 0, lots, true);
        }
      }
      if (kind.purchase && kind.purchase->cap) milp_.row(all, Sense::at_most, *kind.purchase->cap / kind.lot);
    }
  }

  void add_running() {
    for (std::size_t j = 0; j < p_.works.size(); ++j) {
      const Work& work = p_.works[j];
      Milp::Terms done;
      for (int t = work.from; t < std::min(work.by, p_.months); ++t) {
        Milp::Terms at_once;
        for (std::size_t c = 0; c < p_.columns.size(); ++c) {
          if (p_.columns[c].tokens[j] <= 0) continue;
          const int variable = milp_.variable(0, 0, 1, true);
          running_.push_back({variable, static_cast<int>(c), static_cast<int>(j), t});
          at_once.emplace_back(variable, 1);
          done.emplace_back(variable, std::min(1.0, p_.columns[c].tokens[j] / work.tokens));
        }
        milp_.row(std::move(at_once), Sense::at_most, 1);
      }
      milp_.row(std::move(done), Sense::at_least, 1);
    }
  }

  /// Lots of a kind that are there in a month, with a factor.
  void add_present(Milp::Terms& terms, std::size_t kind, int month, double factor, bool with_rented) const {
    if (p_.kinds[kind].purchase)
      for (int order = 0; order + p_.kinds[kind].purchase->lead <= month; ++order)
        if (bought_[kind][order] != none) terms.emplace_back(bought_[kind][order], factor);
    if (with_rented && rented_[kind][month] != none) terms.emplace_back(rented_[kind][month], factor);
  }

  void add_capacity() {
    for (std::size_t k = 0; k < p_.kinds.size(); ++k)
      for (int t = 0; t < p_.months; ++t) {
        Milp::Terms terms;
        for (const Running& one : running_)
          if (one.month == t && p_.columns[one.column].devices[k] > 0)
            terms.emplace_back(one.variable, static_cast<double>(p_.columns[one.column].devices[k]) / p_.kinds[k].lot);
        if (terms.empty()) continue;
        add_present(terms, k, t, -1, true);
        milp_.row(std::move(terms), Sense::at_most, 0);
      }
  }

  void add_limits() {
    if (p_.limits.budget) {
      Milp::Terms terms;
      for (std::size_t k = 0; k < p_.kinds.size(); ++k)
        for (int t = 0; t < p_.months; ++t) {
          const Kind& kind = p_.kinds[k];
          if (bought_[k][t] != none) {
            const int stays = p_.months - t - kind.purchase->lead;
            terms.emplace_back(bought_[k][t],
                               (kind.purchase->price + stays * kind.purchase->upkeep) * kind.lot / scale_);
          }
          if (rented_[k][t] != none) terms.emplace_back(rented_[k][t], kind.lease->price * kind.lot / scale_);
        }
      milp_.row(std::move(terms), Sense::at_most, *p_.limits.budget / scale_);
    }
    if (p_.limits.kilowatts) {  // what is there never goes, so the last month holds most
      Milp::Terms terms;
      for (std::size_t k = 0; k < p_.kinds.size(); ++k)
        add_present(terms, k, p_.months - 1, p_.kinds[k].kilowatts * p_.kinds[k].lot, false);
      milp_.row(std::move(terms), Sense::at_most, *p_.limits.kilowatts);
    }
    if (p_.limits.vendor_share) add_vendor_share();
  }

  void add_vendor_share() {
    for (std::size_t first = 0; first < p_.kinds.size(); ++first) {
      const std::string& vendor = p_.kinds[first].vendor;
      const auto is_its = [&](const Kind& kind) { return kind.vendor == vendor; };
      if (std::find_if(p_.kinds.begin(), p_.kinds.end(), is_its) - p_.kinds.begin() < static_cast<int>(first)) continue;
      Milp::Terms terms;
      for (std::size_t k = 0; k < p_.kinds.size(); ++k)
        for (int variable : bought_[k])
          if (variable != none)
            terms.emplace_back(variable, p_.kinds[k].lot * (is_its(p_.kinds[k]) - *p_.limits.vendor_share));
      milp_.row(std::move(terms), Sense::at_most, 0);
    }
  }

  double cash(const Decision& decision, int month) const {
    double sum = 0;
    for (std::size_t k = 0; k < p_.kinds.size(); ++k) {
      const Kind& kind = p_.kinds[k];
      if (kind.purchase)
        sum += kind.purchase->price * decision.bought[k][month] +
               kind.purchase->upkeep * owned(p_, decision, static_cast<int>(k), month);
      if (kind.lease) sum += kind.lease->price * decision.rented[k][month];
    }
    return sum;
  }

  const Problem& p_;
  Milp milp_;
  double scale_ = 1e-9;
  std::vector<std::vector<int>> bought_, rented_;  ///< variables by kind and month
  std::vector<Running> running_;
};

}  // namespace

std::optional<Decision> solve(const Problem& problem) { return Formulation(problem).solve(); }

}  // namespace chipmix::procurement
