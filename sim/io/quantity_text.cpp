// Splits "80 GiB" into number and unit, looks the unit up, and says what is wrong when it is not there.
#include "io/quantity_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "io/units.hpp"

namespace chipmix::io {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t shown = 60;
  return fmt::format("'{}{}'", printable(text.substr(0, shown)), text.size() > shown ? "..." : "");
}

std::size_t skip_digits(std::string_view text, std::size_t i) {
  while (i < text.size() && is_digit(text[i])) ++i;
  return i;
}

/// Behind the whole digits: plain, or in groups of three ("6,350,000"). 0 if there are none.
std::size_t skip_whole(std::string_view text, std::size_t begin) {
  std::size_t i = skip_digits(text, begin);
  if (i == begin) return 0;
  if (i - begin > 3) return i;
  while (i < text.size() && text[i] == ',' && skip_digits(text, i + 1) == i + 4) i += 4;
  return i;
}

/// How many bytes of the text are a number: sign, digits, decimals, exponent. 0 if it does not begin with one.
std::size_t number_length(std::string_view text) {
  const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  std::size_t i = skip_whole(text, sign);
  if (i == 0) return 0;
  if (i < text.size() && text[i] == '.') {
    const std::size_t end = skip_digits(text, i + 1);
    if (end == i + 1) return 0;
    i = end;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    const std::size_t exponent = i + 1 < text.size() && (text[i + 1] == '-' || text[i + 1] == '+') ? i + 2 : i + 1;
    const std::size_t end = skip_digits(text, exponent);
    if (end > exponent) i = end;
  }
  return i;
}

double to_double(std::string_view number) {
  std::string digits;
  for (const char c : number)
    if (c != ',') digits += c;
  return std::strtod(digits.c_str(), nullptr);
}

struct Parts {
  double number = 0;
  std::string_view unit;
};

/// A number and what follows it; nothing, with the message set, if there is no finite number.
std::optional<Parts> split(std::string_view text, std::string& message) {
  const std::string_view all = trimmed(text);
  const std::size_t length = number_length(all);
  if (length == 0) {
    message = all.empty() ? "a quantity without number and unit" : quoted(all) + " does not begin with a number";
    return std::nullopt;
  }
  const Parts parts{to_double(all.substr(0, length)), trimmed(all.substr(length))};
  if (std::isfinite(parts.number)) return parts;
  message = quoted(all) + " is too large a number";
  return std::nullopt;
}

bool has_currency(std::string_view unit) {
  return unit.size() >= 3 && is_capital(unit[0]) && is_capital(unit[1]) && is_capital(unit[2]) &&
         (unit.size() == 3 || unit[3] == '/');
}

const Unit* unit_in(const UnitTable& table, std::string_view unit) {
  if (!table.has_currency) return find_unit(table.units, unit);
  return has_currency(unit) ? find_unit(table.units, unit.substr(3)) : nullptr;
}

std::string unit_fault(const UnitTable& table, std::string_view text, std::string_view unit) {
  if (unit.empty()) return fmt::format("{} has no unit: expected {}", quoted(text), table.noun);
  for (const UnitTable& other : unit_tables())
    if (unit_in(other, unit)) return fmt::format("{} is {}, not {}", quoted(text), other.noun, table.noun);
  if (table.kind == QuantityKind::size && unit_in(units_of(QuantityKind::data_rate), std::string(unit) + "/s"))
    return quoted(text) + " counts bits: b is bits, B is bytes";
  return fmt::format("{} is not a unit for {}", quoted(unit), table.noun);
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// "did you mean 'kB'? " if only the case of a unit is wrong.
std::string case_hint(const UnitTable& table, std::string_view unit) {
  for (const Unit& one : table.units)
    if (one.spelling != unit && equal_but_for_case(one.spelling, unit))
      return fmt::format("did you mean '{}'? ", one.spelling);
  return "";
}

std::string unit_hint(const UnitTable& table) {
  return fmt::format("write {} such as \"{}\" ({})", table.noun, table.examples.front(), table.offered);
}

struct AmountText {
  std::optional<double> base_units;
  std::string currency;
  std::string message;
  std::string hint;
};

AmountText read_with(const UnitTable& table, std::string_view text) {
  AmountText reading;
  const std::optional<Parts> parts = split(text, reading.message);
  if (!parts) return reading;
  const Unit* unit = unit_in(table, parts->unit);
  if (!unit) {
    reading.message = unit_fault(table, trimmed(text), parts->unit);
    reading.hint = case_hint(table, parts->unit);
    return reading;
  }
  const double amount = parts->number * unit->factor;
  if (!std::isfinite(amount)) {
    reading.message = quoted(text) + " is too large a number";
    return reading;
  }
  reading.base_units = amount;
  if (table.has_currency) reading.currency = std::string(parts->unit.substr(0, 3));
  return reading;
}

template <class Q>
struct KindOf;
template <>
struct KindOf<Bytes> {
  static constexpr auto kind = QuantityKind::size;
};
template <>
struct KindOf<Seconds> {
  static constexpr auto kind = QuantityKind::duration;
};
template <>
struct KindOf<Flops> {
  static constexpr auto kind = QuantityKind::work;
};
template <>
struct KindOf<Joules> {
  static constexpr auto kind = QuantityKind::energy;
};
template <>
struct KindOf<Kilograms> {
  static constexpr auto kind = QuantityKind::mass;
};
template <>
struct KindOf<BytesPerSecond> {
  static constexpr auto kind = QuantityKind::data_rate;
};
template <>
struct KindOf<FlopsPerSecond> {
  static constexpr auto kind = QuantityKind::compute_rate;
};
template <>
struct KindOf<Watts> {
  static constexpr auto kind = QuantityKind::power;
};
template <>
struct KindOf<KilogramsPerJoule> {
  static constexpr auto kind = QuantityKind::carbon;
};
template <>
struct KindOf<Money> {
  static constexpr auto kind = QuantityKind::money;
};
template <>
struct KindOf<Rent> {
  static constexpr auto kind = QuantityKind::rent;
};
template <>
struct KindOf<Tariff> {
  static constexpr auto kind = QuantityKind::tariff;
};

constexpr const char* number_pattern = "[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\\.[0-9]+)?([eE][-+]?[0-9]+)?";

std::string alternatives(const UnitTable& table) {
  std::vector<std::string> spellings;
  for (const Unit& unit : table.units) spellings.push_back(unit.spelling);
  return fmt::format("{}({})", table.has_currency ? "[A-Z]{3}" : "", fmt::join(spellings, "|"));
}

std::string text_schema(const std::string& pattern, const std::vector<std::string>& examples) {
  return nlohmann::ordered_json({{"type", "string"}, {"pattern", pattern}, {"examples", examples}}).dump();
}

}  // namespace

template <class Q>
QuantityText<Q> parse_quantity(std::string_view text) {
  const UnitTable& table = units_of(KindOf<Q>::kind);
  AmountText reading = read_with(table, text);
  if (!reading.base_units) return {std::nullopt, std::move(reading.message), reading.hint + unit_hint(table)};
  if constexpr (std::is_constructible_v<Q, double> && !std::is_aggregate_v<Q>)
    return {Q(*reading.base_units), "", ""};
  else
    return {Q{*reading.base_units, Currency{std::move(reading.currency)}}, "", ""};
}

template <class Q>
std::string base_unit() {
  return units_of(KindOf<Q>::kind).base;
}

template <class Q>
std::string quantity_schema() {
  const UnitTable& table = units_of(KindOf<Q>::kind);
  return text_schema(fmt::format("^ *{} *{} *$", number_pattern, alternatives(table)), table.examples);
}

QuantityText<double> parse_count(std::string_view text) {
  const std::string hint = "write a count such as 36700160, 1e12 or \"1T\" (k, M, B or G, T, P)";
  std::string message;
  const std::optional<Parts> parts = split(text, message);
  if (!parts) return {std::nullopt, message, hint};
  const Unit* suffix = find_unit(count_suffixes(), parts->unit);
  if (!suffix) return {std::nullopt, quoted(parts->unit) + " is not a suffix of a count", hint};
  const double count = parts->number * suffix->factor;
  if (!std::isfinite(count)) return {std::nullopt, quoted(text) + " is too large a number", hint};
  return {count, "", ""};
}

std::string count_schema() {
  const std::string text = text_schema(fmt::format("^ *{} *[kMBGTP]? *$", number_pattern), {"1T", "8.96k"});
  return fmt::format(R"({{"anyOf":[{{"type":"number"}},{}]}})", text);
}

template QuantityText<Bytes> parse_quantity(std::string_view);
template QuantityText<Seconds> parse_quantity(std::string_view);
template QuantityText<Flops> parse_quantity(std::string_view);
template QuantityText<Joules> parse_quantity(std::string_view);
template QuantityText<Kilograms> parse_quantity(std::string_view);
template QuantityText<BytesPerSecond> parse_quantity(std::string_view);
template QuantityText<FlopsPerSecond> parse_quantity(std::string_view);
template QuantityText<Watts> parse_quantity(std::string_view);
template QuantityText<KilogramsPerJoule> parse_quantity(std::string_view);
template QuantityText<Money> parse_quantity(std::string_view);
template QuantityText<Rent> parse_quantity(std::string_view);
template QuantityText<Tariff> parse_quantity(std::string_view);

template std::string quantity_schema<Bytes>();
template std::string quantity_schema<Seconds>();
template std::string quantity_schema<Flops>();
template std::string quantity_schema<Joules>();
template std::string quantity_schema<Kilograms>();
template std::string quantity_schema<BytesPerSecond>();
template std::string quantity_schema<FlopsPerSecond>();
template std::string quantity_schema<Watts>();
template std::string quantity_schema<KilogramsPerJoule>();
template std::string quantity_schema<Money>();
template std::string quantity_schema<Rent>();
template std::string quantity_schema<Tariff>();

template std::string base_unit<Bytes>();
template std::string base_unit<Seconds>();
template std::string base_unit<Flops>();
template std::string base_unit<Joules>();
template std::string base_unit<Kilograms>();
template std::string base_unit<BytesPerSecond>();
template std::string base_unit<FlopsPerSecond>();
template std::string base_unit<Watts>();
template std::string base_unit<KilogramsPerJoule>();
template std::string base_unit<Money>();
template std::string base_unit<Rent>();
template std::string base_unit<Tariff>();

}  // namespace chipmix::io
