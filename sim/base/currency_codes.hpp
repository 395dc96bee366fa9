// Currencies that prices are known in.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/spelling.hpp"

namespace chipmix {

/// Codes of ISO 4217 that devices are priced in: a misspelt one must not become a currency of its own.
inline constexpr std::array<std::string_view, 24> currency_codes{
    "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "ILS",
    "INR", "JPY", "KRW", "MYR", "NOK", "NZD", "PLN", "SAR", "SEK", "SGD", "TWD", "USD"};

inline bool is_currency_code(std::string_view code) {
  return std::find(currency_codes.begin(), currency_codes.end(), code) != currency_codes.end();
}

/// What to say of a code that is none of them.
inline std::string currency_hint(const std::string& code) {
  const std::vector<std::string> known(currency_codes.begin(), currency_codes.end());
  std::string all;
  for (const std::string& one : known) all += (all.empty() ? "" : ", ") + one;
  const auto near = nearest_spelling(code, known);
  return near ? "did you mean '" + *near + "'?" : "known are " + all;
}

}  // namespace chipmix
