#include "scenario/charge.hpp"

#include <algorithm>

#include "scenario/quotes.hpp"
#include "scenario/run_energy.hpp"

namespace chipmix::scenario {
namespace {

using economics::Account;
using economics::Holder;
using economics::Row;
using economics::Usage;

/// Billed time in which no step is made; nothing but rounding in an ideal run.
Seconds interrupted(const Run& run) {
  const Seconds rest = run.held() - run.steady - run.moving;
  return rest > run.duration * 1e-12 ? rest : Seconds{};
}

/// Charges one group of devices for one run.
class Charges {
 public:
  Charges(OptionAnswer& answer, const Scenario& scenario, const Option& option, const Run& run, int group)
      : answer_(answer),
        scenario_(scenario),
        option_(option),
        run_(run),
        nodes_(option.cluster->groups[group]),
        holder_{run.option, group, static_cast<int>(answer.runs.size())},
        devices_(run.used[group]) {}

  void run() {
    answer_.rented = answer_.rented && option_.rents[holder_.group].has_value();
    if (option_.owned[holder_.group])
      owned();
    else if (option_.rents[holder_.group])
      rented();
    if (scenario_.electricity) electricity();
  }

 private:
  Usage usage(double devices, Seconds duration, Account account = Account::rent) const {
    return {nodes_.device.name, devices, duration, account};
  }

  /// Gives the rows since `first` what they do not know of themselves.
  void mark(std::size_t first, const economics::Quote& quote) {
    auto& rows = answer_.bill.entries();
    for (std::size_t i = first; i < rows.size(); ++i) rows[i].holder = holder_, rows[i].quote = quote;
  }

  /// Devices while they train, while the job is interrupted, while it moves, and the spares beside them.
  void rented() {
    const std::size_t first = answer_.bill.entries().size();
    const auto charge = [&](Account account, double devices, Seconds duration) {
      if (devices > 0 && duration > Seconds{})
        economics::charge_rent(answer_.bill, usage(devices, duration, account), *option_.rents[holder_.group],
                               scenario_.rates, scenario_.currency);
    };
    charge(Account::rent, devices_, run_.steady);
    charge(Account::rent_interrupted, devices_, interrupted(run_));
    charge(Account::rent_moving, devices_, run_.moving);
    charge(Account::rent_of_spares, run_.spares * devices_, run_.held());
    mark(first, rent_quote(option_, holder_.group));
  }

  /// The same of owned devices. What is bought is paid once, whatever it does and in however many phases.
  void owned() {
    const std::size_t first = answer_.bill.entries().size();
    const economics::Ownership& own = *option_.owned[holder_.group];
    const economics::Kilowatts power =
        economics::kilowatts(nodes_, option_.power.at(holder_.group), scenario_.electricity);
    const double spares = run_.spares * devices_;
    economics::charge_own(answer_.bill, usage(devices_, run_.steady), own, power, scenario_.rates, scenario_.currency,
                          not_yet_bought(Account::devices, devices_));
    const auto held = [&](economics::HeldAccounts accounts, double devices, Seconds duration, double bought) {
      if (devices > 0 && duration > Seconds{})
        economics::charge_held(answer_.bill, usage(devices, duration), accounts, own, power, scenario_.rates,
                               scenario_.currency, bought);
    };
    held({Account::owned_interrupted, Account::upkeep_interrupted}, devices_, interrupted(run_), 0);
    held({Account::owned_moving, Account::upkeep_moving}, devices_, run_.moving, 0);
    held({Account::owned_spares, Account::upkeep_of_spares}, spares, run_.duration,
         not_yet_bought(Account::owned_spares, spares));
    mark(first, own_quote(scenario_, option_, holder_.group));
    if (own.embodied)
      answer_.carbon =
          answer_.carbon.value_or(Kilograms{}) + economics::embodied(own, usage(devices_ + spares, run_.duration));
  }

  double not_yet_bought(Account account, double needed) const {
    for (const Row& row : answer_.bill.entries())
      if (row.account == account && row.holder.has_same_devices(holder_)) needed -= row.bought;
    return std::max(0.0, needed);
  }

  void electricity() {
    const RunEnergy spent = energy_of(scenario_, option_, run_, holder_.group);
    answer_.energy = answer_.energy.value_or(Joules{}) + spent.facility;
    if (const auto& tariff = option_.tariffs[holder_.group]) {
      const std::size_t first = answer_.bill.entries().size();
      economics::charge_electricity(answer_.bill, spent.facility, *tariff, scenario_.rates, scenario_.currency,
                                    spent.why);
      answer_.bill.entries().back().devices = devices_;
      mark(first, energy_quote(scenario_, option_, holder_.group));
    }
    if (!scenario_.electricity->carbon) return;
    answer_.carbon = answer_.carbon.value_or(Kilograms{}) + scenario_.electricity->carbon->value * spent.facility;
    const auto& own = option_.owned[holder_.group];
    if (!own || !own->embodied)
      answer_.carbon = *answer_.carbon + economics::embodied(option_.power.at(holder_.group), spent.held.run);
  }

  OptionAnswer& answer_;
  const Scenario& scenario_;
  const Option& option_;
  const Run& run_;
  const hardware::NodeGroup& nodes_;
  const Holder holder_;
  const double devices_;
};

}  // namespace

void charge(OptionAnswer& answer, const Scenario& scenario, const Option& option, Run& run) {
  run.option = scenario.find(option.name);
  for (int group = 0; group < static_cast<int>(run.used.size()); ++group)
    if (run.used[group] > 0) Charges(answer, scenario, option, run, group).run();
}

void charge_terms(OptionAnswer& answer, const Scenario& scenario) {
  for (std::size_t i = 0; i < answer.runs.size(); ++i) {
    const Run& last = answer.runs[i];
    const Option& option = scenario.options[last.option];
    const bool is_last = std::none_of(answer.runs.begin() + static_cast<std::ptrdiff_t>(i) + 1, answer.runs.end(),
                                      [&](const Run& later) { return later.option == last.option; });
    if (!option.commitment || !is_last) continue;
    Seconds held;
    for (const Run& run : answer.runs)
      if (run.option == last.option) held += run.held();
    const Seconds term = option.commitment->term;
    const double devices = (1 + last.spares) * last.used.front();
    economics::charge_rent(answer.bill,
                           {option.cluster->groups.front().device.name, devices, std::max(Seconds{}, term - held),
                            Account::unused_commitment},
                           *option.rents.front(), scenario.rates, scenario.currency);
    Row& row = answer.bill.entries().back();
    row.basis = economics::Basis::term;
    row.term = term;
    row.holder = {last.option, 0, static_cast<int>(i)};
    row.quote = rent_quote(option, 0);
  }
}

}  // namespace chipmix::scenario
