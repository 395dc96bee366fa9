#include "report/own_remark.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

using scenario::Option;
using scenario::Scenario;

double hourly(const Scenario& scenario, const Option& option) {
  return scenario.rates.convert(option.rent()->value * Seconds{seconds_per_hour}, scenario.currency).amount;
}

/// Electricity of a busy device for an hour, where the option pays it apart.
double electricity(const Scenario& scenario, const Option& option) {
  const auto& tariff = option.tariffs.front();
  if (!tariff || !scenario.electricity) return 0;
  const economics::Usage hour{"", 1, Seconds{seconds_per_hour}};
  const Joules drawn =
      economics::energy(hour, option.cluster->groups.front(), option.power.front(), *scenario.electricity);
  return scenario.rates.convert(tariff->value * drawn, scenario.currency).amount;
}

/// Electricity of an idle device for an hour, where the option pays it apart.
double idle_electricity(const Scenario& scenario, const Option& option) {
  const auto& tariff = option.tariffs.front();
  if (!tariff || !scenario.electricity) return 0;
  const economics::PowerProfile& profile = option.power.front();
  const Watts drawn = economics::draw(profile.idle->value, option.cluster->groups.front(), profile)
                          .at(economics::Boundary::facility, scenario.electricity->pue.value);
  return scenario.rates.convert(tariff->value * (drawn * Seconds{seconds_per_hour}), scenario.currency).amount;
}

bool has_one_kind(const Option& option) {
  return option.cluster && option.cluster->groups.size() == 1 && option.rent();
}

}  // namespace

std::string own_remark(const Scenario& scenario) {
  std::string text;
  std::set<std::pair<std::string, std::string>> said;  // a device at one tie is told once, however many options say it
  for (const Option& owned : scenario.options) {
    if (!has_one_kind(owned) || !owned.owned.front()) continue;
    for (const Option& rented : scenario.options) {
      if (!has_one_kind(rented) || rented.owned.front()) continue;
      if (rented.cluster->groups.front().device.id != owned.cluster->groups.front().device.id) continue;
      const double used = owned.owned.front()->utilisation.value;
      const double saved = hourly(scenario, rented) + electricity(scenario, rented) - electricity(scenario, owned);
      if (saved <= 0) continue;  // its electricity alone costs more than all that renting does
      // used x own + (1 - u) x idle = u x saved at the use u that ties: idle hours draw electricity, too.
      const double idle = idle_electricity(scenario, owned);
      const double tie = (used * hourly(scenario, owned) + idle) / (saved + idle);
      if (!said.emplace(owned.cluster->groups.front().device.id, percent(tie)).second) continue;
      text += fmt::format("{}{} costs what {} does with {} of its hours in use ({} assumed)",
                          text.empty() ? "Own or rent: an hour of " : "; ", owned.name, rented.name, percent(tie),
                          percent(used));
    }
  }
  return text.empty() ? text : text + ".";
}

}  // namespace chipmix::report
