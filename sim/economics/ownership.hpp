// What a device costs that is bought instead of rented.
//
//   A = m (P CRF - S R SFF)        annual charge for something that costs P, of which R can be sold again: for S · R
//                                  after L years
//   CRF = i (1 + i)^L / ((1 + i)^L - 1),  SFF = i / ((1 + i)^L - 1);  for i = 0: A = (P - S R) / L
//   m = 12 ((1 + i)^(1/12) - 1) / i      paid month by month, as rent is, not at the end of the year
//   hourly = (A + yearly costs) / (8766 h · u)
//
// with the discount rate i a year and u the share of hours in which the device does paid work. Prices follow from the
// device's quote Q. Duty is on the value with freight (CIF, as the EU and China take it), tax on both; they are paid
// for the device alone, since m and n are ratios of list prices. A server makes its devices m times as dear, the
// network is a share n of the cluster's price:
//   P_d = Q (1 + freight) (1 + duty) (1 + tax),  R_d = Q (1 + freight) (1 + duty)
//   P_s = (m - 1) Q,  P_n = (Q + P_s) n / (1 - n),  P_x = x (Q + P_s + P_n)  for installation, storage, reserve.
// Servers and network can be sold again, installation and tax cannot. Capital recovery: any textbook of engineering
// economics; server factor and network share as Cottier et al. (arXiv:2405.21015) use them. CIF: Regulation (EU)
// 952/2013, article 71; Customs Law of China, article on dutiable value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "economics/bill.hpp"
#include "economics/cost.hpp"

namespace chipmix::economics {

inline constexpr double hours_per_year = 8766, months_per_year = 12;

struct Ownership {
  Sourced<Money> device;                        ///< quote for one package
  Sourced<double> server;                       ///< m: price of a server over that of its devices
  Sourced<double> network;                      ///< n: share of the cluster's price
  Sourced<double> life;                         ///< L, years
  Sourced<double> residual;                     ///< S
  Sourced<double> discount;                     ///< i, a year
  Sourced<double> utilisation;                  ///< u
  std::optional<Sourced<double>> installation;  ///< x
  std::optional<Sourced<double>> duty, freight, tax;
  std::optional<Sourced<double>> maintenance;  ///< a year, as a share of the price of all
  std::optional<Sourced<Money>> colocation;    ///< of a kilowatt of equipment (its limit, without PUE), a month
  std::optional<Sourced<Money>> demand;        ///< charge for a metered kilowatt at peak, a month
  std::optional<Sourced<Kilograms>> embodied;  ///< carbon dioxide of making a device and its share of all else
  std::optional<Sourced<Money>> staff;         ///< people and software, of a device and year
};

/// (CRF - S · SFF), per year, paid at its end, of something that can be sold again in full. Life in years, more than 0.
double capital_recovery(double discount, double life, double residual);
/// m: what twelve monthly payments come to over one at the end of the year.
double paid_monthly(double discount);
/// Straight-line share of the price a year.
double straight_line(double life, double residual);
/// What is left of a price after some years where it loses 0.14 orders of magnitude a year (arXiv:2405.21015,
/// section 2.2: 10^(-0.14 t)).
double economic_value(double years);

/// Prices of what is bought with one device, in the currency of its quote.
struct Prices {
  double device = 0, server = 0, network = 0, installation = 0;
  double resale = 0;  ///< R_d: of the device's price, what can be sold again

  double total() const { return device + server + network + installation; }
};
Prices prices(const Ownership& own);

/// One part of what a device costs.
struct OwnedPart {
  Account account = Account::devices;
  double price = 0;   ///< paid when it is bought, of one device; 0 for what is paid year by year
  double yearly = 0;  ///< charge a year
  std::string why;
};

/// In the currency of the device's price.
std::vector<OwnedPart> parts(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates);

/// Charges a year of one device, in the currency of its price.
struct Yearly {
  double capital = 0, upkeep = 0;
};
Yearly yearly(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates);

/// What a device costs for an hour of work, all parts together, in the currency of its price.
Rent hourly(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates);

/// The part of the carbon of making devices that a usage bears: by hours of work over all of a life's.
Kilograms embodied(const Ownership& own, const Usage& usage);

/// A row for each part: of the usage what it bears, in cash the price of `bought` devices (all that are used, if none
/// of them is paid for elsewhere).
void charge_own(Bill& bill, const Usage& usage, const Ownership& own, const Kilowatts& kilowatts,
                const ExchangeRates& rates, const Currency& currency, double bought);

/// Devices that are held but do not train: a row for their capital and one for their upkeep, by these accounts.
struct HeldAccounts {
  Account capital, upkeep;
};
void charge_held(Bill& bill, const Usage& usage, HeldAccounts accounts, const Ownership& own,
                 const Kilowatts& kilowatts, const ExchangeRates& rates, const Currency& currency, double bought);

}  // namespace chipmix::economics
