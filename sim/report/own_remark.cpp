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
      const double tie = used * hourly(scenario, owned) / hourly(scenario, rented);
      if (!said.emplace(owned.cluster->groups.front().device.id, percent(tie)).second) continue;
      text += fmt::format("{}{} costs what {} does with {} of its hours in use ({} assumed)",
                          text.empty() ? "Own or rent: an hour of " : "; ", owned.name, rented.name, percent(tie),
                          percent(used));
    }
  }
  return text.empty() ? text : text + ".";
}

}  // namespace chipmix::report
