#include "report/book/price_formulas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/price_keys.hpp"
#include "scenario/run_energy.hpp"

namespace chipmix::report::book {
namespace {

using economics::Ownership;
using scenario::Option;

/// The parts of a purchase: their account, and the key of their price.
struct Bought {
  const char* account;
  const char* price;
};
constexpr std::array<Bought, 4> parts_bought{{{"devices", "device price:"},
                                              {"servers", "server price:"},
                                              {"network", "network price:"},
                                              {"installation", "installation price:"}}};

/// From figures of one ownership to the figures between them and its bill. L, S and i as in economics/ownership.hpp.
class OwnedFormulas {
 public:
  OwnedFormulas(Names& names, std::string whose) : names_(names), whose_(std::move(whose)) {}

  std::string own(const char* figure) const { return names_.of(own_key(figure, whose_)); }
  std::string step(const char* kind) const { return names_.of(kind + whose_); }

  std::string device(const Ownership& o) const {
    std::string text = own("device");
    if (o.duty || o.freight)
      text += fmt::format("*(1{}{})", o.duty ? "+" + own("duty") : "", o.freight ? "+" + own("freight") : "");
    return o.tax ? text + "*(1+" + own("tax") + ")" : text;
  }
  std::string server() const { return "(" + own("server") + "-1)*" + step("device price:"); }
  std::string network() const {
    return fmt::format("({0}+{1})*{2}/(1-{2})", step("device price:"), step("server price:"), own("network"));
  }
  std::string before_installation() const {
    return fmt::format("{}+{}+{}", step("device price:"), step("server price:"), step("network price:"));
  }
  std::string installation(const Ownership& o) const {
    return o.installation ? own("installation") + "*(" + before_installation() + ")" : "0";
  }
  std::string recovery() const {
    return fmt::format("IF(ABS({0})<1E-12,(1-{1})/{2},({0}*(1+{0})^{2}-{1}*{0})/((1+{0})^{2}-1))", own("discount"),
                       own("residual"), own("life"));
  }
  std::string hours() const { return literal(economics::hours_per_year) + "*" + own("utilisation"); }

 private:
  Names& names_;
  std::string whose_;
};

}  // namespace

std::vector<std::string> owned_accounts(const Ownership& own) {
  std::vector<std::string> list;
  for (const Bought& part : parts_bought) list.emplace_back(part.account);
  if (own.maintenance) list.emplace_back("maintenance");
  if (own.colocation) list.emplace_back("colocation");
  if (own.demand) list.emplace_back("demand charge");
  if (own.staff) list.emplace_back("staff and software");
  return list;
}

std::string PriceFormulas::converted(const Currency& from, const Currency& to) const {
  if (from == to) return {};
  const auto& rates = scenario_.rates_read;
  const bool is_direct =
      std::any_of(rates.begin(), rates.end(), [&](auto& r) { return r.from == from.code && r.to == to.code; });
  return is_direct ? "*" + name(rate_key(from.code, to.code)) : "/" + name(rate_key(to.code, from.code));
}

std::string PriceFormulas::host_share(const hardware::NodeGroup& nodes) const {
  if (!nodes.node.host_power) return {};
  return "+" + name(host_power_key(nodes.node)) + "/" + std::to_string(nodes.node.devices);
}

/// A device draws limit x load while busy and limit x idle share else; server and network as economics/power.hpp.
std::string PriceFormulas::kilowatt_hours(const Option& option, std::size_t group, const scenario::Run& run) const {
  const hardware::NodeGroup& nodes = option.cluster->groups[group];
  const economics::PowerProfile& profile = option.power.at(group);
  const scenario::RunEnergy spent = scenario::energy_of(scenario_, option, run, static_cast<int>(group));
  const double each = spent.held.all() / (run.duration * run.used[group]);
  const double busy = spent.held.busy / spent.held.all(), idle = 1 - busy;
  const std::string load = scenario_.electricity->load ? name(load_key) : literal(spent.load);
  const double around = (spent.busy.it - spent.busy.device * (1 + profile.host_slope.value)).value();
  return fmt::format("{}*({}*({}*{}+{})*{}+{})/1000*{}", literal(each), name(power_key(nodes.device)), load,
                     literal(busy), literal(idle * profile.idle.value), literal(1 + profile.host_slope.value),
                     literal(around), name(pue_key));
}

std::string PriceFormulas::kilowatts(const Option& option, std::size_t group) const {
  const hardware::NodeGroup& nodes = option.cluster->groups[group];
  return fmt::format("({}{})/1000{}", name(power_key(nodes.device)), host_share(nodes),
                     scenario_.electricity ? "*" + name(pue_key) : "");
}

std::string PriceFormulas::bought(const std::string& account, const Option& option, std::size_t group) const {
  if (!option.owned[group]) return {};
  for (const Bought& part : parts_bought)
    if (account == part.account) return name(part.price + holder(option, group));
  return {};
}

std::string PriceFormulas::unit_price(const std::string& account, const Option& option, std::size_t group) const {
  const std::string whose = holder(option, group);
  if (account == "electricity") return name(tariff_key(scenario_, option, group));
  const auto& own = option.owned[group];
  if (!own)
    return option.commitment ? fmt::format("{}*(1-{})", name(rent_key(whose)), name(commitment_key(whose)))
                             : name(rent_key(whose));
  const auto hourly = [&](const std::string& yearly) { return yearly + "/" + name("hours in use:" + whose); };
  if (const std::string price = bought(account, option, group); !price.empty())
    return hourly(price + "*" + name("recovery:" + whose));
  const auto figure = [&](const char* key) { return name(own_key(key, whose)); };
  const auto of_kilowatts = [&](const char* key, const Sourced<Money>& money) {
    return fmt::format("{}*{}*{}{}", literal(economics::months_per_year), name("kilowatts:" + whose), figure(key),
                       converted(money.value.currency, own->device.value.currency));
  };
  if (account == "maintenance") return hourly(figure("maintenance") + "*" + name("cluster price:" + whose));
  if (account == "colocation") return hourly(of_kilowatts("colocation", *own->colocation));
  if (account == "demand charge") return hourly(of_kilowatts("demand", *own->demand));
  if (account == "staff and software")
    return hourly(figure("staff") + converted(own->staff->value.currency, own->device.value.currency));
  return name("hour:" + whose);
}

std::vector<Derived> PriceFormulas::derived(const Option& option, std::size_t group) const {
  const Ownership& own = *option.owned[group];
  const std::string whose = holder(option, group), currency = own.device.value.currency.code;
  const OwnedFormulas formula(names_, whose);
  const double kilowatt = economics::provisioned(option.cluster->groups[group], scenario_.electricity);
  const std::vector<economics::OwnedPart> list = economics::parts(own, kilowatt, scenario_.rates);
  const auto price = [&](const std::string& account) {
    const auto found = std::find_if(list.begin(), list.end(), [&](auto& part) { return part.account == account; });
    return found == list.end() ? 0.0 : found->price;
  };
  std::vector<Derived> rows;
  const auto add = [&](const char* kind, const char* what, const std::string& text, double value, const char* law,
                       const std::string& unit) {
    rows.push_back({kind + whose, what, whose, {text, value}, unit, law});
  };
  const double device = price("devices"), server = price("servers"), network = price("network"),
               installation = price("installation");
  add("device price:", "device, landed", formula.device(own), device, "price x (1 + duty + freight) x (1 + tax)",
      currency);
  add("server price:", "its part of the server", formula.server(), server, "(server factor - 1) x device", currency);
  add("network price:", "its part of the network", formula.network(), network,
      "(device + server) x share / (1 - share)", currency);
  add("installation price:", "installation, storage, reserve", formula.installation(own), installation,
      "share x (device + server + network)", currency);
  add("cluster price:", "all that is bought with a device",
      formula.before_installation() + "+" + formula.step("installation price:"),
      device + server + network + installation, "sum of the four", currency);
  add("recovery:", "capital recovery, a year", formula.recovery(),
      economics::capital_recovery(own.discount.value, own.life.value, own.residual.value),
      "(i (1 + i)^L - S i) / ((1 + i)^L - 1); i cost of money, L life, S worth at its end", "");
  add("hours in use:", "hours in use, a year", formula.hours(), economics::hours_per_year * own.utilisation.value,
      "8766 hours x share in use", "h");
  if (own.colocation || own.demand)
    add("kilowatts:", "power to provide", kilowatts(option, group), kilowatt, "power limit and host's share, x PUE",
        "kW");
  std::string sum;
  for (const std::string& account : owned_accounts(own))
    sum += (sum.empty() ? "" : "+") + unit_price(account, option, group);
  const Rent hour = economics::hourly(own, kilowatt, scenario_.rates);
  add("hour:", "an hour of a device", sum, (hour * Seconds{seconds_per_hour}).amount, "sum of its parts in the ledger",
      currency + "/h");
  return rows;
}

}  // namespace chipmix::report::book
