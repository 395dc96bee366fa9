#include <fmt/format.h>

#include <algorithm>

#include "report/chart/charts.hpp"
#include "report/figures/figures.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"
#include "scenario/cost_swings.hpp"

namespace chipmix::report {
namespace {

constexpr std::size_t swings_shown = 10;

std::string paid(const Scenario& scenario, double amount) { return money({amount, scenario.currency}); }

/// "+1.2 M CNY".
std::string change(const Scenario& scenario, double amount) { return (amount > 0 ? "+" : "") + paid(scenario, amount); }

/// Accounts of bills in the order they come, each once.
std::vector<economics::Account> accounts(const std::vector<const OptionAnswer*>& answers) {
  std::vector<economics::Account> names;
  for (const OptionAnswer* answer : answers)
    for (const economics::Row& row : answer->bill.entries())
      if (row.amount.amount != 0 && std::find(names.begin(), names.end(), row.account) == names.end())
        names.push_back(row.account);
  return names;
}

Table amounts(const char* what, const Scenario& scenario) {
  Table table;
  table.columns = {{what}, numeric(scenario.currency.code, "", "amount")};
  return table;
}

void add_amount(Table& table, const std::string& what, double amount) { table.add({what, {amount, grouped(amount)}}); }

}  // namespace

Figure cost_bars(const Scenario& scenario, const Comparison& comparison) {
  Figure figure;
  figure.title = "Cost per 1T tokens, " + scenario.currency.code;
  figure.caption = "Bars: central. Lines: P10 to P90.";
  figure.data.columns = {{"option"}, numeric("P10"), numeric("central"), numeric("P90")};
  std::vector<Bar> list;
  for (const OptionAnswer& a : comparison.options) {
    if (!a.priced()) continue;
    const double cost = cost_per_1t(a, scenario).amount, low = cost * a.cost_p10, high = cost * a.cost_p90;
    list.push_back({a.label, low, cost, high, paid(scenario, cost), colour_of(scenario, a)});
    figure.data.add({a.label, {low, grouped(low)}, {cost, grouped(cost)}, {high, grouped(high)}});
  }
  figure.svg = bars({figure.title, "A bar for each option from zero, a line from P10 to P90"}, list);
  return figure;
}

Figure cost_waterfall(const Scenario& scenario, const OptionAnswer& answer) {
  Figure figure;
  figure.title = fmt::format("What {} costs, {}", answer.label, scenario.currency.code);
  figure.caption = "Every account of the bill adds to the total.";
  figure.data = amounts("account", scenario);
  std::vector<Rise> rises;
  for (const economics::Account account : accounts({&answer})) {
    const double amount = answer.bill.total(account).amount;
    rises.push_back({name(account), amount, paid(scenario, amount)});
    add_amount(figure.data, name(account), amount);
  }
  const double total = answer.bill.total().amount;
  rises.push_back({"total", total, paid(scenario, total), true});
  add_amount(figure.data, "total", total);
  figure.svg = waterfall({figure.title, "Each account begins where the one before it ends"}, rises);
  return figure;
}

Figure cost_difference(const Scenario& scenario, const OptionAnswer& from, const OptionAnswer& to) {
  Figure figure;
  figure.title = fmt::format("From {} to {}, {}", from.label, to.label, scenario.currency.code);
  figure.caption = "Which accounts of the bill make the difference.";
  figure.data = amounts("account", scenario);
  std::vector<Rise> rises;
  const auto put = [&](const std::string& label, double amount, bool is_total) {
    rises.push_back({label, amount, is_total ? paid(scenario, amount) : change(scenario, amount), is_total});
    add_amount(figure.data, label, amount);
  };
  put(from.label, from.bill.total().amount, true);
  for (const economics::Account account : accounts({&from, &to})) {
    const double amount = to.bill.total(account).amount - from.bill.total(account).amount;
    if (amount != 0) put(name(account), amount, false);
  }
  put(to.label, to.bill.total().amount, true);
  figure.svg = waterfall({figure.title, "From one option's total to the other's, account by account"}, rises);
  return figure;
}

Figure cost_tornado(const Scenario& scenario, const OptionAnswer& answer) {
  Figure figure;
  figure.title = fmt::format("What moves the cost of {}", answer.label);
  figure.caption = "One figure at a time at the ends of its range, the widest first.";
  figure.data.columns = {{"figure"}, numeric("at low"), numeric("at high"), {"source"}};
  const auto factor = [](double value) { return Cell{value, fmt::format("{:+.1f} %", (value - 1) * 100)}; };
  std::vector<Swing> list;
  for (const auto& swing : cost_swings(scenario, answer)) {
    if (list.size() == swings_shown) break;
    list.push_back({swing.figure, swing.at_low, swing.at_high});
    figure.data.add({swing.figure, factor(swing.at_low), factor(swing.at_high), swing.source});
  }
  figure.svg =
      tornado({figure.title, "A bar for each figure, from the cost at its low end to that at its high end"}, list);
  return figure;
}

}  // namespace chipmix::report
