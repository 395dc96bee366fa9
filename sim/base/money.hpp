// Money keeps its currency; a price is money per quantity. Conversion is never implicit.
#pragma once

#include <map>
#include <string>

#include "base/quantity.hpp"

namespace chipmix {

/// ISO 4217 code, for example "CNY".
struct Currency {
  std::string code;
  friend auto operator<=>(const Currency&, const Currency&) = default;
};

/// An amount in one currency. Adding two currencies is a programming error (std::logic_error).
struct Money {
  double amount = 0;
  Currency currency;

  /// The first amount that is added to nothing in no currency gives it its own.
  Money& operator+=(const Money& other);
  friend Money operator+(Money a, const Money& b) { return a += b; }
  friend Money operator*(Money a, double factor) {
    a.amount *= factor;
    return a;
  }
};

/// Money per base unit of a quantity: Price<Seconds> is rent, Price<Joules> a tariff.
template <class Unit>
struct Price {
  double per_base_unit = 0;
  Currency currency;

  friend Money operator*(const Price& price, Unit quantity) {
    return {price.per_base_unit * quantity.value(), price.currency};
  }
};

using Rent = Price<Seconds>;   ///< per device and second
using Tariff = Price<Joules>;  ///< per joule of electricity

/// Exchange rates of one date: how many units of `to` buy one unit of `from`.
class ExchangeRates {
 public:
  void set(const Currency& from, const Currency& to, double rate);
  bool can_convert(const Currency& from, const Currency& to) const;
  /// Uses the rate, its inverse, 1 for the same currency, or the rates over the first currency that both have one with.
  /// Throws std::logic_error when none is known.
  Money convert(const Money& money, const Currency& to) const;

 private:
  std::map<std::pair<std::string, std::string>, double> rates_;
};

}  // namespace chipmix
