#include "base/money.hpp"

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

bool ExchangeRates::can_convert(const Currency& from, const Currency& to) const {
  return from == to || rates_.count({from.code, to.code}) || rates_.count({to.code, from.code});
}

Money ExchangeRates::convert(const Money& money, const Currency& to) const {
  if (money.currency == to) return money;
  if (auto direct = rates_.find({money.currency.code, to.code}); direct != rates_.end())
    return {money.amount * direct->second, to};
  if (auto inverse = rates_.find({to.code, money.currency.code}); inverse != rates_.end())
    return {money.amount / inverse->second, to};
  throw std::logic_error("no exchange rate from " + money.currency.code + " to " + to.code);
}

}  // namespace chipmix
