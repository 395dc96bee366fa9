// From a step time to money, energy and carbon of a whole run.
#pragma once

#include <optional>
#include <string>

#include "base/money.hpp"
#include "base/sourced.hpp"
#include "economics/bill.hpp"
#include "economics/power.hpp"
#include "hardware/cluster.hpp"

namespace chipmix::economics {

/// How electricity is used and paid. `tariff` absent: electricity is in the rent, and only counted in kWh.
struct Electricity {
  std::optional<Sourced<double>> load;  ///< mean draw of a busy device over its limit; absent: by its step (power.hpp)
  Sourced<double> pue;                  ///< facility power over IT power
  std::optional<Sourced<Tariff>> tariff;
  std::optional<Sourced<KilogramsPerJoule>> carbon;
};

/// A promise to rent for at least so long, and what it takes off the price.
struct Commitment {
  Sourced<double> discount;
  Seconds term;
};

/// Devices held for a time.
struct Usage {
  std::string device;  ///< name, for the ledger
  double devices = 0;
  Seconds duration;
  Account account = Account::rent;  ///< of the bill

  Seconds device_time() const { return duration * devices; }
};

/// Rent = devices x duration x price per device-hour.
void charge_rent(Bill& bill, const Usage& usage, const Sourced<Rent>& rent, const ExchangeRates& rates,
                 const Currency& currency);

/// E = N · t · P_facility of busy devices whose step is not known: at the load that is given, or at the usual one.
Joules energy(const Usage& usage, const hardware::NodeGroup& group, const PowerProfile& profile,
              const Electricity& electricity);

/// Kilowatts to provide for one device: its limit and its share of the host, at the meter.
double provisioned(const hardware::NodeGroup& group, const std::optional<Electricity>& electricity);

/// What a landlord and a grid charge for, of one device, in kilowatts. `it`: its limit and its share of the host, as
/// colocation is priced (the PUE is the landlord's). `metered`: the mean draw of a busy device, its share of the host,
/// times PUE, as a meter sees it; without electricity the same as `it`.
struct Kilowatts {
  double it = 0, metered = 0;
};
Kilowatts kilowatts(const hardware::NodeGroup& group, const PowerProfile& profile,
                    const std::optional<Electricity>& electricity);

/// `drawn`: how the energy came about, for the row's reason.
void charge_electricity(Bill& bill, Joules energy, const Sourced<Tariff>& tariff, const ExchangeRates& rates,
                        const Currency& currency, const std::string& drawn = {});

}  // namespace chipmix::economics
