// A price that is read: can it be, and can it be turned into the answer's currency?
#pragma once

#include "io/value.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

/// More than this is a slip, whatever it is the price of: the world's product of a year is 1.06e14 USD (World Bank,
/// 2023).
inline constexpr double highest_price = 1e15;

/// Reports at `value` a price without a rate to the scenario's currency, or beyond the highest.
void check_price(const Currency& currency, double amount, const Scenario& scenario, const io::Value& value);

inline void check_price(const Money& money, const Scenario& scenario, const io::Value& value) {
  check_price(money.currency, money.amount, scenario, value);
}
template <class Unit>
void check_price(const Price<Unit>& price, const Scenario& scenario, const io::Value& value) {
  check_price(price.currency, price.per_base_unit, scenario, value);
}
template <class T>
void check_price(const Sourced<T>& figure, const Scenario& scenario, const io::Value& value) {
  check_price(figure.range ? figure.range->high : figure.value, scenario, value);
}

}  // namespace chipmix::scenario
