#include "scenario/quotes.hpp"

#include <algorithm>
#include <cmath>

#include "base/normal.hpp"
#include "economics/own_figures.hpp"

namespace chipmix::scenario {
namespace {

using economics::Electricity;
using economics::PriceFigure;
using economics::Quote;

const hardware::NodeGroup& group_of(const Option& option, int group) { return option.cluster->groups[group]; }

template <class Figure>
void add_price(Quote& quote, std::string cause, std::string what, const Figure& figure) {
  if (!figure.range) return;
  const double central = figure.value.per_base_unit;
  quote.figures.push_back({std::move(cause), std::move(what), figure.range->low.per_base_unit / central,
                           figure.range->high.per_base_unit / central, figure.source});
}

/// Load and PUE, by what they do to something that electricity is counted in.
template <class Measure>
std::vector<PriceFigure> power_figures(const Electricity& electricity, Measure measure) {
  std::vector<PriceFigure> list;
  const double central = measure(electricity);
  const auto add = [&](const char* name, const Sourced<double>& figure, double& (*value_of)(Electricity&)) {
    if (!figure.range || central <= 0) return;
    Electricity moved = electricity;
    value_of(moved) = figure.range->low;
    const double low = measure(moved) / central;
    value_of(moved) = figure.range->high;
    list.push_back({std::string("electricity ") + name, std::string(name) + " of electricity", low,
                    measure(moved) / central, figure.source});
  };
  if (electricity.load) add("load", *electricity.load, [](Electricity& moved) -> double& { return moved.load->value; });
  add("PUE", electricity.pue, [](Electricity& moved) -> double& { return moved.pue.value; });
  return list;
}

std::vector<PriceFigure> metered_figures(const Electricity& electricity, const hardware::NodeGroup& group,
                                         const economics::PowerProfile& profile) {
  return power_figures(electricity,
                       [&](const Electricity& moved) { return economics::kilowatts(group, profile, moved).metered; });
}

}  // namespace

Quote rent_quote(const Option& option, int group) {
  const hardware::DeviceSpec& device = group_of(option, group).device;
  const Sourced<Rent>& rent = option.list_rent ? *option.list_rent : *option.rents[group];
  Quote quote{"rent of " + device.id + ": " + rent.source, rent.grade, {}};
  add_price(quote, quote.id, "rent of " + device.name, rent);
  if (option.commitment && option.commitment->discount.range) {
    const auto& discount = option.commitment->discount;
    const double paid = 1 - discount.value;
    if (paid > 0)
      quote.figures.push_back({"discount of a commitment: " + discount.source, "discount of the commitment",
                               (1 - discount.range->low) / paid, (1 - discount.range->high) / paid, discount.source});
  }
  return quote;
}

Quote own_quote(const Scenario& scenario, const Option& option, int group) {
  const hardware::NodeGroup& nodes = group_of(option, group);
  const economics::Ownership& own = *option.owned[group];
  const economics::Kilowatts power = economics::kilowatts(nodes, option.power.at(group), scenario.electricity);
  Quote quote{"own " + nodes.device.id + ": " + own.device.source, own.device.grade, {}};
  for (economics::OwnedSwing& swing : economics::swings(own, power, scenario.rates)) {
    const bool is_own = swing.shared == economics::Shared::device;
    quote.figures.push_back({"own " + swing.figure + (is_own ? " of " + nodes.device.id + ": " + swing.source : ""),
                             swing.figure + " of " + nodes.device.name, swing.at_low, swing.at_high,
                             std::move(swing.source)});
  }
  if (!own.demand || !scenario.electricity) return quote;
  const double all = economics::hourly(own, power, scenario.rates).per_base_unit;
  for (PriceFigure& figure : metered_figures(*scenario.electricity, nodes, option.power.at(group))) {
    for (double* end : {&figure.at_low, &figure.at_high})
      *end = economics::hourly(own, {power.it, power.metered * *end}, scenario.rates).per_base_unit / all;
    quote.figures.push_back(std::move(figure));
  }
  return quote;
}

Quote energy_quote(const Scenario& scenario, const Option& option, int group) {
  const Sourced<Tariff>& tariff = *option.tariffs[group];
  const hardware::NodeGroup& nodes = group_of(option, group);
  Quote quote{"tariff: " + tariff.source, tariff.grade, {}};
  add_price(quote, quote.id, "tariff", tariff);
  const economics::Usage hour{nodes.device.name, 1, Seconds{seconds_per_hour}};
  for (PriceFigure& figure : power_figures(*scenario.electricity, [&](const Electricity& moved) {
         return economics::energy(hour, nodes, option.power.at(group), moved).value();
       }))
    quote.figures.push_back(std::move(figure));
  return quote;
}

std::shared_ptr<const uncertainty::Law> own_law(const Scenario& scenario, const Option& option, int group,
                                                const Quote& quote) {
  auto law = std::make_shared<uncertainty::Law>();
  law->id = option.name + "/" + std::to_string(group) + " " + quote.id;
  for (const PriceFigure& figure : quote.figures) law->causes.push_back(figure.cause);
  const economics::Ownership& own = *option.owned[group];
  const hardware::NodeGroup& nodes = group_of(option, group);
  const economics::Kilowatts power = economics::kilowatts(nodes, option.power.at(group), scenario.electricity);
  const std::size_t figures = economics::swings(own, power, scenario.rates).size();
  const bool is_metered = own.demand && scenario.electricity;
  const auto metered =
      is_metered ? metered_figures(*scenario.electricity, nodes, option.power.at(group)) : std::vector<PriceFigure>{};
  law->value = [own, power, figures, metered, rates = scenario.rates](std::span<const double> z) {
    double factor = 1;
    for (std::size_t i = 0; i < metered.size(); ++i) {
      const double one = z[figures + i];
      factor *= std::pow(one > 0 ? metered[i].at_high : metered[i].at_low, std::abs(one) / z90);
    }
    return economics::drawn_hourly(own, power, rates, z.first(figures), factor);
  };
  return law;
}

}  // namespace chipmix::scenario
