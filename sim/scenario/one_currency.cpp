#include "scenario/one_currency.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/currency_codes.hpp"
#include "base/spelling.hpp"

namespace chipmix::scenario {
namespace {

double& amount(Money& money) { return money.amount; }
template <class Unit>
double& amount(Price<Unit>& price) {
  return price.per_base_unit;
}

/// Whether the end of a range could be converted.
template <class T>
bool convert(T& end, const Currency& to, const io::Value& figure, const char* key, const ExchangeRates& rates) {
  if (end.currency == to) return true;
  if (!rates.can_convert(end.currency, to)) {
    const auto value = figure.find(key);
    (value ? *value : figure)
        .error(fmt::format("an end of the range in {} and a price in {}, but no rate between them", end.currency.code,
                           to.code),
               "add it to \"exchange_rates\", with its date");
    return false;
  }
  amount(end) = rates.convert({amount(end), end.currency}, to).amount;
  end.currency = to;
  return true;
}

}  // namespace

void in_one_currency(ScenarioSpec& spec, const io::Value& root, const ExchangeRates& rates) {
  for_each_price(spec, root, [&](auto& figure, const io::Value& value) {
    if (!figure.range) return;
    auto& [low, high] = *figure.range;
    const Currency& own = figure.value.currency;
    if (low.currency == own && high.currency == own) return;  // compared when they were read
    const bool is_low = convert(low, own, value, "low", rates), is_high = convert(high, own, value, "high", rates);
    if (is_low && is_high && !(amount(low) <= amount(figure.value) && amount(figure.value) <= amount(high)))
      value.error(
          fmt::format("the interval must hold the figure: low <= value <= high, but in {} they are in the ratio "
                      "{:.4g} : 1 : {:.4g}",
                      own.code, amount(low) / amount(figure.value), amount(high) / amount(figure.value)));
  });
}

void check_currency(const ScenarioSpec& spec, const io::Value& root, const ExchangeRates& rates) {
  const std::string& code = spec.currency;
  const bool is_used = std::any_of(spec.options.begin(), spec.options.end(), [&](const OptionSpec& option) {
    return (option.rent && option.rent->value.currency.code == code) ||
           (option.own && option.own->device.value.currency.code == code);
  });
  if (is_currency_code(code) || is_used || rates.can_convert({code}, {"USD"})) return;
  const auto near = nearest_spelling(code, std::vector<std::string>(currency_codes.begin(), currency_codes.end()));
  root.find("currency")
      ->error(fmt::format("no price and no exchange rate is known in '{}'", code),
              near ? fmt::format("did you mean '{}'?", *near) : "state prices in it, or a rate in \"exchange_rates\"");
}

}  // namespace chipmix::scenario
