#include "scenario/price_check.hpp"

#include <fmt/format.h>

namespace chipmix::scenario {

void check_price(const Currency& currency, double amount, const Scenario& scenario, const io::Value& value) {
  if (!(amount <= highest_price))
    value.error(fmt::format("a price of {:g} {} and more", highest_price, currency.code),
                "no price comes near the world's annual output");
  if (!scenario.rates.can_convert(currency, scenario.currency))
    value.error(fmt::format("a price in {} and an answer in {}, but no rate between them", currency.code,
                            scenario.currency.code),
                "add it to exchange_rates with its date");
}

}  // namespace chipmix::scenario
