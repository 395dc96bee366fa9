#include "report/assumed_remark.hpp"

#include <fmt/format.h>

namespace chipmix::report {

void add_assumed(const workload::ModelSpec& model, std::vector<std::string>& remarks) {
  for (const std::string& assumed : model.assumed)
    remarks.push_back(fmt::format("Assumed of {}: {}.", model.name, assumed));
}

void add_public_prices(const scenario::Scenario& scenario, std::vector<std::string>& remarks) {
  for (const scenario::PublicPrice& price : scenario.public_prices) {
    const scenario::Option& option = scenario.options[scenario.find(price.option)];
    const hardware::NodeGroup& group = option.cluster->groups[price.group];
    remarks.push_back(fmt::format(
        "Rent of {} in {}: {:.3g} {}/h, no price given: {}. Ages count from {}.", group.device.name,
        option.mix ? option.label + "/" + group.name : option.label, price.median.value, price.median.currency.code,
        (price.is_own ? "own files, " : "") + price.median.words(prices::Kind::on_demand), scenario.price_date));
  }
  for (const scenario::RateSpec& rate : scenario.rates_read)
    if (rate.is_public)
      remarks.push_back(fmt::format("No rate given for {} and {}: {} {} for 1 {} of {} ({}).", rate.from, rate.to,
                                    rate.rate, rate.to, rate.from, rate.date, rate.source));
}

}  // namespace chipmix::report
