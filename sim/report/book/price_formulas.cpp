#include "report/book/price_formulas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "report/price_keys.hpp"
#include "scenario/run_energy.hpp"

namespace chipmix::report::book {
namespace {

using economics::Account;
using economics::Ownership;
using scenario::Option;

/// The parts of a purchase: their account, the key of their price, and that of what can be sold again.
struct Bought {
  Account account;
  const char* price;
  const char* resale;
};
constexpr std::array<Bought, 4> parts_bought{{{Account::devices, "device price:", "device resale:"},
                                              {Account::servers, "server price:", "server price:"},
                                              {Account::network, "network price:", "network price:"},
                                              {Account::installation, "installation price:", nullptr}}};

/// From figures of one ownership to the figures between them and its bill. L, S and i as in economics/ownership.hpp.
class OwnedFormulas {
 public:
  OwnedFormulas(Names& names, std::string whose) : names_(names), whose_(std::move(whose)) {}

  std::string own(const char* figure) const { return names_.of(own_key(figure, whose_)); }
  std::string step(const char* kind) const { return names_.of(kind + whose_); }

  std::string resale(const Ownership& o) const {
    return own("device") + (o.freight ? "*(1+" + own("freight") + ")" : "") +
           (o.duty ? "*(1+" + own("duty") + ")" : "");
  }
  std::string device(const Ownership& o) const {
    return step("device resale:") + (o.tax ? "*(1+" + own("tax") + ")" : "");
  }
  std::string server() const { return "(" + own("server") + "-1)*" + own("device"); }
  std::string network() const {
    return fmt::format("({0}+{1})*{2}/(1-{2})", own("device"), step("server price:"), own("network"));
  }
  std::string installation(const Ownership& o) const {
    return o.installation ? fmt::format("{}*({}+{}+{})", own("installation"), own("device"), step("server price:"),
                                        step("network price:"))
                          : "0";
  }
  std::string all() const {
    return fmt::format("{}+{}+{}+{}", step("device price:"), step("server price:"), step("network price:"),
                       step("installation price:"));
  }
  std::string monthly() const { return fmt::format("IF(ABS({0})<1E-12,1,12*((1+{0})^(1/12)-1)/{0})", own("discount")); }
  std::string recovery() const {
    return fmt::format("{2}*IF(ABS({0})<1E-12,1/{1},{0}*(1+{0})^{1}/((1+{0})^{1}-1))", own("discount"), own("life"),
                       monthly());
  }
  std::string sinking() const {
    return fmt::format("{2}*IF(ABS({0})<1E-12,1/{1},{0}/((1+{0})^{1}-1))", own("discount"), own("life"), monthly());
  }
  std::string hours() const { return literal(economics::hours_per_year) + "*" + own("utilisation"); }

 private:
  Names& names_;
  std::string whose_;
};

}  // namespace

std::vector<Account> owned_accounts(const Ownership& own) {
  std::vector<Account> list;
  for (const Bought& part : parts_bought) list.push_back(part.account);
  if (own.maintenance) list.push_back(Account::maintenance);
  if (own.colocation) list.push_back(Account::colocation);
  if (own.demand) list.push_back(Account::demand_charge);
  if (own.staff) list.push_back(Account::staff);
  return list;
}

std::string PriceFormulas::converted(const Currency& from, const Currency& to) const {
  if (from == to) return {};
  const auto& rates = scenario_.rates_read;
  const auto direct = [&](const std::string& one, const std::string& other) -> std::string {
    const auto is_given = [&](const std::string& a, const std::string& b) {
      return std::any_of(rates.begin(), rates.end(), [&](auto& r) { return r.from == a && r.to == b; });
    };
    if (is_given(one, other)) return "*" + name(rate_key(one, other));
    return is_given(other, one) ? "/" + name(rate_key(other, one)) : "";
  };
  if (const std::string one = direct(from.code, to.code); !one.empty()) return one;
  std::set<std::string> others;  // as ExchangeRates goes over them
  for (const auto& rate : rates) others.insert({rate.from, rate.to});
  for (const std::string& other : others) {
    const auto is_known = [&](const std::string& code) {
      return std::any_of(rates.begin(), rates.end(), [&](auto& r) {
        return (r.from == code && r.to == other) || (r.from == other && r.to == code);
      });
    };
    if (is_known(from.code) && is_known(to.code)) return direct(from.code, other) + direct(other, to.code);
  }
  return {};
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
                     literal(busy), literal(idle * profile.idle->value), literal(1 + profile.host_slope.value),
                     literal(around), name(pue_key));
}

std::string PriceFormulas::equipment_kilowatts(const Option& option, std::size_t group) const {
  const hardware::NodeGroup& nodes = option.cluster->groups[group];
  return fmt::format("({}{})/1000", name(power_key(nodes.device)), host_share(nodes));
}

std::string PriceFormulas::metered_kilowatts(const Option& option, std::size_t group) const {
  if (!scenario_.electricity) return equipment_kilowatts(option, group);
  const hardware::NodeGroup& nodes = option.cluster->groups[group];
  const economics::PowerProfile& profile = option.power.at(group);
  const auto& given = scenario_.electricity->load;
  const double load = given ? given->value : economics::load(economics::usual_shares(), profile);
  const economics::Draw draw = economics::draw(load, nodes, profile);
  const double around = (draw.it - draw.device * (1 + profile.host_slope.value)).value();
  return fmt::format("({}*{}*{}+{})/1000*{}", name(power_key(nodes.device)), given ? name(load_key) : literal(load),
                     literal(1 + profile.host_slope.value), literal(around), name(pue_key));
}

std::string PriceFormulas::kilowatts(const Option& option, std::size_t group) const {
  const hardware::NodeGroup& nodes = option.cluster->groups[group];
  return fmt::format("({}{})/1000{}", name(power_key(nodes.device)), host_share(nodes),
                     scenario_.electricity ? "*" + name(pue_key) : "");
}

std::string PriceFormulas::bought(Account account, const Option& option, std::size_t group) const {
  if (!option.owned[group]) return {};
  const std::string whose = holder(option, group);
  if (account == Account::owned_spares) return name("cluster price:" + whose);
  for (const Bought& part : parts_bought)
    if (account == part.account) return name(part.price + whose);
  return {};
}

std::string PriceFormulas::capital(Account account, const std::string& whose) const {
  for (const Bought& part : parts_bought)
    if (account == part.account) {
      std::string yearly = name(part.price + whose) + "*" + name("recovery:" + whose);
      if (part.resale)
        yearly += fmt::format("-{}*{}*{}", name(part.resale + whose), name(own_key("residual", whose)),
                              name("sinking:" + whose));
      return "(" + yearly + ")/" + name("hours in use:" + whose);
    }
  return name("capital hour:" + whose);
}

std::string PriceFormulas::unit_price(Account account, const Option& option, std::size_t group) const {
  const std::string whose = holder(option, group);
  const economics::Kind kind = economics::facts(account).kind;
  if (kind == economics::Kind::energy) return name(tariff_key(scenario_, option, group));
  const auto& own = option.owned[group];
  if (!own)
    return option.commitment ? fmt::format("{}*(1-{})", name(rent_key(whose)), name(commitment_key(whose)))
                             : name(rent_key(whose));
  if (kind == economics::Kind::capital) return capital(account, whose);
  const auto hourly = [&](const std::string& yearly) { return yearly + "/" + name("hours in use:" + whose); };
  const auto figure = [&](const char* key) { return name(own_key(key, whose)); };
  const auto in_quoted = [&](const Sourced<Money>& money) {
    return converted(money.value.currency, own->device.value.currency);
  };
  const auto of_kilowatts = [&](const char* key, const char* kilowatts, const Sourced<Money>& money) {
    return hourly(fmt::format("{}*{}*{}{}", literal(economics::months_per_year), name(kilowatts + whose), figure(key),
                              in_quoted(money)));
  };
  if (account == Account::maintenance) return hourly(figure("maintenance") + "*" + name("cluster price:" + whose));
  if (account == Account::colocation) return of_kilowatts("colocation", "kilowatts:", *own->colocation);
  if (account == Account::demand_charge) return of_kilowatts("demand", "metered kilowatts:", *own->demand);
  if (account == Account::staff) return hourly(figure("staff") + in_quoted(*own->staff));
  return name("upkeep hour:" + whose);
}

std::vector<Derived> PriceFormulas::derived(const Option& option, std::size_t group) const {
  const Ownership& own = *option.owned[group];
  const std::string whose = holder(option, group), currency = own.device.value.currency.code;
  const OwnedFormulas formula(names_, whose);
  const economics::Kilowatts power =
      economics::kilowatts(option.cluster->groups[group], option.power.at(group), scenario_.electricity);
  const economics::Prices price = economics::prices(own);
  std::vector<Derived> rows;
  const auto add = [&](const char* kind, const char* what, const std::string& text, double value, const char* law,
                       const std::string& unit) {
    rows.push_back({kind + whose, what, whose, {text, value}, unit, law});
  };
  add("device resale:", "device, landed without tax", formula.resale(own), price.resale,
      "price x (1 + freight) x (1 + duty)", currency);
  add("device price:", "device, landed", formula.device(own), price.device, "the same x (1 + tax)", currency);
  add("server price:", "its part of the server", formula.server(), price.server, "(server factor - 1) x price",
      currency);
  add("network price:", "its part of the network", formula.network(), price.network,
      "(price + server) x share / (1 - share)", currency);
  add("installation price:", "installation, storage, reserve", formula.installation(own), price.installation,
      "share x (price + server + network)", currency);
  add("cluster price:", "all that is bought with a device", formula.all(), price.total(), "sum of the four", currency);
  const double discount = own.discount.value, monthly = economics::paid_monthly(discount);
  const double recovery = economics::capital_recovery(discount, own.life.value, 0);
  add("recovery:", "capital recovery, a year", formula.recovery(), monthly * recovery,
      "m i (1 + i)^L / ((1 + i)^L - 1); i cost of money, L life, m = 12 ((1 + i)^(1/12) - 1) / i, paid monthly", "");
  add("sinking:", "what a resale takes off it, a year", formula.sinking(), monthly * (recovery - discount),
      "m i / ((1 + i)^L - 1)", "");
  const double in_use = economics::hours_per_year * own.utilisation.value;
  add("hours in use:", "hours in use, a year", formula.hours(), in_use, "8766 hours x share in use", "h");
  if (own.colocation)
    add("kilowatts:", "power of the equipment", equipment_kilowatts(option, group), power.it,
        "power limit and host's share", "kW");
  if (own.demand)
    add("metered kilowatts:", "power as metered", metered_kilowatts(option, group), power.metered,
        "mean draw and host's share, x PUE", "kW");
  std::string capital, upkeep;
  for (const Account account : owned_accounts(own)) {
    std::string& sum = economics::facts(account).kind == economics::Kind::capital ? capital : upkeep;
    sum += (sum.empty() ? "" : "+") + unit_price(account, option, group);
  }
  const economics::Yearly year = economics::yearly(own, power, scenario_.rates);
  add("capital hour:", "an hour of a device, what is bought", capital, year.capital / in_use,
      "sum of its parts in the ledger", currency + "/h");
  add("upkeep hour:", "an hour of a device, what is paid as time goes on", upkeep.empty() ? "0" : upkeep,
      year.upkeep / in_use, "sum of its parts in the ledger", currency + "/h");
  return rows;
}

}  // namespace chipmix::report::book
