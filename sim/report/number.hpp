// Numbers as people read them: few digits, grouped thousands, a unit that fits the size. Machines get the full double
// elsewhere (CSV, JSON).
//
// All functions round to nearest, write "n/a" for NaN and "inf" for infinity, and choose the unit after rounding:
// 999,999 is "1 M", not "1,000 k".
#pragma once

#include <string>

#include "base/money.hpp"
#include "base/quantity.hpp"

namespace chipmix::report {

/// Rounded to `digits` significant digits, trailing zeros dropped, thousands grouped: 12345.6 -> "12,300",
/// 0.0123456 -> "0.0123". Below 1e-4 and from 1e15: "1.23e-05".
std::string significant(double number, int digits = 3);

/// Rounded to whole numbers and grouped: 6350000 -> "6,350,000".
std::string grouped(double number);

/// With `places` decimals (a tie rounds away from zero) and grouped: fixed(1234.5, 2) -> "1,234.50".
std::string fixed(double number, int places);

/// A count or rate with an SI prefix: 1.2e6 -> "1.2 M", scaled(1.2e6, "tokens/s") -> "1.2 Mtokens/s". Numbers below
/// 1 have none.
std::string scaled(double number, const std::string& unit = "");

/// "61.2 d", "3.4 h", "12 min", "1.23 s", "45.6 ms", "7.1 µs", "20 ns".
std::string duration(Seconds time);

/// As duration, but never in minutes, hours or days: steps are compared in seconds. "79.4 s", "1,230 s", "45.6 ms".
std::string seconds(Seconds time);

/// A share of one: 0.3812 -> "38.1 %".
std::string percent(double share);

/// To three significant digits with their zeros, as every amount of money of a page: 6.4 -> "6.40", 297.3 -> "297",
/// 0.8851 -> "0.885". From 1,000 on, whole and grouped.
std::string three_digits(double number);

/// 6.35e6 CNY -> "6.35 M CNY", 1.2e9 -> "1.20 bn CNY"; below 10,000 with two decimals: "27.50 CNY".
std::string money(const Money& amount);

/// To the unit, for ledgers: "6,350,000 CNY".
std::string money_exact(const Money& amount);

/// Binary prefixes: "79.6 GiB".
std::string bytes(Bytes size);

/// Electricity: "1.23 GWh", "450 kWh".
std::string energy(Joules energy);

}  // namespace chipmix::report
