#include <fmt/format.h>

#include <algorithm>

#include "report/assumption_list.hpp"
#include "report/price_keys.hpp"

namespace chipmix::report {
namespace {

using scenario::Option;
using scenario::Scenario;

template <class T>
bool is_same(const Sourced<T>& a, const Sourced<T>& b) {
  return base_value(a.value) == base_value(b.value) && a.source == b.source && a.grade == b.grade;
}

/// Where an option, or an island of a mix, stands in the scenario file: by name if the name is a plain word.
std::string place_of_group(const Scenario& scenario, const Option& option, std::size_t group) {
  const bool is_plain = !option.name.empty() && std::all_of(option.name.begin(), option.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  const std::string step = is_plain ? option.name : std::to_string(scenario.find(option.name));
  return option.mix ? fmt::format("options.{}.mix.islands.{}", step, group) : "options." + step;
}

class Prices {
 public:
  explicit Prices(const Scenario& scenario) : scenario_(scenario) {}

  std::vector<Assumption> run() && {
    rates();
    electricity();
    for (const Option& option : scenario_.options)
      for (std::size_t group = 0; option.cluster && group < option.cluster->groups.size(); ++group) {
        if (option.owned[group])
          owned(option, group, *option.owned[group]);
        else
          rented(option, group);
        power(option, group);
      }
    return std::move(list_).rows();
  }

 private:
  /// The last of two for the same pair counts, as it does in the answer.
  void rates() {
    for (std::size_t i = 0; i < scenario_.rates_read.size(); ++i) {
      const auto& rate = scenario_.rates_read[i];
      const bool is_replaced = std::any_of(scenario_.rates_read.begin() + i + 1, scenario_.rates_read.end(),
                                           [&](auto& later) { return later.from == rate.from && later.to == rate.to; });
      if (is_replaced) continue;
      Assumption row{rate_key(rate.from, rate.to), "exchange rate, " + rate.date, {}, rate.rate};
      row.unit = rate.to + "/" + rate.from;
      row.grade = Evidence::datasheet;  // a published rate of its day
      row.source = rate.source;
      if (!rate.is_public) row.path = fmt::format("exchange_rates.{}.rate", i);
      list_.add(std::move(row));
    }
  }

  void electricity() {
    const auto& how = scenario_.electricity;
    if (!how) return;
    if (how->load)
      list_.add(assumption(load_key, "mean power over the limit", {}, *how->load, "electricity.load.value"));
    list_.add(assumption(pue_key, "PUE", {}, how->pue, "electricity.pue.value"));
    if (how->tariff) list_.add(assumption("tariff", "tariff", {}, *how->tariff, "electricity.tariff.value"));
    if (how->carbon)
      list_.add(assumption(carbon_key, "carbon of electricity", {}, *how->carbon, "electricity.carbon.value"));
  }

  void rented(const Option& option, std::size_t group) {
    const auto& rent = option.list_rent ? option.list_rent : option.rents[group];
    const std::string whose = holder(option, group), at = place_of_group(scenario_, option, group);
    const bool is_public =
        std::any_of(scenario_.public_prices.begin(), scenario_.public_prices.end(),
                    [&](auto& price) { return price.option == option.name && price.group == group; });
    if (rent)
      list_.add(
          assumption(rent_key(whose), "rent of a device", whose, *rent, at + (is_public ? ".rent" : ".rent.value")));
    if (!option.commitment) return;
    list_.add(assumption(commitment_key(whose), "discount of the commitment", whose, option.commitment->discount,
                         at + ".commitment.discount.value"));
  }

  void owned(const Option& option, std::size_t group, const economics::Ownership& own) {
    const std::string whose = holder(option, group), at = place_of_group(scenario_, option, group) + ".own.";
    const auto add = [&](const char* key, const char* what, const auto& figure, const char* per = "") {
      Assumption row = assumption(own_key(key, whose), what, whose, figure, at + key + ".value");
      row.unit += per;
      list_.add(std::move(row));
    };
    const auto if_given = [&](const char* key, const char* what, const auto& figure, const char* per = "") {
      if (figure) add(key, what, *figure, per);
    };
    add("device", "price of a device", own.device);
    if_given("duty", "duty, of the price", own.duty);
    if_given("freight", "freight, of the price", own.freight);
    if_given("tax", "tax, of the landed price", own.tax);
    add("server", "servers and devices over devices", own.server);
    add("network", "network, of the cluster's price", own.network);
    if_given("installation", "installation, of the cluster's price", own.installation);
    add("life", "life", own.life, "years");
    add("residual", "worth at its end, of the price", own.residual);
    add("discount", "cost of money, a year", own.discount);
    add("utilisation", "hours in use, of all", own.utilisation);
    if_given("maintenance", "maintenance a year, of the price", own.maintenance);
    if_given("colocation", "colocation", own.colocation, "/kW month");
    if_given("demand", "demand charge", own.demand, "/kW month");
    if_given("staff", "staff and software", own.staff, "/device year");
  }

  /// Of use where electricity is paid, or kilowatts are.
  void power(const Option& option, std::size_t group) {
    const hardware::NodeGroup& nodes = option.cluster->groups[group];
    const auto& own = option.owned[group];
    if (!scenario_.electricity && !(own && (own->colocation || own->demand))) return;
    list_.add(assumption(power_key(nodes.device), "power limit of a device", nodes.device.name, nodes.device.power));
    if (nodes.node.host_power)
      list_.add(assumption(host_power_key(nodes.node), "power of a server without its devices", nodes.node.name,
                           *nodes.node.host_power));
    const auto& tariff = option.tariffs[group];
    if (!tariff || has_common_tariff(scenario_, option, group)) return;
    list_.add(assumption(tariff_key(scenario_, option, group), "tariff", holder(option, group), *tariff,
                         place_of_group(scenario_, option, group) + ".tariff.value"));
  }

  const Scenario& scenario_;
  AssumptionList list_;
};

}  // namespace

std::string holder(const Option& option, std::size_t group) {
  return option.mix ? option.name + "/" + option.cluster->groups[group].name : option.name;
}

bool has_common_tariff(const Scenario& scenario, const Option& option, std::size_t group) {
  const auto& tariff = option.tariffs[group];
  return tariff && scenario.electricity && scenario.electricity->tariff &&
         is_same(*tariff, *scenario.electricity->tariff);
}

std::string tariff_key(const Scenario& scenario, const Option& option, std::size_t group) {
  return has_common_tariff(scenario, option, group) ? "tariff" : "tariff:" + holder(option, group);
}

std::vector<Assumption> price_assumptions(const Scenario& scenario) { return Prices(scenario).run(); }

}  // namespace chipmix::report
