#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "procurement/milp.hpp"
#include "procurement/problem.hpp"

namespace chipmix::procurement {
namespace {

constexpr int none = -1;
constexpr double least_share = 1e-6;  // of a month: less is the solver's rounding

/// Variables of one kind, [lot - 1][month].
struct Lots {
  int most = 0;                             ///< lots that any column needs, or more
  std::vector<std::vector<int>> q, rented;  ///< `none` where they cannot be
};

/// The problem as rows and columns of a linear program. Money in units of the dearest lot, tokens as shares of their
/// job, so that the solver's tolerances fit.
class Formulation {
 public:
  explicit Formulation(const Problem& problem) : p_(problem), lots_(p_.kinds.size()) {
    for (const Kind& kind : p_.kinds) {
      if (kind.purchase) scale_ = std::max(scale_, kind.purchase->price * kind.lot);
      if (kind.lease) scale_ = std::max(scale_, kind.lease->price * kind.lot);
    }
    for (std::size_t k = 0; k < p_.kinds.size(); ++k) add_lots(k);
    add_work();
    for (std::size_t k = 0; k < p_.kinds.size(); ++k) add_needs(k);
    add_limits();
    if (p_.aim != Aim::cost) set_aim();
  }

  std::optional<Decision> solve() const {
    const MilpAnswer answer = milp_.minimise(p_.seconds);
    if (!answer.feasible) return std::nullopt;
    Decision decision;
    decision.cost = p_.aim == Aim::kilowatts ? answer.value : answer.value * scale_;
    decision.bound = decision.cost * (answer.value == 0 ? 1 : answer.bound / answer.value);
    decision.shifts.resize(p_.months);
    for (const Run& run : runs_)
      if (answer.values[run.variable] > least_share)
        decision.shifts[run.month].push_back({run.column, answer.values[run.variable]});
    for (std::size_t k = 0; k < p_.kinds.size(); ++k) {
      decision.arrived.emplace_back(p_.months, 0);
      decision.rented.emplace_back(p_.months, 0.0);
      for (int lot = 0; lot < lots_[k].most; ++lot) take(answer.values, k, lot, decision);
    }
    for (int month = 0; month < p_.months; ++month) decision.cash.push_back(cash(decision, month));
    return decision;
  }

 private:
  struct Run {
    int variable = 0, column = 0, month = 0;
  };

  double discount(int month) const { return std::pow(1 + p_.monthly_discount, -month); }

  int lots_of(const Column& column, std::size_t kind) const {
    const int devices = column.devices[kind], lot = p_.kinds[kind].lot;
    if (devices % lot != 0) throw std::logic_error("a cluster of devices that are not whole lots");
    return devices / lot;
  }

  /// What q_kmt costs: upkeep, and what changes hands when it is the first month (it is taken back in the next one, for
  /// a lot that was there before costs nothing new).
  double owning_cost(const Kind& kind, int lot, int month) const {
    const double share = kind.price_share(lot * kind.lot);
    const auto buying = [&](int arrival) {
      return discount(arrival - kind.purchase->lead) * kind.purchase->price * share -
             discount(p_.months) * kind.worth(arrival, p_.months);
    };
    double cost = discount(month) * kind.purchase->upkeep + buying(month);
    if (month + 1 < p_.months) cost -= buying(month + 1);
    return cost * kind.lot / scale_;
  }

  void add_lots(std::size_t k) {
    const Kind& kind = p_.kinds[k];
    Lots& lots = lots_[k];
    for (const Column& column : p_.columns) lots.most = std::max(lots.most, lots_of(column, k));
    const int buyable = kind.purchase ? kind.purchase->cap.value_or(lots.most * kind.lot) / kind.lot : 0;
    const std::vector<int> nothing(p_.months, none);
    lots.q.assign(lots.most, nothing);
    lots.rented.assign(lots.most, nothing);
    for (int lot = 0; lot < lots.most; ++lot)
      for (int t = 0; t < p_.months; ++t) {
        if (lot < buyable && t >= kind.purchase->lead) add_owned(k, lots.q, lot, t);
        if (kind.lease && t >= kind.lease->lead)
          lots.rented[lot][t] = milp_.variable(discount(t) * kind.lease->price * kind.lot / scale_, 0, 1, false);
      }
    if (kind.purchase && kind.purchase->monthly && p_.ordered.empty()) add_arrivals(kind, lots);
  }

  void add_owned(std::size_t k, std::vector<std::vector<int>>& q, int lot, int t) {
    const Kind& kind = p_.kinds[k];
    const bool is_ordered = !p_.ordered.empty() && p_.ordered[k][t] > lot * kind.lot;
    q[lot][t] = milp_.variable(owning_cost(kind, lot, t), is_ordered ? 1 : 0, 1, true);
    if (lot > 0) milp_.row({{q[lot][t], 1}, {q[lot - 1][t], -1}}, Sense::at_most, 0);
    if (t > 0 && q[lot][t - 1] != none) milp_.row({{q[lot][t - 1], 1}, {q[lot][t], -1}}, Sense::at_most, 0);
  }

  void add_arrivals(const Kind& kind, const Lots& lots) {
    for (int t = kind.purchase->lead; t < p_.months; ++t) {
      Milp::Terms terms;
      for (const auto& months : lots.q) {
        if (months[t] != none) terms.emplace_back(months[t], 1);
        if (t > 0 && months[t - 1] != none) terms.emplace_back(months[t - 1], -1);
      }
      milp_.row(std::move(terms), Sense::at_most, *kind.purchase->monthly / kind.lot);
    }
  }

  /// Tokens a month of what of a column's jobs may run then.
  double tokens(const Column& column, std::size_t work, int month) const {
    const bool may_run = month >= p_.works[work].from && month < p_.works[work].by;
    return may_run ? column.tokens[work] : 0;
  }

  void add_work() {
    std::vector<Milp::Terms> done(p_.works.size());
    for (int t = 0; t < p_.months; ++t) {
      Milp::Terms at_once;
      for (std::size_t c = 0; c < p_.columns.size(); ++c) {
        bool works = false;
        for (std::size_t j = 0; j < p_.works.size(); ++j) works = works || tokens(p_.columns[c], j, t) > 0;
        if (!works) continue;
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
  void add_needs(std::size_t k) {
    const Lots& lots = lots_[k];
    std::vector<std::vector<Milp::Terms>> ending(p_.months, std::vector<Milp::Terms>(lots.most));
    for (const Run& run : runs_)
      if (const int needed = lots_of(p_.columns[run.column], k); needed > 0)
        ending[run.month][needed - 1].emplace_back(run.variable, 1);
    for (int t = 0; t < p_.months; ++t) {
      int above = none;
      for (int lot = lots.most - 1; lot >= 0; --lot) {
        const int need = milp_.variable(0, 0, 1, false);
        Milp::Terms sum = std::move(ending[t][lot]);
        if (above != none) sum.emplace_back(above, 1);
        sum.emplace_back(need, -1);
        milp_.row(std::move(sum), Sense::equal, 0);
        provide(k, lot, t, need);
        above = need;
      }
    }
  }

  void provide(std::size_t k, int lot, int t, int need) {
    const Lots& lots = lots_[k];
    Milp::Terms terms{{need, 1}};
    for (const auto& source : {lots.q, lots.rented})
      if (source[lot][t] != none) terms.emplace_back(source[lot][t], -1);
    milp_.row(std::move(terms), Sense::at_most, 0);
    const Kind& kind = p_.kinds[k];
    if (!kind.lease || !kind.lease->cap) return;
    const int beyond = lot - *kind.lease->cap / kind.lot;  // as many must be owned
    if (beyond < 0) return;
    Milp::Terms owned{{need, 1}};
    if (lots.q[beyond][t] != none) owned.emplace_back(lots.q[beyond][t], -1);
    milp_.row(std::move(owned), Sense::at_most, 0);
  }

  void add_limits() {
    if (p_.limits.budget) milp_.row(cash_terms(), Sense::at_most, *p_.limits.budget / scale_);
    if (p_.limits.kilowatts) milp_.row(power_terms(), Sense::at_most, *p_.limits.kilowatts);
    if (p_.limits.area) {
      Milp::Terms terms;
      each_last_lot([&](std::size_t k, int q) { terms.emplace_back(q, p_.kinds[k].area * p_.kinds[k].lot); });
      milp_.row(std::move(terms), Sense::at_most, *p_.limits.area);
    }
    if (p_.limits.vendor_share) add_vendor_shares();
    for (std::size_t k = 0; k < p_.kinds.size(); ++k)
      if (p_.kinds[k].award) add_award(k);
  }

  void set_aim() {
    for (int variable = 0; variable < milp_.variables(); ++variable) milp_.set_cost(variable, 0);
    for (const auto& [variable, coefficient] : p_.aim == Aim::cash ? cash_terms() : power_terms())
      milp_.set_cost(variable, coefficient);
  }

  Milp::Terms power_terms() const {
    Milp::Terms terms;
    each_last_lot([&](std::size_t k, int q) { terms.emplace_back(q, p_.kinds[k].kilowatts * p_.kinds[k].lot); });
    return terms;
  }

  /// What is owned in the last month: nothing goes before.
  template <class Visit>
  void each_last_lot(Visit visit) const {
    for (std::size_t k = 0; k < lots_.size(); ++k)
      for (const auto& months : lots_[k].q)
        if (p_.months > 0 && months.back() != none) visit(k, months.back());
  }

  Milp::Terms cash_terms() const {
    Milp::Terms terms;
    for (std::size_t k = 0; k < lots_.size(); ++k) {
      const Kind& kind = p_.kinds[k];
      for (int lot = 0; lot < lots_[k].most; ++lot)
        for (int t = 0; t < p_.months; ++t) {
          if (const int q = lots_[k].q[lot][t]; q != none)
            terms.emplace_back(
                q, ((t + 1 == p_.months ? kind.purchase->price : 0) + kind.purchase->upkeep) * kind.lot / scale_);
          if (const int r = lots_[k].rented[lot][t]; r != none)
            terms.emplace_back(r, kind.lease->price * kind.lot / scale_);
        }
    }
    return terms;
  }

  /// Within a lot of the share of all that is bought.
  void add_award(std::size_t kind) {
    Milp::Terms terms;
    each_last_lot([&](std::size_t k, int q) {
      terms.emplace_back(q, p_.kinds[k].lot * ((k == kind ? 1 : 0) - *p_.kinds[kind].award));
    });
    milp_.row(terms, Sense::at_most, p_.kinds[kind].lot);
    milp_.row(std::move(terms), Sense::at_least, -p_.kinds[kind].lot);
  }

  void add_vendor_shares() {
    std::vector<std::string> vendors;
    for (const Kind& kind : p_.kinds)
      if (std::find(vendors.begin(), vendors.end(), kind.vendor) == vendors.end()) vendors.push_back(kind.vendor);
    for (const std::string& vendor : vendors) {
      Milp::Terms terms;
      each_last_lot([&](std::size_t k, int q) {
        const double own = p_.kinds[k].vendor == vendor ? 1 : 0;
        terms.emplace_back(q, p_.kinds[k].lot * (own - *p_.limits.vendor_share));
      });
      milp_.row(std::move(terms), Sense::at_most, 0);
    }
  }

  void take(const std::vector<double>& values, std::size_t k, int lot, Decision& decision) const {
    const Lots& lots = lots_[k];
    bool is_there = false;
    for (int t = 0; t < p_.months; ++t) {
      if (const int q = lots.q[lot][t]; q != none && values[q] > 0.5 && !is_there) {
        is_there = true;
        decision.arrived[k][t] += p_.kinds[k].lot;
      }
      if (const int r = lots.rented[lot][t]; r != none && values[r] > least_share)
        decision.rented[k][t] += values[r] * p_.kinds[k].lot;
    }
  }

  /// For the devices that arrive in a month, lot by lot.
  static double paid(const Kind& kind, const Decision& decision, int k, int arrival) {
    const int arrived = decision.arrived[k][arrival], before = decision.owned(k, arrival) - arrived;
    double sum = 0;
    for (int device = 0; device < arrived; device += kind.lot)
      sum += kind.purchase->price * kind.price_share(before + device) * kind.lot;
    return sum;
  }

  /// Orders are paid when they are made.
  double cash(const Decision& decision, int month) const {
    double sum = 0;
    for (std::size_t k = 0; k < p_.kinds.size(); ++k) {
      const Kind& kind = p_.kinds[k];
      if (kind.purchase) {
        const int arrival = month + kind.purchase->lead;
        if (arrival < p_.months) sum += paid(kind, decision, static_cast<int>(k), arrival);
        sum += kind.purchase->upkeep * decision.owned(static_cast<int>(k), month);
      }
      if (kind.lease) sum += kind.lease->price * decision.rented[k][month];
    }
    return sum;
  }

  const Problem& p_;
  Milp milp_;
  double scale_ = 1e-9;
  std::vector<Lots> lots_;
  std::vector<Run> runs_;
};

}  // namespace

std::optional<Decision> solve(const Problem& problem) { return Formulation(problem).solve(); }

}  // namespace chipmix::procurement
