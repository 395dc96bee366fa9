// Characters of UTF-8 text (RFC 3629) and their width on a terminal (Unicode TR 11).
#include "base/utf8.hpp"

#include <algorithm>
#include <array>

namespace chipmix {
namespace {

struct Range {
  char32_t first, last;
};

bool in(const auto& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [&](Range r) { return r.first <= code && code <= r.last; });
}

unsigned byte_at(std::string_view text, std::size_t offset) { return static_cast<unsigned char>(text[offset]); }

/// Length announced by a first byte; 0 if it cannot begin a character.
std::size_t announced_length(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

bool is_scalar(char32_t code, std::size_t length) {
  static constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  return code >= smallest[length] && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
}

}  // namespace

Character character_at(std::string_view text, std::size_t offset) {
  const unsigned lead = byte_at(text, offset);
  const std::size_t length = announced_length(lead);
  if (length == 1) return {lead, 1, true};
  if (length == 0 || text.size() - offset < length) return {lead, 1, false};
  char32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned next = byte_at(text, offset + i);
    if ((next & 0xC0u) != 0x80u) return {lead, 1, false};
    code = code << 6 | (next & 0x3Fu);
  }
  return is_scalar(code, length) ? Character{code, length, true} : Character{lead, 1, false};
}

std::optional<std::size_t> first_invalid_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Character character = character_at(text, i);
    if (!character.valid) return i;
    i += character.length;
  }
  return std::nullopt;
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); i += character_at(text, i).length) ++count;
  return count;
}

int cells(char32_t code) {
  static constexpr std::array combining = {Range{0x0300, 0x036F}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF},
                                           Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}};
  static constexpr std::array wide = {Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},  Range{0x3041, 0xA4CF},
                                      Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},  Range{0xFE30, 0xFE6F},
                                      Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},  Range{0x1F300, 0x1F64F},
                                      Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
  if (in(combining, code)) return 0;
  return in(wide, code) ? 2 : 1;
}

namespace {

/// Control characters but the tab; line and paragraph separators; marks, embeddings, overrides and isolates of the
/// bidirectional algorithm (Unicode Standard Annex 9, section 2); the byte order mark.
bool steers(char32_t code) {
  static constexpr std::array ranges = {Range{0x00, 0x08},     Range{0x0A, 0x1F},     Range{0x7F, 0x9F},
                                        Range{0x061C, 0x061C}, Range{0x200E, 0x200F}, Range{0x2028, 0x202E},
                                        Range{0x2066, 0x2069}, Range{0xFEFF, 0xFEFF}};
  return in(ranges, code);
}

std::string written(char32_t code) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) text += digits[(code >> static_cast<unsigned>(shift)) & 0xFu];
  return text;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = character_at(text, i);
    if (!character.valid)
      result += "\uFFFD";
    else if (steers(character.code))
      result += written(character.code);
    else
      result += text.substr(i, character.length);
    i += character.length;
  }
  return result;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (begin > 0) out += '\n';
    out += printable(line);
    begin = end + 1;
  }
  return out;
}

std::string as_utf8(std::string_view text) {
  if (!first_invalid_byte(text)) return std::string(text);
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = character_at(text, i);
    result += character.valid ? text.substr(i, character.length) : std::string_view("\uFFFD");
    i += character.length;
  }
  return result;
}

}  // namespace chipmix
