#include "report/money_scale.hpp"

#include <algorithm>
#include <cmath>

#include "report/number.hpp"

namespace chipmix::report {

MoneyScale::MoneyScale(const std::vector<double>& amounts, const Currency& currency) : unit_(currency.code) {
  double largest = 0;
  for (const double amount : amounts) largest = std::max(largest, std::abs(amount));
  if (largest >= 1e6) {
    divisor_ = 1e6;
    unit_.insert(0, "M ");
  } else if (largest >= 1e4) {
    divisor_ = 1e3;
    unit_.insert(0, "k ");
  }
  if (largest / divisor_ >= 100) places_ = 1;
}

std::string MoneyScale::text(double amount) const { return fixed(amount / divisor_, places_); }

}  // namespace chipmix::report
