// Something to draw on: marks in the order they are made, one SVG at the end. The same marks give the same bytes.
#pragma once

#include <string>

namespace chipmix::report {

/// Text between tags or within quotes of an attribute.
std::string escaped(const std::string& text);

/// What a chart is drawn for: the measure of a page, a column of one, or a phone's.
enum class Measure { page, column, phone };

/// Coordinates in units of a drawing `width()` wide. Colours of text and lines follow the reader's theme; a `tip` is
/// what a mark says of itself.
class Canvas {
 public:
  static constexpr double character = 7.6;  ///< width of one, on average, in the labels' font

  explicit Canvas(Measure measure = Measure::page) : measure_(measure) {}

  double width() const { return measure_ == Measure::page ? 900 : measure_ == Measure::column ? 560 : 358; }
  /// Names stand above what they name.
  bool is_narrow() const { return measure_ != Measure::page; }

  /// Room for so many characters of the labels' font.
  static double room(const std::string& words);

  /// `space`: cut, with an ellipsis, to what fits; 0: as it is. `anchor` as in SVG.
  void text(double x, double y, const std::string& words, const char* anchor = "start", double space = 0,
            bool is_strong = false);
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
  Measure measure_;
  std::string marks_;
};

/// The same chart for each measure; style sheets show the one that fits. `draw` fills a canvas and says how high it is;
/// 0: there is nothing to draw. `wide`: the measure of all but phones.
template <class Words, class Draw>
std::string drawn(const Words& words, Draw draw, Measure wide = Measure::page) {
  std::string out;
  for (const Measure measure : {wide, Measure::phone}) {
    Canvas canvas(measure);
    const double height = draw(canvas);
    if (height <= 0) return {};
    out += canvas.svg(words.title, words.description, height);
  }
  return out;
}

}  // namespace chipmix::report
