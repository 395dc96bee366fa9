#include "report/assumed_remark.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chipmix::report {

void add_assumed(const workload::ModelSpec& model, std::vector<std::string>& remarks) {
  for (const std::string& assumed : model.assumed)
    remarks.push_back(fmt::format("Assumed for {}: {}.", model.name, assumed));
}

bool concerns(const scenario::Scenario& scenario, int only, int option) {
  if (only < 0 || option < 0 || only == option) return true;
  const auto& phases = scenario.options[only].phases;
  return std::any_of(phases.begin(), phases.end(), [&](const scenario::Phase& one) { return one.option == option; });
}

namespace {

/// Whether a page about an option has amounts in a currency.
bool uses_currency(const scenario::Scenario& scenario, int only, const std::string& code) {
  if (only < 0 || scenario.electricity) return true;
  for (std::size_t i = 0; i < scenario.options.size(); ++i) {
    if (!concerns(scenario, only, static_cast<int>(i))) continue;
    const scenario::Option& option = scenario.options[i];
    for (const auto& rent : option.rents)
      if (rent && rent->value.currency.code == code) return true;
    for (const auto& own : option.owned)
      if (own && own->device.value.currency.code == code) return true;
  }
  return scenario.budget && scenario.budget->currency.code == code;
}

}  // namespace

void add_public_prices(const scenario::Scenario& scenario, std::vector<std::string>& remarks, int only) {
  for (const scenario::Doubt& doubt : scenario.doubts)
    if (concerns(scenario, only, doubt.option)) remarks.push_back(doubt.text);
  for (const scenario::PublicPrice& price : scenario.public_prices) {
    if (!concerns(scenario, only, scenario.find(price.option))) continue;
    const scenario::Option& option = scenario.options[scenario.find(price.option)];
    const hardware::NodeGroup& group = option.cluster->groups[price.group];
    const bool is_rent = prices::is_rent(price.kind);
    remarks.push_back(fmt::format(
        "{} of {} in {}: {:.3g} {}{}, no price given: {}. Ages count from {}.", is_rent ? "Rent" : "Purchase price",
        group.device.name, option.mix ? option.label + "/" + group.name : option.label, price.median.value,
        price.median.currency.code, is_rent ? "/h" : "",
        (price.is_own ? "own files, " : "") + price.median.words(price.kind), scenario.price_date));
  }
  for (const scenario::RateSpec& rate : scenario.rates_read)
    if (rate.is_public && uses_currency(scenario, only, rate.from == scenario.currency.code ? rate.to : rate.from))
      remarks.push_back(fmt::format("No rate given for {} and {}: {} {} for 1 {} of {} ({}).", rate.from, rate.to,
                                    rate.rate, rate.to, rate.from, rate.date, rate.source));
}

}  // namespace chipmix::report
