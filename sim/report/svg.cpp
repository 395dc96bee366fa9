#include "report/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/number.hpp"
#include "report/width.hpp"

namespace chipmix::report {
namespace {

constexpr double width = 760, label_width = 190, value_width = 110, row = 34, bar_height = 18;
constexpr double plot_width = width - label_width - value_width;
constexpr double character = 7.2;  // of the labels' font, on average

std::string open(const std::string& title, const std::string& description, double height) {
  return fmt::format(
      "<svg role=\"img\" viewBox=\"0 0 {:g} {:g}\" "
      "xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title><desc>{}</desc>\n",
      width, height, escaped(title), escaped(description));
}

/// Cut to what fits into so many units, with an ellipsis.
std::string fitted(const std::string& text, double space) {
  const auto cells = static_cast<std::size_t>(space / character);
  if (display_width(text) <= cells) return text;
  const std::vector<std::string> lines = wrap(text, std::max<std::size_t>(2, cells - 1));
  return lines.front() + "…";
}

std::string text(double x, double y, const std::string& words, const char* anchor = "start") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, escaped(words));
}

std::string rectangle(double x, double y, double w, double h, const std::string& colour, const std::string& tip) {
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"><title>{}</title></rect>\n", x, y,
      std::max(0.5, w), h, colour, escaped(tip));
}

std::string line(double x1, double y1, double x2, double y2) {
  return fmt::format("<line class=\"axis\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", x1, y1, x2,
                     y2);
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

std::string bars(const std::string& title, const std::string& description, const std::vector<Bar>& bars) {
  double most = 0;
  for (const Bar& bar : bars) most = std::max(most, bar.high);
  if (most <= 0) return {};
  const auto x = [&](double value) { return label_width + plot_width * value / most; };
  std::string svg = open(title, description, row * static_cast<double>(bars.size()) + 8);
  double y = 8;
  for (const Bar& bar : bars) {
    const double middle = y + bar_height / 2;
    svg += text(0, middle + 4, fitted(bar.label, label_width - 8));
    svg += rectangle(label_width, y, x(bar.value) - label_width, bar_height, palette[0], bar.label + ": " + bar.text);
    svg += line(x(bar.low), middle, x(bar.high), middle);
    for (double end : {bar.low, bar.high}) svg += line(x(end), middle - 5, x(end), middle + 5);
    svg += text(width, middle + 4, bar.text, "end");
    y += row;
  }
  return svg + "</svg>\n";
}

std::string stacks(const std::string& title, const std::string& description, const std::vector<std::string>& names,
                   const std::vector<Stack>& stacks) {
  const double legend = 26, full = width - label_width;
  std::string svg = open(title, description, legend + row * static_cast<double>(stacks.size()) + 8);
  double x = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    svg += rectangle(x, 2, 12, 12, palette[i % palette.size()], names[i]);
    svg += text(x + 16, 13, names[i]);
    x += 30 + 1.1 * character * static_cast<double>(display_width(names[i]));
  }
  double y = legend;
  for (const Stack& stack : stacks) {
    svg += text(0, y + bar_height / 2 + 4, fitted(stack.label, label_width - 8));
    double from = label_width;
    for (std::size_t i = 0; i < stack.parts.size(); ++i) {
      const double part = full * stack.parts[i];
      if (stack.parts[i] <= 0) continue;
      svg += rectangle(from, y, part, bar_height, palette[i % palette.size()],
                       fmt::format("{}, {}: {}", stack.label, names[i], percent(stack.parts[i])));
      from += part;
    }
    y += row;
  }
  return svg + "</svg>\n";
}

std::string points(const std::string& title, const std::string& description, const std::string& x_name,
                   const std::string& y_name, const std::vector<Point>& points) {
  constexpr double height = 320, left = 70, bottom = 44, top = 36, right = 150, label_height = 15;
  double most_x = 0, most_y = 0;
  for (const Point& point : points) most_x = std::max(most_x, point.x), most_y = std::max(most_y, point.y);
  if (most_x <= 0 || most_y <= 0) return {};
  const auto x = [&](double value) { return left + (width - left - right) * value / most_x; };
  const auto y = [&](double value) { return height - bottom - (height - bottom - top) * value / most_y; };
  std::string svg = open(title, description, height);
  svg += line(left, height - bottom, width - right, height - bottom) + line(left, top, left, height - bottom);
  svg += text(width - right, height - 10, x_name, "end") + text(0, top - 20, y_name);
  for (double share : {0.0, 0.5, 1.0}) {
    svg += text(x(share * most_x), height - bottom + 16, significant(share * most_x), "middle");
    svg += text(left - 6, y(share * most_y) + 4, significant(share * most_y), "end");
  }
  std::vector<Point> sorted = points;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Point& a, const Point& b) { return a.y > b.y; });
  double lowest = 0;  // label so far: none is drawn over another
  for (const Point& point : sorted) {
    svg += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\" fill=\"{}\" stroke=\"{}\"><title>{}</title></circle>\n",
        x(point.x), y(point.y), point.front ? palette[0] : "none", point.front ? palette[0] : palette[6],
        escaped(point.label));
    lowest = std::max(y(point.y) + 4, lowest + label_height);
    svg += text(x(point.x) + 10, lowest, fitted(point.label, right - 14));
  }
  return svg + "</svg>\n";
}

}  // namespace chipmix::report
