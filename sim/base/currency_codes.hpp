// Currencies that prices are known in.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace chipmix {

/// Codes of ISO 4217 that devices are priced in: a misspelt one must not become a currency of its own.
inline constexpr std::array<std::string_view, 24> currency_codes{
    "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "ILS",
    "INR", "JPY", "KRW", "MYR", "NOK", "NZD", "PLN", "SAR", "SEK", "SGD", "TWD", "USD"};

inline bool is_currency_code(std::string_view code) {
  return std::find(currency_codes.begin(), currency_codes.end(), code) != currency_codes.end();
}

}  // namespace chipmix
