// Bars of characters, for a terminal.
#pragma once

#include <string>
#include <vector>

namespace chipmix::report {

struct TextBar {
  std::string label;
  double from = 0, to = 0;  ///< from >= 0
  std::string text;
};

/// A line for each bar on one scale from 0, to an eighth of a character (U+2588 to U+258F), `columns` wide in all.
/// Empty where there is nothing to draw or no room.
std::string text_bars(const std::string& title, const std::vector<TextBar>& bars, std::size_t columns);

}  // namespace chipmix::report
