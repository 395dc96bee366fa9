// Rows of a chart, one under another: a name, a strip to draw in, words of its value. On a page they stand side by
// side; on a phone name and value stand above the strip, which has the whole width.
#pragma once

#include <string>

#include "report/chart/canvas.hpp"

namespace chipmix::report {

class Rows {
 public:
  /// `labels`, `texts`: room on a page for names and for values; `top`: of the first row; `thick`: height of a strip.
  Rows(Canvas& canvas, double labels, double texts, double top, double thick)
      : canvas_(canvas), labels_(labels), texts_(texts), thick_(thick), bottom_(top) {}

  double left() const { return canvas_.is_narrow() ? 0 : labels_; }
  double right() const { return canvas_.width() - (canvas_.is_narrow() ? 0 : texts_); }
  double thick() const { return thick_; }

  /// The next row's name and value; the top of its strip.
  double next(const std::string& name, const std::string& value, bool is_strong = false) {
    constexpr double line = 19, gap = 12;
    const double foot = bottom_;
    bottom_ += thick_ + gap + (canvas_.is_narrow() ? line : 0);
    if (canvas_.is_narrow()) {
      canvas_.text(0, foot + line - 6, name, "start", canvas_.width() - Canvas::room(value) - 8, is_strong);
      canvas_.text(canvas_.width(), foot + line - 6, value, "end", 0, is_strong);
      return foot + line;
    }
    canvas_.text(0, foot + thick_ / 2 + 4, name, "start", labels_ - 8, is_strong);
    canvas_.text(canvas_.width(), foot + thick_ / 2 + 4, value, "end", texts_, is_strong);
    return foot;
  }

  /// Below the last row.
  double bottom() const { return bottom_; }

 private:
  Canvas& canvas_;
  double labels_, texts_, thick_, bottom_;
};

}  // namespace chipmix::report
