// Measured against fitted times, on logarithmic axes, as an SVG file of its own.
#pragma once

#include <string>
#include <vector>

namespace chipmix::report {

struct FitPoint {
  double measured = 0, fitted = 0;  ///< s
  std::string series, label;
};

/// `band`: share by which the lines beside the diagonal stand apart. Empty without points above zero.
std::string fit_figure(const std::string& title, const std::vector<FitPoint>& points, double band);

}  // namespace chipmix::report
