#include "economics/own_figures.hpp"

#include <algorithm>
#include <cmath>

#include "base/normal.hpp"

namespace chipmix::economics {
namespace {}  // namespace

double drawn(double value, double low, double high, double z) {
  const double end = z > 0 ? high : low, far = std::abs(z) / z90;
  return low > 0 ? value * std::pow(end / value, far) : value + (end - value) * far;
}

std::vector<OwnedSwing> swings(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates) {
  const double central = hourly(own, kilowatts, rates).per_base_unit;
  std::vector<OwnedSwing> list;
  Ownership moved = own;
  for_each_figure(moved, [&](const char* name, auto& figure, Shared shared, double, double) {
    if (!figure.range) return;
    const auto kept = figure.value;
    const auto at = [&](const auto& end) {
      figure.value = end;
      const double factor = hourly(moved, kilowatts, rates).per_base_unit / central;
      figure.value = kept;
      return factor;
    };
    list.push_back({name, at(figure.range->low), at(figure.range->high), figure.source, shared});
  });
  return list;
}

Interval<double> spread(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates) {
  double up = 0, down = 0;
  for (const OwnedSwing& swing : swings(own, kilowatts, rates)) {
    const double a = std::log(swing.at_low), b = std::log(swing.at_high);
    up += std::pow(std::max({0.0, a, b}), 2);
    down += std::pow(std::min({0.0, a, b}), 2);
  }
  return {std::exp(-std::sqrt(down)), std::exp(std::sqrt(up))};
}

double drawn_hourly(const Ownership& own, const Kilowatts& kilowatts, const ExchangeRates& rates,
                    std::span<const double> z, double metered) {
  Ownership world = own;
  std::size_t next = 0;
  for_each_figure(world, [&](const char*, auto& figure, Shared, double least, double most) {
    if (figure.range) draw(figure, z[next++], least, most);
  });
  const Kilowatts drawn_power{kilowatts.it, kilowatts.metered * metered};
  return hourly(world, drawn_power, rates).per_base_unit / hourly(own, kilowatts, rates).per_base_unit;
}

}  // namespace chipmix::economics
