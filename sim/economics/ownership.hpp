// What a device costs that is bought instead of rented.
//
//   A = P (CRF - S · SFF)          annual charge for something that costs P and is worth S · P after L years
//   CRF = i (1 + i)^L / ((1 + i)^L - 1),  SFF = i / ((1 + i)^L - 1);  for i = 0: A = P (1 - S) / L
//   hourly = (A + yearly costs) / (8766 h · u)
//
// with the discount rate i a year and u the share of hours in which the device does paid work. Prices follow from the
// device's: with duty, freight and tax it lands at P_d = quote (1 + duty + freight) (1 + tax); its server makes it m
// times as dear, the network a share n of the cluster's price:
//   P_s = (m - 1) P_d,  P_n = (P_d + P_s) n / (1 - n),  P_x = x (P_d + P_s + P_n)  for installation, storage, reserve.
// Capital recovery: any textbook of engineering economics; server factor and network share as Cottier et al.
// (arXiv:2405.21015) reckon them.
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
  std::optional<Sourced<Money>> colocation;    ///< of a kilowatt that is provisioned, a month
  std::optional<Sourced<Money>> demand;        ///< charge for a kilowatt at peak, a month
  std::optional<Sourced<Kilograms>> embodied;  ///< carbon dioxide of making a device and its share of all else
  std::optional<Sourced<Money>> staff;         ///< people and software, of a device and year
};

/// (CRF - S · SFF), per year. Life in years, more than 0.
double capital_recovery(double discount, double life, double residual);
/// Straight-line share of the price a year.
double straight_line(double life, double residual);
/// What is left of a price after some years where it loses 0.14 orders of magnitude a year (arXiv:2405.21015,
/// section 2.2: 10^(-0.14 t)).
double economic_value(double years);

/// One part of what a device costs.
struct OwnedPart {
  std::string account;
  double price = 0;   ///< paid when it is bought, of one device; 0 for what is paid year by year
  double yearly = 0;  ///< charge a year
  std::string why;
};

/// In the currency of the device's price; `kilowatts` provisioned for one device.
std::vector<OwnedPart> parts(const Ownership& own, double kilowatts, const ExchangeRates& rates);

/// What a device costs for an hour of work, all parts together, in the currency of its price.
Rent hourly(const Ownership& own, double kilowatts, const ExchangeRates& rates);

/// What one figure does to the hourly cost at the ends of its range.
struct OwnedSwing {
  std::string figure;
  double at_low = 1, at_high = 1;  ///< factors
  std::string source;
};

/// Of every figure with a range.
std::vector<OwnedSwing> swings(const Ownership& own, double kilowatts, const ExchangeRates& rates);

/// The part of the carbon of making devices that a usage bears: by hours of work over all of a life's.
Kilograms embodied(const Ownership& own, const Usage& usage);

/// Factors on the hourly cost at which 80 % of the belief ends: the figures' ranges one at a time, added in quadrature
/// on the logarithm.
Interval<double> spread(const Ownership& own, double kilowatts, const ExchangeRates& rates);

/// A row for each part: of the usage what it bears, in cash all of its price.
void charge_own(Bill& bill, const Usage& usage, const Ownership& own, double kilowatts, const ExchangeRates& rates,
                const Currency& currency);

}  // namespace chipmix::economics
