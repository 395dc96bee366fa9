// Charts as inline SVG: fixed size, literal colours, titles that screen readers read. The same data gives the same
// bytes.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace chipmix::report {

/// Okabe and Ito's colours, told apart by colour-blind readers (jfly.uni-koeln.de/color, 2008).
inline constexpr std::array palette = {"#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#7f7f7f"};

/// Text between tags or within quotes of an attribute.
std::string escaped(const std::string& text);

/// A value with its interval, drawn from zero.
struct Bar {
  std::string label;
  double low = 0, value = 0, high = 0;
  std::string text;  ///< of the value
};

/// Horizontal bars with whiskers from `low` to `high`.
std::string bars(const std::string& title, const std::string& description, const std::vector<Bar>& bars);

/// Shares of one whole, side by side; `parts` in the order of `names`.
struct Stack {
  std::string label;
  std::vector<double> parts;
};
std::string stacks(const std::string& title, const std::string& description, const std::vector<std::string>& names,
                   const std::vector<Stack>& stacks);

/// Points with labels; filled where `front`.
struct Point {
  std::string label;
  double x = 0, y = 0;
  bool front = false;
};
std::string points(const std::string& title, const std::string& description, const std::string& x_name,
                   const std::string& y_name, const std::vector<Point>& points);

}  // namespace chipmix::report
