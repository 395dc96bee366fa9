#include <fmt/format.h>

#include <algorithm>

#include "report/chart/charts.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"
#include "scenario/cost_swings.hpp"

namespace chipmix::report {
namespace {

constexpr std::size_t swings_shown = 6;

/// Accounts of bills in the order they come, each once.
std::vector<economics::Account> accounts(const std::vector<const OptionAnswer*>& answers) {
  std::vector<economics::Account> names;
  for (const OptionAnswer* answer : answers)
    for (const economics::Row& row : answer->bill.entries())
      if (row.amount.amount != 0 && std::find(names.begin(), names.end(), row.account) == names.end())
        names.push_back(row.account);
  return names;
}

Table amounts(const Matter& matter) {
  Table table;
  table.columns = {{matter.say(Text::account)}, numeric(matter.scenario.currency.code, "", "amount")};
  return table;
}

void add_amount(Table& table, const std::string& what, double amount) { table.add({what, {amount, grouped(amount)}}); }

}  // namespace

Figure cost_waterfall(const Matter& matter, const OptionAnswer& answer) {
  Figure figure;
  const auto list = accounts({&answer});
  if (list.size() < 2) return figure;
  figure.title = matter.say(Text::what_costs, {answer.label});
  figure.caption = matter.say(Text::what_costs_caption);
  figure.data = amounts(matter);
  std::vector<Rise> rises;
  const auto put = [&](const std::string& label, double amount, bool is_total) {
    rises.push_back({label, amount, matter.money(amount), is_total});
    add_amount(figure.data, label, amount);
  };
  for (const economics::Account account : list)
    put(matter.say.fixed_words(name(account)), answer.bill.total(account).amount, false);
  put(matter.say(Text::total), total(answer), true);
  figure.svg = waterfall({figure.title, figure.caption}, rises);
  return figure;
}

Figure cost_difference(const Matter& matter, const OptionAnswer& from, const OptionAnswer& to) {
  Figure figure;
  const auto list = accounts({&from, &to});
  if (list.size() < 2) return figure;
  figure.title = matter.say(Text::difference, {from.label, to.label});
  figure.caption = matter.say(Text::difference_caption);
  figure.data = amounts(matter);
  std::vector<Rise> rises;
  const auto put = [&](const std::string& label, double amount, bool is_total) {
    const std::string text = is_total ? matter.money(amount) : matter.say.change(amount, matter.scenario.currency);
    rises.push_back({label, amount, text, is_total});
    add_amount(figure.data, label, amount);
  };
  put(from.label, total(from), true);
  for (const economics::Account account : list) {
    const double amount = to.bill.total(account).amount - from.bill.total(account).amount;
    if (amount != 0) put(matter.say.fixed_words(name(account)), amount, false);
  }
  put(to.label, total(to), true);
  figure.svg = waterfall({figure.title, figure.caption}, rises);
  return figure;
}

Figure cost_tornado(const Matter& matter, const OptionAnswer& answer) {
  Figure figure;
  figure.title = matter.say(Text::what_moves, {answer.label});
  figure.caption = matter.say(Text::what_moves_caption);
  figure.data.columns = {{matter.say(Text::figure)},
                         numeric(matter.say(Text::at_low)),
                         numeric(matter.say(Text::at_high)),
                         {matter.say(Text::source)}};
  const auto factor = [](double value) { return Cell{value, fmt::format("{:+.1f} %", (value - 1) * 100)}; };
  std::vector<Swing> list;
  for (const auto& swing : scenario::cost_swings(matter.scenario, answer)) {
    if (list.size() == swings_shown) break;
    const std::string what = matter.say.fixed_words(swing.figure);
    list.push_back({what, swing.at_low, swing.at_high});
    figure.data.add({what, factor(swing.at_low), factor(swing.at_high), matter.say.quoted_words(swing.source)});
  }
  figure.svg =
      tornado({figure.title, figure.caption}, list, {matter.say(Text::at_low_end), matter.say(Text::at_high_end)});
  return figure;
}

}  // namespace chipmix::report
