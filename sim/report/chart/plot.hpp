// Lines and points between two axes.
#pragma once

#include <string>
#include <vector>

#include "report/chart/charts.hpp"

namespace chipmix::report {

struct Axis {
  std::string name;  ///< with its unit
  double low = 0, high = 1;
  bool is_log = false;
};

struct Dot {
  double x = 0, y = 0;
  std::string colour, tip;
  bool is_filled = true;
  std::string label{};  ///< beside the plot, with a line to it
};

struct Curve {
  std::string label;  ///< at its right end
  std::vector<std::pair<double, double>> points;
  std::string colour;
};

struct Plot {
  Axis x, y;
  std::vector<Curve> curves;
  std::vector<Dot> dots;
  std::vector<std::pair<std::string, const char*>> legend{};  ///< names of colours
};

/// What lies outside the axes is not drawn.
std::string plot(const Words& words, const Plot& plot);

}  // namespace chipmix::report
