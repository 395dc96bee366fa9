// Quantities as people write them: "3.35 TB/s", "80 GiB", "400 Gbit/s", "27.5 CNY/h", "0.6 CNY/kWh".
//
// B is bytes and b or bit is bits; kB/MB/GB/TB are powers of 1000 and KiB/MiB/GiB/TiB powers of 1024.
// A quantity without a unit is an error: physical quantities have no silent default.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/money.hpp"
#include "base/quantity.hpp"
#include "base/sourced.hpp"

namespace chipmix::io {

/// What reading a quantity gives: the value, or why not and which units are accepted.
template <class Q>
struct QuantityText {
  std::optional<Q> value;
  std::string message;  ///< for example "'80 GB/s' is a data rate, not a size"
  std::string hint;     ///< for example "write a size such as \"80 GiB\" (B, kB, MB, ..., TiB)"
};

/// Reads text as the quantity Q. Q is Bytes, Seconds, Flops, Joules, Kilograms, BytesPerSecond, FlopsPerSecond, Watts,
/// KilogramsPerJoule, Money, Rent or Tariff.
template <class Q>
QuantityText<Q> parse_quantity(std::string_view text);

/// Whether T is one of the quantities above.
template <class T>
struct IsQuantityText : std::false_type {};

/// How numbers in base units are labelled: "B", "s", "FLOP/s", "kg/J", "" for money.
template <class Q>
std::string base_unit();

/// JSON Schema fragment (one JSON object as text) of the quantity Q: type string, pattern, examples.
template <class Q>
std::string quantity_schema();

/// A number of things with an optional decimal suffix: 36700160, 1e12, "1T", "8.96k" (k, M, B or G, T, P).
QuantityText<double> parse_count(std::string_view text);
std::string count_schema();

template <>
struct IsQuantityText<Bytes> : std::true_type {};
template <>
struct IsQuantityText<Seconds> : std::true_type {};
template <>
struct IsQuantityText<Flops> : std::true_type {};
template <>
struct IsQuantityText<Joules> : std::true_type {};
template <>
struct IsQuantityText<Kilograms> : std::true_type {};
template <>
struct IsQuantityText<BytesPerSecond> : std::true_type {};
template <>
struct IsQuantityText<FlopsPerSecond> : std::true_type {};
template <>
struct IsQuantityText<Watts> : std::true_type {};
template <>
struct IsQuantityText<KilogramsPerJoule> : std::true_type {};
template <>
struct IsQuantityText<Money> : std::true_type {};
template <>
struct IsQuantityText<Rent> : std::true_type {};
template <>
struct IsQuantityText<Tariff> : std::true_type {};

}  // namespace chipmix::io
