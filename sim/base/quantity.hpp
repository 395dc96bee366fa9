// Physical quantities: a double with a compile-time dimension, stored in base units.
//
// Base units: byte, second, FLOP (one floating-point operation), joule, kilogram.
// `Bytes / BytesPerSecond` *is* `Seconds`; adding bytes to seconds does not compile.
#pragma once

#include <compare>

namespace chipmix {

template <int Data, int Time, int Work, int Energy, int Mass>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double base_units) : value_(base_units) {}

  /// The number in base units.
  constexpr double value() const { return value_; }

  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }
  constexpr Quantity& operator*=(double factor) {
    value_ *= factor;
    return *this;
  }
  constexpr Quantity operator-() const { return Quantity(-value_); }

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value_ + b.value_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value_ - b.value_); }
  friend constexpr Quantity operator*(Quantity a, double b) { return Quantity(a.value_ * b); }
  friend constexpr Quantity operator*(double a, Quantity b) { return Quantity(a * b.value_); }
  friend constexpr Quantity operator/(Quantity a, double b) { return Quantity(a.value_ / b); }
  friend constexpr auto operator<=>(Quantity a, Quantity b) = default;

 private:
  double value_ = 0;
};

/// Product of two quantities: the exponents add; a product without dimension is a plain double.
template <int D1, int T1, int W1, int E1, int M1, int D2, int T2, int W2, int E2, int M2>
constexpr auto operator*(Quantity<D1, T1, W1, E1, M1> a, Quantity<D2, T2, W2, E2, M2> b) {
  if constexpr (D1 + D2 == 0 && T1 + T2 == 0 && W1 + W2 == 0 && E1 + E2 == 0 && M1 + M2 == 0)
    return a.value() * b.value();
  else
    return Quantity<D1 + D2, T1 + T2, W1 + W2, E1 + E2, M1 + M2>(a.value() * b.value());
}

/// Quotient of two quantities: the exponents subtract; a ratio of like quantities is a plain double.
template <int D1, int T1, int W1, int E1, int M1, int D2, int T2, int W2, int E2, int M2>
constexpr auto operator/(Quantity<D1, T1, W1, E1, M1> a, Quantity<D2, T2, W2, E2, M2> b) {
  if constexpr (D1 == D2 && T1 == T2 && W1 == W2 && E1 == E2 && M1 == M2)
    return a.value() / b.value();
  else
    return Quantity<D1 - D2, T1 - T2, W1 - W2, E1 - E2, M1 - M2>(a.value() / b.value());
}

using Bytes = Quantity<1, 0, 0, 0, 0>;
using Seconds = Quantity<0, 1, 0, 0, 0>;
using Flops = Quantity<0, 0, 1, 0, 0>;  ///< a count of floating-point operations, not a rate
using Joules = Quantity<0, 0, 0, 1, 0>;
using Kilograms = Quantity<0, 0, 0, 0, 1>;
using BytesPerSecond = Quantity<1, -1, 0, 0, 0>;
using FlopsPerSecond = Quantity<0, -1, 1, 0, 0>;
using Watts = Quantity<0, -1, 0, 1, 0>;
using KilogramsPerJoule = Quantity<0, 0, 0, -1, 1>;

template <int D, int T, int W, int E, int M>
constexpr Quantity<D, T, W, E, M> max(Quantity<D, T, W, E, M> a, Quantity<D, T, W, E, M> b) {
  return a < b ? b : a;
}
template <int D, int T, int W, int E, int M>
constexpr Quantity<D, T, W, E, M> min(Quantity<D, T, W, E, M> a, Quantity<D, T, W, E, M> b) {
  return b < a ? b : a;
}

inline constexpr double bytes_per_gib = 1024.0 * 1024.0 * 1024.0;
inline constexpr double seconds_per_hour = 3600.0;
inline constexpr double seconds_per_day = 86400.0;
inline constexpr double joules_per_kilowatt_hour = 3.6e6;

constexpr double gib(Bytes b) { return b.value() / bytes_per_gib; }
constexpr double hours(Seconds s) { return s.value() / seconds_per_hour; }
constexpr double days(Seconds s) { return s.value() / seconds_per_day; }
constexpr double kilowatt_hours(Joules j) { return j.value() / joules_per_kilowatt_hour; }

}  // namespace chipmix
