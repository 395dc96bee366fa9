// The units that each kind of quantity is written in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chipmix::io {

enum class QuantityKind {
  size,
  duration,
  work,
  energy,
  mass,
  data_rate,
  compute_rate,
  power,
  carbon,
  money,
  rent,
  tariff
};

struct Unit {
  std::string spelling;  ///< of money, what follows the currency: "/kWh"
  double factor = 1;     ///< base units in one of this unit
};

struct UnitTable {
  QuantityKind kind = QuantityKind::size;
  std::string noun;     ///< "a size"
  std::string base;     ///< unit of the stored number
  std::string offered;  ///< the units as a message lists them
  std::vector<Unit> units;
  std::vector<std::string> examples;
  bool has_currency = false;
};

const std::vector<UnitTable>& unit_tables();
/// Suffixes of a plain count: k, M, B or G, T, P.
const std::vector<Unit>& count_suffixes();
const UnitTable& units_of(QuantityKind kind);

/// The unit with this spelling (without the currency), or null.
const Unit* find_unit(const std::vector<Unit>& units, std::string_view spelling);

}  // namespace chipmix::io
