#include "report/text_bars.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/utf8.hpp"
#include "report/width.hpp"

namespace chipmix::report {
namespace {

/// A bar over cells [from, to) of a line; the last cell is filled by eighths.
std::string bar(double from, double to) {
  static const std::array<const char*, 9> eighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
  const auto start = static_cast<std::size_t>(std::lround(from));
  const double length = std::max(0.125, to - static_cast<double>(start));
  std::string line(start, ' ');
  for (double left = length; left > 0; left -= 1)
    line += eighths[static_cast<std::size_t>(std::lround(8 * std::min(1.0, left)))];
  return line;
}

std::string padded(std::string text, std::size_t cells) {
  const std::size_t have = display_width(text);
  return have < cells ? text + std::string(cells - have, ' ') : text;
}

}  // namespace

std::string text_bars(const std::string& title, const std::vector<TextBar>& bars, std::size_t columns) {
  constexpr std::size_t least_room = 10, most_label = 28;
  double most = 0;
  std::size_t labels = 0, texts = 0;
  for (const TextBar& one : bars) {
    most = std::max(most, one.to);
    labels = std::max(labels, std::min(most_label, display_width(one.label)));
    texts = std::max(texts, display_width(one.text));
  }
  if (most <= 0 || columns < labels + texts + 4 + least_room) return {};
  const std::size_t room = columns - labels - texts - 4;
  std::string out = printable(title) + "\n";
  for (const TextBar& one : bars) {
    const double scale = static_cast<double>(room) / most;
    out += padded(wrap(printable(one.label), labels).front(), labels) + "  ";
    out += padded(bar(one.from * scale, one.to * scale), room) + "  " + one.text + "\n";
  }
  return out;
}

}  // namespace chipmix::report
