// Characters of UTF-8 text: where each begins, and how many terminal cells it takes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace chipmix {

struct Character {
  char32_t code = 0;
  std::size_t length = 1;  ///< in bytes; 1 for a byte that begins no valid sequence
  bool valid = false;
};

/// The character that begins at byte `offset`, which must be less than text.size(). Over-long forms, surrogates and
/// codes above U+10FFFF are not valid (RFC 3629, section 3).
Character character_at(std::string_view text, std::size_t offset);

/// The offset of the first byte that is not UTF-8, if there is one.
std::optional<std::size_t> first_invalid_byte(std::string_view text);

/// Number of characters (code points; an invalid byte counts as one).
std::size_t characters(std::string_view text);

/// Terminal cells a character takes: 2 for East Asian wide ones, 0 for combining marks (Unicode TR 11).
int cells(char32_t code);

/// The text with nothing in it that steers a terminal or turns the line around: control characters and marks of
/// direction as "\\u001B", invalid bytes as U+FFFD.
std::string printable(std::string_view text);

/// The same of every line of a text; line ends stay.
std::string printable_lines(std::string_view text);

/// The text with U+FFFD for every byte that is not UTF-8.
std::string as_utf8(std::string_view text);

}  // namespace chipmix
