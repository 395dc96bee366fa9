#include "report/chart/canvas.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/width.hpp"

namespace chipmix::report {
namespace {

std::string titled(const std::string& tip) { return tip.empty() ? "" : "<title>" + escaped(tip) + "</title>"; }

/// Cut to what fits into so many units, with an ellipsis.
std::string fitted(const std::string& text, double space) {
  const auto cells = static_cast<std::size_t>(space / Canvas::character);
  if (space <= 0 || display_width(text) <= cells) return text;
  return wrap(text, std::max<std::size_t>(2, cells - 1)).front() + "…";
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string safe;
  for (char c : text) switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  return safe;
}

double Canvas::room(const std::string& words) { return character * static_cast<double>(display_width(words)); }

void Canvas::text(double x, double y, const std::string& words, const char* anchor, double space, bool is_strong) {
  if (!words.empty())
    marks_ += fmt::format("<text{} x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                          is_strong ? " class=\"strong\"" : "", x, y, anchor, escaped(fitted(words, space)));
}

void Canvas::line(double x1, double y1, double x2, double y2, const char* kind) {
  marks_ += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", kind, x1, y1,
                        x2, y2);
}

void Canvas::rectangle(double x, double y, double w, double h, const std::string& colour, const std::string& tip,
                       double opacity) {
  marks_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"{}>{}</rect>\n",
                        x, y, std::max(0.5, w), h, colour,
                        opacity < 1 ? fmt::format(" fill-opacity=\"{:.2f}\"", opacity) : "", titled(tip));
}

void Canvas::circle(double x, double y, double r, const std::string& colour, bool is_filled, const std::string& tip) {
  marks_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\" fill=\"{}\" stroke=\"{}\">{}</circle>\n", x, y,
                        r, is_filled ? colour : "none", colour, titled(tip));
}

void Canvas::path(const std::string& d, const std::string& colour, const std::string& tip) {
  marks_ +=
      fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\">{}</path>\n", d, colour, titled(tip));
}

void Canvas::area(const std::string& d, const std::string& colour, const std::string& tip) {
  marks_ += fmt::format("<path d=\"{}\" fill=\"{}\">{}</path>\n", d, colour, titled(tip));
}

double Canvas::legend(double y, const std::string* names, const char* const* colours, std::size_t count) {
  constexpr double row = 20, square = 12, gap = 34;
  double x = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double wide = gap + room(names[i]);
    if (x > 0 && x + wide > width()) x = 0, y += row;
    rectangle(x, y + 2, square, square, colours[i], "");
    text(x + square + 4, y + 13, names[i]);
    x += wide;
  }
  return y + row + 4;
}

std::string Canvas::svg(const std::string& title, const std::string& description, double height) const {
  return fmt::format(
      "<svg class=\"{}\" role=\"img\" viewBox=\"0 0 {:g} {:.0f}\" "
      "xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title>"
      "<desc>{}</desc>\n{}</svg>\n",
      measure_ == Measure::phone ? "phone" : "page", width(), height, escaped(title), escaped(description), marks_);
}

}  // namespace chipmix::report
