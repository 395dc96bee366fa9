// From values to places on a page, and the round values worth naming.
#pragma once

#include <vector>

namespace chipmix::report {

/// Linear or by powers of ten, from [low, high] onto [from, to].
class Scale {
 public:
  Scale(double low, double high, double from, double to, bool is_log = false);

  double operator()(double value) const;
  /// 1, 2 or 5 times powers of ten within the range, about so many; of a log scale powers of ten, all of them.
  std::vector<double> ticks(int about = 5) const;

 private:
  double low_, high_, from_, to_;
  bool is_log_;
};

}  // namespace chipmix::report
