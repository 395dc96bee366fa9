#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/decision/front.hpp"
#include "report/number.hpp"
#include "report/quote_days.hpp"
#include "report/report_file.hpp"

namespace chipmix::report {
namespace {

using economics::Kind;
using economics::Row;

constexpr std::size_t orders_shown = 3;

/// What is rented or bought of one group of devices.
struct Order {
  std::string device;
  double devices = 0, hours = 0, cash = 0, amount = 0;
  Money price;  ///< of a device-hour that is rented
  bool is_bought = false;
};

std::vector<Order> orders(const Matter& matter, const OptionAnswer& best) {
  std::map<std::pair<int, int>, Order> list;
  for (const Row& row : best.bill.entries()) {
    const Kind kind = economics::facts(row.account).kind;
    if (kind == Kind::energy) continue;
    const scenario::Option& host = matter.scenario.options[row.holder.option];
    Order& order = list[{row.holder.option, row.holder.group}];
    order.device = host.cluster->groups[row.holder.group].device.name;
    order.devices = std::max(order.devices, row.devices);
    order.amount += row.amount.amount;
    order.is_bought = host.owned[row.holder.group].has_value();
    if (kind == Kind::rent) order.hours += row.quantity, order.price = row.unit_price;
    if (kind == Kind::capital) order.cash += row.cash.amount;
  }
  std::vector<Order> sorted;
  for (auto& [key, order] : list) sorted.push_back(std::move(order));
  std::stable_sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) { return a.amount > b.amount; });
  return sorted;
}

std::string order_words(const Matter& matter, const Order& order) {
  if (order.is_bought)
    return matter.say(Text::ask_buy, {grouped(order.devices), order.device, matter.money(order.cash)});
  return matter.say(Text::ask_rent,
                    {grouped(order.devices), order.device, grouped(order.hours), matter.say.money(order.price)});
}

/// Of each option on whose devices it runs.
std::vector<PriceAsked> prices_of(const Matter& matter, const OptionAnswer& best) {
  std::vector<PriceAsked> list;
  std::set<int> seen;
  for (const Row& row : best.bill.entries())
    if (seen.insert(row.holder.option).second) {
      const scenario::Option& host = matter.scenario.options[row.holder.option];
      list.push_back({host.label, host.valid_until});
    }
  return list;
}

}  // namespace

std::string quotes_hold(const Matter& matter, const std::vector<PriceAsked>& prices) {
  const Scenario& scenario = matter.scenario;
  const std::string today = report_day();
  std::vector<std::string> past, holding, silent;
  for (const PriceAsked& price : prices) {
    if (!price.until) {
      silent.push_back(price.of);
      continue;
    }
    (days_past(*price.until, today) > 0 ? past : holding).push_back(fmt::format("{} {}", price.of, *price.until));
  }
  std::string text;
  const auto add = [&](Text words, const std::vector<std::string>& list) {
    if (list.empty()) return;
    text += (text.empty() || matter.say.is_chinese() ? "" : " ") + matter.say(words, {matter.say.list(list)});
  };
  add(Text::quotes_past, past);
  add(Text::quotes_until, holding);
  if (silent.empty()) return text;
  if (!scenario.public_prices.empty()) {
    std::set<std::string> days;
    for (const auto& price : scenario.public_prices) days.insert(price.median.newest);
    return text + (text.empty() || matter.say.is_chinese() ? "" : " ") +
           matter.say(Text::quotes_public, {*days.rbegin()});
  }
  if (past.empty() && holding.empty()) return matter.say(Text::quotes_open);
  add(Text::quotes_silent, silent);
  return text;
}

std::vector<std::string> option_asked(const Matter& matter) {
  const OptionAnswer* best = matter.best();
  if (!best || !best->priced()) return {};
  std::vector<std::string> list;
  const auto all = orders(matter, *best);
  for (const Order& order : all)
    if (list.size() < orders_shown) list.push_back(order_words(matter, order));
  if (all.size() > orders_shown)
    list.push_back(matter.say(Text::ask_more, {std::to_string(all.size() - orders_shown)}));
  const double cost = total(*best), reserve = cost * (best->cost_p90 - 1);
  const double cash = best->bill.cash().amount;
  if (best->bill.purchases().amount > 0)
    list.push_back(matter.say(Text::ask_capacity, {matter.money(cash), matter.money(cost), matter.money(reserve)}));
  else
    list.push_back(reserve > 0 ? matter.say(Text::ask_money, {matter.money(cost), matter.money(reserve)})
                               : matter.say(Text::ask_money_alone, {matter.money(cost)}));
  list.push_back(quotes_hold(matter, prices_of(matter, *best)));
  return list;
}

}  // namespace chipmix::report
