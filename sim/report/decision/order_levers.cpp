#include <algorithm>

#include "report/assumptions.hpp"
#include "report/chart/design.hpp"
#include "report/decision/front.hpp"
#include "report/decision/order_terms.hpp"
#include "report/decision/what_if.hpp"

namespace chipmix::report {
namespace {

std::string per_hour(const Currency& currency) { return currency.code + "/h"; }

/// Prices and rents of one supply.
void add_supply(const Matter& matter, std::size_t k, std::vector<Lever>& list) {
  const scenario::Supply& supply = matter.scenario.procurement->supplies[k];
  const int option = supply.option;
  const std::string of_option = option_path(matter.scenario, matter.scenario.options[option]);
  const std::string of_supply = "procurement.supplies." + std::to_string(k);
  if (supply.own) {
    const Money& price = supply.own->device.value;
    list.push_back(
        {"buy:" + std::to_string(k),
         LeverKind::price,
         matter.say(Text::price_of, {matter.kind(k)}),
         price.amount,
         price.currency.code,
         (supply.spec.buy && supply.spec.buy->own ? of_supply + ".buy" : of_option) + ".own.device.value",
         {option},
         [k](Scenario& s, double factor) { s.procurement->supplies[k].own->device.value.amount *= factor; }});
  }
  if (supply.lease) {
    const Rent& rent = supply.lease->value;
    list.push_back(
        {"rent:" + std::to_string(k),
         LeverKind::price,
         matter.say(Text::rent_of, {matter.kind(k)}),
         rent.per_base_unit * seconds_per_hour,
         per_hour(rent.currency),
         supply.spec.rent && supply.spec.rent->price ? of_supply + ".rent.price.value" : of_option + ".rent.value",
         {option},
         [k](Scenario& s, double factor) { s.procurement->supplies[k].lease->value.per_base_unit *= factor; }});
  }
}

}  // namespace

std::vector<Lever> order_levers(const Matter& matter) {
  std::vector<Lever> list;
  for (std::size_t k = 0; k < matter.scenario.procurement->supplies.size(); ++k) add_supply(matter, k, list);
  for (Lever& one : levers(matter)) {
    if (one.kind == LeverKind::price) continue;
    const auto& supplies = matter.scenario.procurement->supplies;
    for (std::size_t k = 0; k < supplies.size(); ++k)  // said of a kind, as prices are
      if (one.options == std::vector<int>{supplies[k].option})
        one.label = matter.say(Text::power_price_of, {matter.kind(k)});
    list.push_back(std::move(one));
  }
  return list;
}

std::string order_what_if(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  if (!result.decision) return {};
  const std::vector<Lever> all = order_levers(matter);
  Scenario moved = matter.scenario;
  std::vector<PricedOrder> orders;
  const auto put = [&](const std::string& name, const procurement::Decision& order, double cost) {
    const auto is_there = [&](const PricedOrder& one) { return std::abs(one.total - cost) <= 1e-9 * cost; };
    if (std::any_of(orders.begin(), orders.end(), is_there)) return;
    if (auto bill = order_terms(moved, result.problem, order, cost, all))
      orders.push_back({name, orders.empty() ? design::one : design::grey, cost, std::move(*bill)});
  };
  put(matter.say(Text::this_plan), *result.decision, result.decision->cost);
  if (orders.empty()) return {};
  for (const scenario::Way& way : result.ways)
    if (way.decision) put(matter.say.fixed_words(way.name), *way.decision, way.decision->cost);
  if (const auto& risk = matter.findings.risk)
    for (std::size_t i = 1; i < risk->orders.size(); ++i)
      if (risk->orders[i] && risk->cost[i][0])
        put(matter.say(Text::order_for, {risk->worlds[i]}), *risk->orders[i], *risk->cost[i][0]);
  std::stable_sort(orders.begin() + 1, orders.end(), [](auto& a, auto& b) { return a.total < b.total; });
  return orders_model(matter, all, orders);
}

}  // namespace chipmix::report
