// The figures of ownership that may be otherwise, by name: one list for what each moves and for possible worlds.
#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "economics/ownership.hpp"

namespace chipmix::economics {

/// Whose error a figure has: of the device's own price list, or of how the owner pays and runs whatever is bought.
enum class Shared { device, owner };

/// Calls visit(name, figure, shared, low, high): values are drawn within [low, high].
template <class Own, class Visit>
void for_each_figure(Own& own, Visit&& visit) {
  constexpr double any = std::numeric_limits<double>::max(), tiny = 1e-6, most_share = 0.99;
  const auto given = [&](const char* name, auto& figure, Shared shared, double low, double high) {
    if (figure) visit(name, *figure, shared, low, high);
  };
  visit("device", own.device, Shared::device, 0.0, any);
  visit("server", own.server, Shared::device, 1.0, any);
  visit("network", own.network, Shared::owner, 0.0, most_share);
  visit("life", own.life, Shared::owner, tiny, any);
  visit("residual", own.residual, Shared::owner, 0.0, 1.0);
  visit("discount", own.discount, Shared::owner, 0.0, any);
  visit("utilisation", own.utilisation, Shared::owner, tiny, 1.0);
  given("installation", own.installation, Shared::owner, 0.0, any);
  given("duty", own.duty, Shared::owner, 0.0, any);
  given("freight", own.freight, Shared::owner, 0.0, any);
  given("tax", own.tax, Shared::owner, 0.0, any);
  given("maintenance", own.maintenance, Shared::owner, 0.0, any);
  given("colocation", own.colocation, Shared::owner, 0.0, any);
  given("demand charge", own.demand, Shared::owner, 0.0, any);
  given("staff", own.staff, Shared::owner, 0.0, any);
}

inline double& number_of(double& value) { return value; }
inline double& number_of(Money& value) { return value.amount; }
inline double number_of(const double& value) { return value; }
inline double number_of(const Money& value) { return value.amount; }
template <class Unit>
double& number_of(Price<Unit>& value) {
  return value.per_base_unit;
}
template <class Unit>
double number_of(const Price<Unit>& value) {
  return value.per_base_unit;
}

/// v · (end / v)^(|z| / z90) where all of a range is above 0, else as far along a straight line; z is standard normal.
double drawn(double value, double low, double high, double z);

/// Draws a figure from its range, within what it can be.
template <class Figure>
void draw(Figure& figure, double z, double least, double most) {
  const auto& range = *figure.range;
  const double value = drawn(number_of(std::as_const(figure.value)), number_of(range.low), number_of(range.high), z);
  number_of(figure.value) = std::clamp(value, least, most);
}

/// What one figure does to the hourly cost at the ends of its range.
struct OwnedSwing {
  std::string figure;
  double at_low = 1, at_high = 1;  ///< factors
  std::string source;
  Shared shared = Shared::owner;
};

/// Of every figure with a range, in the order of for_each_figure.
std::vector<OwnedSwing> swings(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates);

/// Factors on the hourly cost at which 80 % of the belief ends, to first order: the figures' ranges one at a time,
/// added in quadrature on the logarithm.
Interval<double> spread(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates);

/// The hourly cost over the central one where each figure with a range is drawn: `z` has a standard normal number for
/// each of `swings`, in their order. A figure is v · (end / v)^(|z| / z90) where all of its range is above 0, else as
/// far along a straight line, and within what such a figure can be. `metered`: factor on the metered kilowatts.
double drawn_hourly(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates,
                    std::span<const double> z, double metered = 1);

}  // namespace chipmix::economics
