#include "report/money_scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "report/number.hpp"

namespace chipmix::report {

MoneyScale::MoneyScale(const std::vector<double>& amounts, const Currency& currency, Language language)
    : unit_(currency.code) {
  double largest = 0;
  for (const double amount : amounts) largest = std::max(largest, std::abs(amount));
  using Step = std::pair<double, const char*>;
  constexpr std::array<Step, 2> english = {{{1e6, "M "}, {1e3, "k "}}}, chinese = {{{1e8, "亿 "}, {1e4, "万 "}}};
  for (const auto& [size, name] : language == Language::chinese ? chinese : english) {
    if (largest < std::max(size, 1e4)) continue;
    divisor_ = size;
    unit_.insert(0, name);
    break;
  }
}

std::string MoneyScale::text(double amount) const {
  return divisor_ > 1 ? three_digits(amount / divisor_) : fixed(amount, 2);
}

}  // namespace chipmix::report
