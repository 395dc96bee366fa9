#include "report/width.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace chipmix::report {
namespace {

std::size_t width_of(char32_t code) { return static_cast<std::size_t>(cells(code)); }

/// Pieces that must not be broken if they fit: a word, a wide character with its marks, or a run of spaces.
std::vector<std::string> pieces(std::string_view line) {
  enum class Kind { none, space, word, wide };
  std::vector<std::string> list;
  Kind last = Kind::none;
  for (std::size_t i = 0; i < line.size();) {
    const Character character = character_at(line, i);
    const std::size_t width = width_of(character.code);
    Kind kind = character.code == ' ' ? Kind::space : width == 2 ? Kind::wide : Kind::word;
    const bool joins = !list.empty() && (width == 0 || (kind == last && kind != Kind::wide));
    if (!joins) list.emplace_back();
    list.back() += line.substr(i, character.length);
    if (width > 0) last = kind;
    i += character.length;
  }
  return list;
}

/// Appends a piece wider than a line, character by character.
void append_broken(std::vector<std::string>& lines, std::string_view piece, std::size_t width) {
  for (std::size_t i = 0; i < piece.size();) {
    const Character character = character_at(piece, i);
    if (display_width(lines.back()) + width_of(character.code) > width) lines.emplace_back();
    lines.back() += piece.substr(i, character.length);
    i += character.length;
  }
}

void drop_last_spaces(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

void wrap_line(std::vector<std::string>& lines, std::string_view text, std::size_t width) {
  lines.emplace_back();
  bool broken = false;  // the line began by wrapping: spaces at its start are dropped
  for (const auto& piece : pieces(text)) {
    const std::size_t used = display_width(lines.back());
    const std::size_t needed = display_width(piece);
    if (piece.front() == ' ') {
      if (!(broken && used == 0)) lines.back() += piece.substr(0, width > used ? width - used : 0);
      continue;
    }
    if (used > 0 && used + needed > width) {
      drop_last_spaces(lines.back());
      lines.emplace_back();
      broken = true;
    }
    if (needed > width)
      append_broken(lines, piece, width);
    else
      lines.back() += piece;
  }
  drop_last_spaces(lines.back());
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = character_at(text, i);
    width += character.valid ? width_of(character.code) : 1;
    i += character.length;
  }
  return width;
}

std::string pad(std::string_view text, std::size_t width, Align align) {
  const std::size_t used = display_width(text);
  std::string padded(text);
  padded.insert(align == Align::right ? 0 : padded.size(), used < width ? width - used : 0, ' ');
  return padded;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    wrap_line(lines, text.substr(begin, end - begin), std::max<std::size_t>(width, 2));
    begin = end + 1;
  }
  return lines;
}

}  // namespace chipmix::report
