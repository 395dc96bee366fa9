#include "report/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <span>

namespace chipmix::report {
namespace {

/// A unit and its size in the unit the number comes in.
struct Unit {
  double size;
  const char* name;
};

std::optional<std::string> not_finite(double number) {
  if (std::isnan(number)) return "n/a";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  return std::nullopt;
}

/// "1234567.5" -> "1,234,567.5"
std::string with_commas(std::string text) {
  const std::size_t first = text.find_first_of("0123456789");
  std::size_t end = std::min(text.find('.'), text.size());
  while (end > first + 3) {
    end -= 3;
    text.insert(end, 1, ',');
  }
  return text;
}

std::string without_last_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

/// The number rounded to so many significant digits.
double rounded(double number, int digits) {
  if (number == 0 || !std::isfinite(number)) return number;
  return std::strtod(fmt::format("{:.{}e}", number, digits - 1).c_str(), nullptr);  // denormal numbers too
}

/// In the largest unit of which the number, as it will be shown in that unit or in the next smaller one, is at least
/// one; else in the smallest. Units from large to small.
template <class Shown>
std::string in_unit(double number, std::span<const Unit> units, const std::string& suffix, Shown shown) {
  constexpr double tolerance = 1 - 1e-12;
  std::size_t i = 0;
  for (; i + 1 < units.size(); ++i) {
    const double shown_smaller = rounded(number / units[i + 1].size, 3) * units[i + 1].size;
    const bool is_less = std::abs(number) < units[i].size;
    if (is_less && std::abs(shown_smaller) >= units[i].size * tolerance) number = shown_smaller;
    if (std::abs(rounded(number / units[i].size, 3)) >= 1) break;
  }
  const std::string tail = units[i].name + suffix;
  const std::string text = shown(number / units[i].size);
  return tail.empty() || !std::isfinite(number) ? text : text + ' ' + tail;
}

std::string in_unit(double number, std::span<const Unit> units, const std::string& suffix = "") {
  return in_unit(number, units, suffix, [](double one) { return significant(one); });
}

}  // namespace

std::string significant(double number, int digits) {
  if (const auto text = not_finite(number)) return *text;
  const double value = rounded(number, digits);
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size < 1e-4 || size >= 1e15) return fmt::format("{:.{}g}", value, digits);
  const int places = std::max(0, digits - 1 - static_cast<int>(std::floor(std::log10(size))));
  return without_last_zeros(with_commas(fmt::format("{:.{}f}", value, places)));
}

std::string grouped(double number) { return fixed(number, 0); }

std::string fixed(double number, int places) {
  if (const auto text = not_finite(number)) return *text;
  const double step = std::pow(10.0, places);
  const double away = std::round(number * step) / step;  // half away from zero, where printf rounds half to even
  return with_commas(fmt::format("{:.{}f}", away == 0 ? 0.0 : away, places));
}

std::string three_digits(double number) {
  if (const auto text = not_finite(number)) return *text;
  const double value = rounded(number, 3), size = std::abs(value);
  if (size >= 1000) return grouped(number);
  constexpr int most_places = 3;  // of a thousandth of a unit no digit is left
  const int places = size < 1 ? most_places : 2 - static_cast<int>(std::floor(std::log10(size)));
  return fixed(value, size == 0 ? 2 : places);
}

std::string scaled(double number, const std::string& unit) {
  static constexpr std::array<Unit, 7> prefixes{
      {{1e18, "E"}, {1e15, "P"}, {1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}}};
  return in_unit(number, prefixes, unit);
}

std::string duration(Seconds time) {
  static constexpr std::array<Unit, 7> units{
      {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}}};
  return time.value() == 0 ? "0 s" : in_unit(time.value(), units);
}

std::string seconds(Seconds time) {
  const double s = std::abs(time.value());
  if (s < 1 || !std::isfinite(s)) return duration(time);
  return (s < 100 ? significant(time.value()) : grouped(time.value())) + " s";
}

std::string percent(double share) {
  if (const auto text = not_finite(share)) return *text;
  return significant(100 * share) + " %";
}

std::string money(const Money& amount) {
  static constexpr std::array<Unit, 5> prefixes{{{1e12, "tn "}, {1e9, "bn "}, {1e6, "M "}, {1e3, "k "}, {1, ""}}};
  if (!std::isfinite(amount.amount)) return significant(amount.amount);
  if (std::abs(amount.amount) < 1e4) return fixed(amount.amount, 2) + ' ' + amount.currency.code;
  return in_unit(amount.amount, prefixes, amount.currency.code, three_digits);
}

std::string money_exact(const Money& amount) { return grouped(amount.amount) + ' ' + amount.currency.code; }

std::string bytes(Bytes size) {
  static constexpr std::array<Unit, 6> units{
      {{0x1p50, "PiB"}, {0x1p40, "TiB"}, {0x1p30, "GiB"}, {0x1p20, "MiB"}, {0x1p10, "KiB"}, {1, "B"}}};
  return in_unit(size.value(), units);
}

std::string energy(Joules energy) {
  static constexpr std::array<Unit, 5> units{
      {{3.6e15, "TWh"}, {3.6e12, "GWh"}, {3.6e9, "MWh"}, {3.6e6, "kWh"}, {3.6e3, "Wh"}}};
  return in_unit(energy.value(), units);
}

}  // namespace chipmix::report
