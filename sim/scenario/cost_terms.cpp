#include "scenario/cost_terms.hpp"

#include <algorithm>
#include <map>

#include "scenario/quotes.hpp"

namespace chipmix::scenario {
namespace {

using economics::Basis;
using economics::Kind;
using economics::Row;
using uncertainty::Factor;

bool is_of_devices(const Row& row) { return economics::facts(row.account).kind != Kind::energy; }

/// Money a second, in the scenario's currency, of a row that a term is left in.
double per_second(const Scenario& scenario, const Row& row) {
  return scenario.rates.convert(row.unit_price, scenario.currency).amount * row.devices / seconds_per_hour;
}

/// The runs whose devices a row is about.
template <class Visit>
void each_run(const OptionAnswer& answer, const Row& row, Visit visit) {
  for (const Run& run : answer.runs)
    if (run.option == row.holder.option && run.used[row.holder.group] > 0) visit(run);
}

uncertainty::Term term(const Scenario& scenario, const OptionAnswer& answer, const Row& row) {
  uncertainty::Term term;
  if (row.basis == Basis::term) {
    term.amount = per_second(scenario, row);
    term.remainder.emplace().whole = row.term.value();
    each_run(answer, row, [&](const Run& run) { term.remainder->parts.push_back({run.duration.value(), run.causes}); });
  } else {
    term.amount = row.amount.amount;
    term.factors = answer.runs[row.holder.run].causes;
  }
  const Option& host = scenario.options[row.holder.option];
  if (is_of_devices(row) && host.owned[row.holder.group]) {
    if (!row.quote.figures.empty()) term.law = own_law(scenario, host, row.holder.group, row.quote);
    return term;
  }
  for (const economics::PriceFigure& figure : row.quote.figures)
    term.factors.push_back({figure.cause, figure.at_low, figure.at_high});
  return term;
}

double of_cause(const std::vector<Factor>& factors, const std::string& cause, double Factor::*end) {
  for (const Factor& factor : factors)
    if (factor.cause == cause) return factor.*end;
  return 1;
}

std::set<std::string> time_causes(const OptionAnswer& answer) {
  std::set<std::string> causes;
  for (const Run& run : answer.runs)
    for (const Factor& factor : run.causes) causes.insert(factor.cause);
  return causes;
}

std::set<std::string> price_causes(const OptionAnswer& answer) {
  std::set<std::string> causes;
  for (const Row& row : answer.bill.entries())
    for (const economics::PriceFigure& figure : row.quote.figures) causes.insert(figure.cause);
  return causes;
}

double unmoved(const Run&) { return 1; }
double as_quoted(const Row&) { return 1; }

}  // namespace

std::vector<CostTerm> cost_terms(const Scenario& scenario, const OptionAnswer& answer) {
  std::vector<CostTerm> list;
  for (const Row& row : answer.bill.entries())
    list.push_back({term(scenario, answer, row), is_of_devices(row) ? row.quote.id : ""});
  return list;
}

uncertainty::Sum cost_sum(const Scenario& scenario, const OptionAnswer& answer) {
  uncertainty::Sum sum;
  for (CostTerm& one : cost_terms(scenario, answer)) sum.push_back(std::move(one.term));
  return sum;
}

std::set<std::string> prices_in(const OptionAnswer& answer) {
  std::set<std::string> prices;
  for (const Row& row : answer.bill.entries())
    if (is_of_devices(row)) prices.insert(row.quote.id);
  return prices;
}

double priced_part(const OptionAnswer& answer, const std::set<std::string>& prices) {
  double sum = 0;
  for (const Row& row : answer.bill.entries())
    if (is_of_devices(row) && prices.contains(row.quote.id)) sum += row.amount.amount;
  return sum;
}

double priced_part(const Scenario& scenario, const OptionAnswer& answer, const std::string& device) {
  double sum = 0;
  for (const Row& row : answer.bill.entries()) {
    const auto& host = scenario.options[row.holder.option];
    if (is_of_devices(row) && host.cluster->groups[row.holder.group].device.id == device) sum += row.amount.amount;
  }
  return sum;
}

double total_at(const Scenario& scenario, const OptionAnswer& answer, const std::function<double(const Run&)>& time,
                const std::function<double(const Row&)>& price) {
  double sum = 0;
  for (const Row& row : answer.bill.entries()) {
    if (row.basis != Basis::term) {
      sum += row.amount.amount * time(answer.runs[row.holder.run]) * price(row);
      continue;
    }
    double left = row.term.value();
    each_run(answer, row, [&](const Run& run) { left -= run.duration.value() * time(run); });
    sum += per_second(scenario, row) * std::max(0.0, left) * price(row);
  }
  return sum;
}

Interval<double> cost_spread(const Scenario& scenario, const OptionAnswer& answer) {
  const double central = answer.bill.total().amount;
  if (central <= 0) return {1, 1};
  std::vector<Factor> effects;
  for (const std::string& cause : time_causes(answer)) {
    const auto at = [&](double Factor::*end) {
      return total_at(
                 scenario, answer, [&](const Run& run) { return of_cause(run.causes, cause, end); }, as_quoted) /
             central;
    };
    effects.push_back({cause, at(&Factor::p10), at(&Factor::p90)});
  }
  for (const std::string& cause : price_causes(answer)) {
    const auto at = [&](double economics::PriceFigure::*end) {
      const auto price = [&](const Row& row) {
        for (const economics::PriceFigure& figure : row.quote.figures)
          if (figure.cause == cause) return figure.*end;
        return 1.0;
      };
      return total_at(scenario, answer, unmoved, price) / central;
    };
    effects.push_back({cause, at(&economics::PriceFigure::at_low), at(&economics::PriceFigure::at_high)});
  }
  return uncertainty::in_quadrature(effects);
}

Interval<double> time_spread(const OptionAnswer& answer) {
  std::vector<Factor> effects;
  for (const std::string& cause : time_causes(answer)) {
    const auto at = [&](double Factor::*end) {
      Seconds sum, central;
      for (const Run& run : answer.runs) {
        sum += run.duration * of_cause(run.causes, cause, end);
        central += run.duration;
      }
      return sum / central;
    };
    effects.push_back({cause, at(&Factor::p10), at(&Factor::p90)});
  }
  return uncertainty::in_quadrature(effects);
}

}  // namespace chipmix::scenario
