// Charts as inline SVG: literal colours, names on the marks, and a sentence for who cannot see them. The same data
// gives the same bytes; without data a chart is empty. Each is drawn for a page and for a phone.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace chipmix::report {

/// What every chart says of itself.
struct Words {
  std::string title, description;
};

/// A value with its interval and, if it has one, the most it may be; drawn from zero.
struct Bar {
  std::string label;
  double low = 0, value = 0, high = 0;
  std::string text;  ///< of the value
  std::string colour{};
  double cap = 0;
  bool is_emphasised = false;  ///< where one bar is, the others are muted
};
/// `is_column`: beside other things on a page.
std::string bars(const Words& words, const std::vector<Bar>& bars, bool is_column = false);

/// Parts of a whole side by side, in the order of `names`; `limit`: a mark, where there is one.
struct Stack {
  std::string label;
  std::vector<double> parts;
  std::string text{};  ///< of the whole
  double limit = 0;
};
/// `unit`: of the parts, for what they say of themselves; "%" for shares of one.
std::string stacks(const Words& words, const std::vector<std::string>& names, const std::vector<Stack>& stacks,
                   const std::string& unit = "%");

/// From one total to another by what lies between.
struct Rise {
  std::string label;
  double amount = 0;
  std::string text;
  bool is_total = false;  ///< drawn from zero; what follows goes on from it
};
std::string waterfall(const Words& words, const std::vector<Rise>& rises);

/// What a figure at the ends of its range does to a whole, as factors on it.
struct Swing {
  std::string label;
  double at_low = 1, at_high = 1;
};
/// `ends`: what the low and the high end of a range are called.
std::string tornado(const Words& words, const std::vector<Swing>& swings, const std::array<std::string, 2>& ends);

/// Stretches of time in rows.
struct Span {
  double from = 0, to = 0;
  std::string colour, tip;
};
struct SpanRow {
  std::string label;
  std::vector<Span> spans;
  std::string text{};  ///< at the row's end
};
/// `unit`: of the axis, from 0 to `end`. Many short spans of one colour are drawn as one area.
std::string spans(const Words& words, const std::string& unit, double end, const std::vector<SpanRow>& rows);

/// Values in a grid, each with its words; the colour runs from blue (below `middle`) to orange (above).
struct HeatMap {
  std::string x_name;
  std::vector<std::string> x, y;
  std::vector<std::vector<double>> cells;  ///< [y][x]; not a number: nothing known
  std::vector<std::vector<std::string>> text;
  double middle = 0;
};
std::string heat_map(const Words& words, const HeatMap& map);

}  // namespace chipmix::report
