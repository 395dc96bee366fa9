// Ranges of prices, each in the currency of its figure.
#pragma once

#include "scenario/spec.hpp"

namespace chipmix::scenario {

/// Converts the ends of every price's range to the currency of the price. A fault of those between whose currencies no
/// rate is known, and of those that do not hold their price then.
void in_one_currency(ScenarioSpec& spec, const io::Value& root, const ExchangeRates& rates);

/// A fault of a scenario's currency that nobody trades and that none of its own prices and rates is in.
void check_currency(const ScenarioSpec& spec, const io::Value& root, const ExchangeRates& rates);

/// Calls visit(figure, value) for every price of the scenario that may have a range; `value` is where it stands.
template <class Visit>
void for_each_price(ScenarioSpec& spec, const io::Value& root, Visit visit) {
  const auto member = [](const io::Value& value, const char* key) {
    const auto found = value.is_object() ? value.find(key) : std::nullopt;
    return found ? *found : value;
  };
  const auto priced = [&](auto& one, const io::Value& value) {
    if (one.rent) visit(*one.rent, member(value, "rent"));
    if (one.tariff) visit(*one.tariff, member(value, "tariff"));
    if (!one.own) return;
    const io::Value own = member(value, "own");
    visit(one.own->device, member(own, "device"));
    if (one.own->colocation) visit(*one.own->colocation, member(own, "colocation"));
    if (one.own->demand) visit(*one.own->demand, member(own, "demand"));
    if (one.own->staff) visit(*one.own->staff, member(own, "staff"));
  };
  if (spec.electricity && spec.electricity->tariff)
    visit(*spec.electricity->tariff, member(member(root, "electricity"), "tariff"));
  const auto options = member(root, "options");
  for (std::size_t i = 0; i < spec.options.size(); ++i) {
    const io::Value value = options.as_list().at(i);
    priced(spec.options[i], value);
    if (!spec.options[i].mix) continue;
    const io::Value islands = member(member(value, "mix"), "islands");
    for (std::size_t k = 0; k < spec.options[i].mix->islands.size(); ++k)
      priced(spec.options[i].mix->islands[k], islands.as_list().at(k));
  }
  if (!spec.procurement) return;
  const io::Value supplies = member(member(root, "procurement"), "supplies");
  for (std::size_t i = 0; i < spec.procurement->supplies.size(); ++i)
    if (auto& rent = spec.procurement->supplies[i].rent; rent && rent->price)
      visit(*rent->price, member(member(supplies.as_list().at(i), "rent"), "price"));
}

}  // namespace chipmix::scenario
