#include "report/decision/bill_terms.hpp"

#include <algorithm>
#include <cmath>

#include "scenario/charge.hpp"

namespace chipmix::report {
namespace {

using economics::Basis;
using economics::Row;

constexpr double exact_enough = 1e-9;

bool is_same(double a, double b) { return std::abs(a - b) <= exact_enough * std::max(std::abs(a), std::abs(b)); }

/// Charges an answer's runs again, with figures and times moved.
class Recharge {
 public:
  Recharge(Scenario& scenario, const OptionAnswer& answer, const std::vector<Lever>& levers)
      : scenario_(scenario), levers_(levers), runs_(answer.runs) {}

  /// Amounts of the rows of the bill where these variables are twice, or `factor` times, what they are.
  std::vector<double> amounts(const std::vector<Variable>& moved, double factor = 2) {
    double time = 1;
    for (const Variable& variable : moved)
      if (variable.kind == Variable::Kind::time)
        time = factor;
      else
        multiply(variable, factor);
    std::vector<double> list = charged(time);
    for (const Variable& variable : moved)
      if (variable.kind != Variable::Kind::time) multiply(variable, 1 / factor);  // powers of two: nothing is rounded
    return list;
  }

  /// Whether the runs can feel a lever at all.
  bool can_matter(const Lever& lever) const {
    return lever.kind == LeverKind::exchange || std::any_of(runs_.begin(), runs_.end(), [&](const scenario::Run& run) {
             return std::find(lever.options.begin(), lever.options.end(), run.option) != lever.options.end();
           });
  }

 private:
  void multiply(const Variable& variable, double factor) {
    levers_[variable.index].multiply(scenario_, variable.kind == Variable::Kind::inverse ? 1 / factor : factor);
  }

  std::vector<double> charged(double time) {
    OptionAnswer again;
    for (scenario::Run& run : runs_) {
      const Seconds steady = run.steady, duration = run.duration;
      run.steady = steady * time;
      run.duration = run.moving + (duration - run.moving) * time;
      charge(again, scenario_, scenario_.options[run.option], run);
      again.runs.emplace_back();
      run.steady = steady, run.duration = duration;
    }
    std::vector<double> list;
    for (const Row& row : again.bill.entries()) list.push_back(row.amount.amount);
    return list;
  }

  Scenario& scenario_;
  const std::vector<Lever>& levers_;
  std::vector<scenario::Run> runs_;
};

/// How a row goes with a lever: not at all, in proportion to it or its inverse (parts of it may stay), or otherwise.
enum class Way { none, lever, inverse, other };

Way way(double at_1, double at_2, double at_4) {
  if (is_same(at_1, at_2)) return Way::none;
  if (is_same(at_4, at_1 + 3 * (at_2 - at_1))) return Way::lever;
  if (is_same(at_4, at_1 + 1.5 * (at_2 - at_1))) return Way::inverse;  // (1 - 1/4) / (1 - 1/2)
  return Way::other;
}

/// Coefficients of a row that is linear in each variable: from its values where each has the factor 1 or 2, by
/// inclusion and exclusion over v - 1; then in powers of v.
void add_terms(const std::vector<Variable>& variables, const std::vector<double>& corners,
               std::vector<BillTerm>& terms) {
  const std::size_t count = corners.size();
  std::vector<double> c = corners;
  for (std::size_t bit = 1; bit < count; bit *= 2)
    for (std::size_t set = 0; set < count; ++set)
      if (set & bit) c[set] -= c[set ^ bit];  // of v - 1
  for (std::size_t bit = 1; bit < count; bit *= 2)
    for (std::size_t set = 0; set < count; ++set)
      if (!(set & bit)) c[set] -= c[set | bit];  // of v
  double most = 0;
  for (double one : c) most = std::max(most, std::abs(one));
  for (std::size_t set = 0; set < count; ++set) {
    if (std::abs(c[set]) <= 1e-12 * most) continue;
    BillTerm term{c[set], {}};
    for (std::size_t i = 0; i < variables.size(); ++i)
      if (set & (std::size_t{1} << i)) term.factors.push_back(variables[i]);
    terms.push_back(std::move(term));
  }
}

/// The variables of each row, from its values with one lever moved at a time.
class TermRows {
 public:
  TermRows(Recharge& recharge, const std::vector<Lever>& levers, Unfit& unfit)
      : recharge_(recharge), base_(recharge.amounts({})), variables_(base_.size()) {
    for (std::size_t lever = 0; lever < levers.size(); ++lever)
      if (recharge.can_matter(levers[lever])) find(static_cast<int>(lever), unfit);
  }

  void add(const std::vector<Row>& rows, std::vector<BillTerm>& terms) {
    for (std::size_t i = 0; i < base_.size(); ++i) {
      std::vector<Variable> variables = {{Variable::Kind::time, rows[i].holder.run}};
      variables.insert(variables.end(), variables_[i].begin(), variables_[i].end());
      std::vector<double> corners;
      for (std::size_t set = 0; set < std::size_t{1} << variables.size(); ++set) {
        std::vector<Variable> moved;
        for (std::size_t bit = 0; bit < variables.size(); ++bit)
          if (set & (std::size_t{1} << bit)) moved.push_back(variables[bit]);
        corners.push_back(recharge_.amounts(moved)[i]);
      }
      add_terms(variables, corners, terms);
    }
  }

 private:
  void find(int lever, Unfit& unfit) {
    const std::vector<Variable> moved = {{Variable::Kind::lever, lever}};
    const auto at_2 = recharge_.amounts(moved, 2), at_4 = recharge_.amounts(moved, 4);
    for (std::size_t i = 0; i < base_.size(); ++i) {
      const Way how = way(base_[i], at_2[i], at_4[i]);
      if (how == Way::other) unfit.levers[lever] = true;
      if (how == Way::lever) variables_[i].push_back({Variable::Kind::lever, lever});
      if (how == Way::inverse) variables_[i].push_back({Variable::Kind::inverse, lever});
    }
  }

  Recharge& recharge_;
  std::vector<double> base_;
  std::vector<std::vector<Variable>> variables_;
};

Remainder remainder(Scenario& scenario, const OptionAnswer& answer, const Row& row, const std::vector<Lever>& levers) {
  const auto per_second = [&]() {
    const double hour = scenario.options[row.holder.option].rents[row.holder.group]->value.per_base_unit;
    const Currency& currency = scenario.options[row.holder.option].rents[row.holder.group]->value.currency;
    return scenario.rates.convert({hour, currency}, scenario.currency).amount * row.devices;
  };
  Remainder rest{per_second(), row.term.value(), {}, {}};
  for (std::size_t lever = 0; lever < levers.size(); ++lever) {
    levers[lever].multiply(scenario, 2);
    const double twice = per_second();
    levers[lever].multiply(scenario, 0.5);
    if (is_same(twice, 2 * rest.per_second))
      rest.factors.push_back({Variable::Kind::lever, static_cast<int>(lever)});
    else if (is_same(twice, rest.per_second / 2))
      rest.factors.push_back({Variable::Kind::inverse, static_cast<int>(lever)});
  }
  for (std::size_t run = 0; run < answer.runs.size(); ++run) {
    const scenario::Run& one = answer.runs[run];
    if (one.option != row.holder.option || one.used[row.holder.group] == 0) continue;
    rest.parts.push_back({static_cast<int>(run), one.moving.value(), (one.held() - one.moving).value()});
  }
  return rest;
}

}  // namespace

BillTerms bill_terms(Scenario& scenario, const OptionAnswer& answer, const std::vector<Lever>& levers, Unfit& unfit) {
  BillTerms all;
  std::vector<Row> charged;
  for (const Row& row : answer.bill.entries()) {
    if (row.basis == Basis::term)
      all.remainders.push_back(remainder(scenario, answer, row, levers));
    else
      charged.push_back(row);
  }
  Recharge recharge(scenario, answer, levers);
  TermRows(recharge, levers, unfit).add(charged, all.terms);
  return all;
}

}  // namespace chipmix::report
