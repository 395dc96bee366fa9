#include "base/money.hpp"

#include <optional>
#include <set>
#include <stdexcept>

namespace chipmix {

Money& Money::operator+=(const Money& other) {
  if (currency.code.empty()) currency = other.currency;
  if (currency != other.currency)
    throw std::logic_error("adding " + other.currency.code + " to " + currency.code + " without a rate");
  amount += other.amount;
  return *this;
}

void ExchangeRates::set(const Currency& from, const Currency& to, double rate) { rates_[{from.code, to.code}] = rate; }

namespace {

using Rates = std::map<std::pair<std::string, std::string>, double>;

/// A rate or the inverse of one.
std::optional<double> direct(const Rates& rates, const std::string& from, const std::string& to) {
  if (from == to) return 1;
  if (const auto given = rates.find({from, to}); given != rates.end()) return given->second;
  if (const auto inverse = rates.find({to, from}); inverse != rates.end()) return 1 / inverse->second;
  return std::nullopt;
}

/// The same, or over the first currency that both have a rate with.
std::optional<double> rate(const Rates& rates, const std::string& from, const std::string& to) {
  if (const auto one = direct(rates, from, to)) return one;
  std::set<std::string> others;
  for (const auto& [pair, value] : rates) others.insert({pair.first, pair.second});
  for (const std::string& other : others) {
    const auto first = direct(rates, from, other), second = direct(rates, other, to);
    if (first && second) return *first * *second;
  }
  return std::nullopt;
}

}  // namespace

bool ExchangeRates::can_convert(const Currency& from, const Currency& to) const {
  return rate(rates_, from.code, to.code).has_value();
}

Money ExchangeRates::convert(const Money& money, const Currency& to) const {
  if (money.currency == to) return money;
  if (const auto factor = rate(rates_, money.currency.code, to.code)) return {money.amount * *factor, to};
  throw std::logic_error("no exchange rate from " + money.currency.code + " to " + to.code);
}

}  // namespace chipmix
