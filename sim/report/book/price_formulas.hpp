// Prices as formulas of named figures: what economics/ calculates, written for a spreadsheet.
#pragma once

#include <string>
#include <vector>

#include "report/book/names.hpp"
#include "report/book/workbook.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report::book {

/// A figure between assumptions and bills, with a name of its own.
struct Derived {
  std::string key;
  std::string what;
  std::string of;
  Formula formula;
  std::string unit;
  std::string law;  ///< in words
};

/// Accounts of an owned device at work, those that come to nothing as given too: another figure may change that.
std::vector<economics::Account> owned_accounts(const economics::Ownership& own);

class PriceFormulas {
 public:
  PriceFormulas(const scenario::Scenario& scenario, Names& names) : scenario_(scenario), names_(names) {}

  /// What money in one currency is multiplied by to be in another: "*rate_USD_CNY", "/rate_CNY_USD" or nothing.
  std::string converted(const Currency& from, const Currency& to) const;

  /// Of one unit of a row of a bill, charged for a group of the option's cluster.
  std::string unit_price(economics::Account account, const scenario::Option& option, std::size_t group) const;

  /// What an owned device costs to buy, of one part of it, or of a spare all; empty for what is not bought.
  std::string bought(economics::Account account, const scenario::Option& option, std::size_t group) const;

  /// Kilowatt-hours of a run's device and hour, idle hours and spares with it.
  std::string kilowatt_hours(const scenario::Option& option, std::size_t group, const scenario::Run& run) const;
  /// Kilowatts to provide for a device.
  std::string kilowatts(const scenario::Option& option, std::size_t group) const;

  /// The steps from an owned device's figures to the cost of its hour.
  std::vector<Derived> derived(const scenario::Option& option, std::size_t group) const;

 private:
  std::string name(const std::string& key) const { return names_.of(key); }
  /// Of a device's own and its host's limits, and as a meter sees them on average.
  std::string equipment_kilowatts(const scenario::Option& option, std::size_t group) const;
  std::string metered_kilowatts(const scenario::Option& option, std::size_t group) const;
  /// An hour's share of something bought, less what it is sold for.
  std::string capital(economics::Account account, const std::string& whose) const;
  std::string host_share(const hardware::NodeGroup& nodes) const;

  const scenario::Scenario& scenario_;
  Names& names_;
};

}  // namespace chipmix::report::book
