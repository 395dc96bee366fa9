// Something to draw on: marks in the order they are made, one SVG at the end. The same marks give the same bytes.
#pragma once

#include <string>

namespace chipmix::report {

/// Text between tags or within quotes of an attribute.
std::string escaped(const std::string& text);

/// Coordinates in units of a page `width` wide. Colours of text and lines follow the reader's theme; a `tip` is what a
/// mark says of itself.
class Canvas {
 public:
  static constexpr double width = 760;
  static constexpr double character = 7.6;  ///< width of one, on average, in the labels' font

  /// Room for so many characters of the labels' font.
  static double room(const std::string& words);

  /// `space`: cut, with an ellipsis, to what fits; 0: as it is. `anchor` as in SVG.
  void text(double x, double y, const std::string& words, const char* anchor = "start", double space = 0);
  void line(double x1, double y1, double x2, double y2, const char* kind = "axis");
  void rectangle(double x, double y, double w, double h, const std::string& colour, const std::string& tip,
                 double opacity = 1);
  /// Filled, or a ring.
  void circle(double x, double y, double r, const std::string& colour, bool is_filled, const std::string& tip);
  /// Through points as in SVG's `d`.
  void path(const std::string& d, const std::string& colour, const std::string& tip);
  /// An area of one colour.
  void area(const std::string& d, const std::string& colour, const std::string& tip);
  /// Coloured squares with names, from x on; the next free y.
  double legend(double y, const std::string* names, const char* const* colours, std::size_t count);

  /// What was drawn, as an element that says what it is.
  std::string svg(const std::string& title, const std::string& description, double height) const;

 private:
  std::string marks_;
};

}  // namespace chipmix::report
