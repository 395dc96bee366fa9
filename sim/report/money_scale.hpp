// One unit of money for a whole column, so that amounts stand under one another and keep their digits.
#pragma once

#include <string>
#include <vector>

#include "base/money.hpp"
#include "report/texts/language.hpp"

namespace chipmix::report {

class MoneyScale {
 public:
  /// Millions, thousands or units (in Chinese 亿, 万 or units), so that the largest amount has at least three digits.
  MoneyScale(const std::vector<double>& amounts, const Currency& currency, Language language = Language::english);

  /// "M CNY", "k USD" or "USD".
  const std::string& unit() const { return unit_; }
  double divisor() const { return divisor_; }
  /// Without the unit, with the digits that money() has.
  std::string text(double amount) const;

 private:
  double divisor_ = 1;
  std::string unit_;
};

}  // namespace chipmix::report
