// Unit tables. Decimal prefixes are powers of 1000 (SI Brochure, table 7), binary ones of 1024 (IEC 80000-13).
#include "io/units.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/quantity.hpp"

namespace chipmix::io {
namespace {

struct Prefix {
  const char* text;
  double factor;
};

constexpr Prefix decimal[] = {{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15}, {"E", 1e18}};
constexpr Prefix decimal_large[] = {{"Z", 1e21}, {"Y", 1e24}};
constexpr Prefix binary[] = {{"Ki", 0x1p10}, {"Mi", 0x1p20}, {"Gi", 0x1p30}, {"Ti", 0x1p40}, {"Pi", 0x1p50}};
constexpr double watt_hour = joules_per_kilowatt_hour / 1000;

/// Adds one unit with each of the prefixes.
void add(std::vector<Unit>& units, const auto& prefixes, const std::string& unit, double factor = 1) {
  for (const Prefix& prefix : prefixes) units.push_back({prefix.text + unit, prefix.factor * factor});
}

std::vector<Unit> sizes(const std::string& suffix) {
  std::vector<Unit> units;
  add(units, decimal, "B" + suffix);
  add(units, binary, "B" + suffix);
  return units;
}

std::vector<Unit> data_rates() {
  std::vector<Unit> units = sizes("/s");
  for (const char* bits : {"bit/s", "b/s", "bps"}) add(units, decimal, bits, 1.0 / 8);
  return units;
}

std::vector<Unit> compute_rates() {
  std::vector<Unit> units;
  for (const char* unit : {"FLOP/s", "FLOPS", "OP/s", "OPS"}) add(units, decimal, unit);
  return units;
}

std::vector<Unit> works() {
  std::vector<Unit> units;
  for (const char* unit : {"FLOP", "FLOPs"}) {
    add(units, decimal, unit);
    add(units, decimal_large, unit);
  }
  return units;
}

std::vector<Unit> energies() {
  std::vector<Unit> units;
  add(units, decimal, "J");
  add(units, decimal, "Wh", watt_hour);
  return units;
}

std::vector<Unit> powers() {
  std::vector<Unit> units;
  add(units, decimal, "W");
  return units;
}

std::vector<Unit> durations() {
  return {{"ns", 1e-9},
          {"us", 1e-6},
          {"\u00B5s", 1e-6},
          {"\u03BCs", 1e-6},
          {"ms", 1e-3},
          {"s", 1},
          {"min", 60},
          {"h", seconds_per_hour},
          {"d", seconds_per_day},
          {"day", seconds_per_day},
          {"days", seconds_per_day}};
}

std::vector<UnitTable> all_tables() {
  using enum QuantityKind;
  const double kwh = joules_per_kilowatt_hour;
  return {
      {size, "a size", "B", "B, kB, MB, GB, TB, PB, or KiB, MiB, GiB, TiB", sizes(""), {"80 GiB", "64 GB"}},
      {duration, "a time", "s", "ns, us, ms, s, min, h, d", durations(), {"5 us", "1.5 h", "60 d"}},
      {work, "a number of operations", "FLOP", "FLOP with k, M, G, T, P, E, Z, Y", works(), {"3.3 YFLOP", "1e21 FLOP"}},
      {energy, "an energy", "J", "J, kJ, MJ, Wh, kWh, MWh", energies(), {"1.2 MWh", "500 J"}},
      {mass, "a mass", "kg", "g, kg, t", {{"g", 1e-3}, {"kg", 1}, {"t", 1e3}}, {"12 t", "350 kg"}},
      {data_rate,
       "a data rate",
       "B/s",
       "GB/s, TB/s, Gbit/s, ...; B is bytes, b is bits",
       data_rates(),
       {"3.35 TB/s", "400 Gbit/s"}},
      {compute_rate,
       "a compute rate",
       "FLOP/s",
       "FLOP/s, FLOPS, OP/s or OPS with k, M, G, T, P, E",
       compute_rates(),
       {"989 TFLOP/s", "1979 TOPS"}},
      {power, "a power", "W", "W, kW, MW", powers(), {"700 W", "10.2 kW"}},
      {carbon,
       "a carbon intensity",
       "kg/J",
       "kg/kWh, g/kWh, t/MWh, kg/MWh",
       {{"kg/kWh", 1 / kwh}, {"g/kWh", 1e-3 / kwh}, {"t/MWh", 1 / kwh}, {"kg/MWh", 1e-3 / kwh}},
       {"0.53 kg/kWh"}},
      {money,
       "an amount of money",
       "",
       "a currency of three capital letters",
       {{"", 1}},
       {"6.35e6 CNY", "6,350,000 CNY"},
       true},
      {rent,
       "a rent",
       "per second",
       "a currency, then /h or /device-hour",
       {{"/h", 1 / seconds_per_hour}, {"/device-hour", 1 / seconds_per_hour}},
       {"27.5 CNY/h", "2.1 USD/device-hour"},
       true},
      {tariff,
       "an electricity price",
       "per joule",
       "a currency, then /kWh or /MWh",
       {{"/kWh", 1 / kwh}, {"/MWh", 1e-3 / kwh}},
       {"0.6 CNY/kWh"},
       true},
  };
}

}  // namespace

const std::vector<UnitTable>& unit_tables() {
  static const std::vector<UnitTable> tables = all_tables();
  return tables;
}

const UnitTable& units_of(QuantityKind kind) {
  for (const UnitTable& table : unit_tables())
    if (table.kind == kind) return table;
  throw std::logic_error("a kind of quantity without units");
}

const std::vector<Unit>& count_suffixes() {
  static const std::vector<Unit> suffixes = {{"", 1},    {"k", 1e3},  {"M", 1e6}, {"B", 1e9},
                                             {"G", 1e9}, {"T", 1e12}, {"P", 1e15}};
  return suffixes;
}

const Unit* find_unit(const std::vector<Unit>& units, std::string_view spelling) {
  const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& one) { return one.spelling == spelling; });
  return unit == units.end() ? nullptr : &*unit;
}

}  // namespace chipmix::io
