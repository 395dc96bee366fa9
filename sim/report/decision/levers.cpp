#include "report/decision/levers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/assumptions.hpp"
#include "report/price_keys.hpp"

namespace chipmix::report {
namespace {

using scenario::Option;

class Collected {
 public:
  explicit Collected(const Matter& matter) : matter_(matter), scenario_(matter.scenario) {
    for (Assumption& one : price_assumptions(scenario_)) known_.emplace(one.key, std::move(one));
  }

  std::vector<Lever> run() && {
    for (std::size_t i = 0; i < scenario_.options.size(); ++i)
      if (scenario_.options[i].cluster) prices(static_cast<int>(i));
    rates();
    return std::move(list_);
  }

 private:
  void prices(int index) {
    const Option& option = scenario_.options[index];
    for (std::size_t group = 0; group < option.cluster->groups.size(); ++group) {
      const std::string whose = holder(option, group);
      if (option.owned[group])
        add(own_key("device", whose), LeverKind::price, matter_.say(Text::price_of, {option.label}), index,
            [index, group](Scenario& s, double factor) {
              s.options[index].owned[group]->device.value.amount *= factor;
            });
      else if (option.rents[group])
        add(rent_key(whose), LeverKind::price, matter_.say(Text::rent_of, {option.label}), index,
            [index, group](Scenario& s, double factor) {
              s.options[index].rents[group]->value.per_base_unit *= factor;
            });
      if (option.tariffs[group]) tariff(index, group);
    }
  }

  /// One that several options pay is one lever.
  void tariff(int index, std::size_t group) {
    const Option& option = scenario_.options[index];
    const bool is_common = has_common_tariff(scenario_, option, group);
    const std::string label =
        is_common ? matter_.say(Text::power_price) : matter_.say(Text::power_price_of, {option.label});
    add(tariff_key(scenario_, option, group), LeverKind::power, label, index,
        [index, group](Scenario& s, double factor) { s.options[index].tariffs[group]->value.per_base_unit *= factor; });
  }

  void rates() {
    for (const scenario::RateSpec& rate : scenario_.rates_read) {
      const Currency from{rate.from}, to{rate.to};
      add(rate_key(rate.from, rate.to), LeverKind::exchange, matter_.say(Text::exchange_rate, {rate.from, rate.to}), -1,
          [from, to](Scenario& s, double factor) {
            s.rates.set(from, to, s.rates.convert({factor, from}, to).amount);
          });
    }
  }

  void add(const std::string& id, LeverKind kind, std::string label, int option,
           std::function<void(Scenario&, double)> multiply) {
    const auto figure = known_.find(id);
    if (figure == known_.end()) return;
    const auto same = std::find_if(list_.begin(), list_.end(), [&](const Lever& one) { return one.id == id; });
    if (same == list_.end()) {
      Lever lever{id, kind, std::move(label), figure->second.value, figure->second.unit, figure->second.path};
      if (option >= 0) lever.options = {option};
      lever.multiply = std::move(multiply);
      list_.push_back(std::move(lever));
      return;
    }
    if (kind != LeverKind::power) return;
    if (same->options.back() != option) same->options.push_back(option);
    same->multiply = [one = same->multiply, other = std::move(multiply)](Scenario& s, double factor) {
      one(s, factor);
      other(s, factor);
    };
  }

  const Matter& matter_;
  const Scenario& scenario_;
  std::map<std::string, Assumption> known_;
  std::vector<Lever> list_;
};

}  // namespace

std::vector<Lever> levers(const Matter& matter) { return Collected(matter).run(); }

std::string option_path(const Scenario& scenario, const Option& option) {
  const bool is_plain = !option.name.empty() && std::all_of(option.name.begin(), option.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  return "options." + (is_plain ? option.name : std::to_string(scenario.find(option.name)));
}

}  // namespace chipmix::report
