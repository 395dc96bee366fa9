// Writes a fault the way compilers do: where, what, the user's own line with a caret, and what to do about it.
#include "base/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/utf8.hpp"

namespace chipmix {
namespace {

constexpr std::size_t shown_characters = 120;     // of a long source line
constexpr std::size_t message_characters = 1000;  // of a long message or hint

std::string where(const Diagnostic& diagnostic) {
  const std::string file = printable(diagnostic.file);
  if (diagnostic.place.line > 0) return fmt::format("{}:{}:{}: ", file, diagnostic.place.line, diagnostic.place.column);
  return file.empty() ? "" : file + ": ";
}

/// The offset at which the character with this number (from 0) begins, or the end of the text.
std::size_t offset_of(std::string_view text, std::size_t number) {
  std::size_t offset = 0;
  for (; number > 0 && offset < text.size(); --number) offset += character_at(text, offset).length;
  return offset;
}

/// Blanks as wide as the text: tabs stay tabs, wide characters take two.
std::string blanks_for(std::string_view text) {
  std::string blanks;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = character_at(text, i);
    if (character.code == '\t')
      blanks += '\t';
    else
      blanks.append(static_cast<std::size_t>(cells(character.code)), ' ');
    i += character.length;
  }
  return blanks;
}

struct Excerpt {
  std::string before;  ///< what stands before the caret
  std::string after;
};

/// The line without its indentation, cut around the caret if it is long.
Excerpt excerpt(const Diagnostic& diagnostic) {
  const int column = std::max(0, diagnostic.place.column - diagnostic.source_start);
  const std::string& line = diagnostic.source_line;
  const std::size_t caret = offset_of(line, static_cast<std::size_t>(column));
  Excerpt parts{printable(line.substr(0, caret)), printable(line.substr(caret))};
  parts.before.erase(0, std::min(parts.before.find_first_not_of(" \t"), parts.before.size()));
  if (const std::size_t length = characters(parts.before); length > shown_characters / 2)
    parts.before = fmt::format("...{}", parts.before.substr(offset_of(parts.before, length - shown_characters / 2)));
  if (const std::size_t room = shown_characters - characters(parts.before); characters(parts.after) > room)
    parts.after = parts.after.substr(0, offset_of(parts.after, room)) + "...";
  return parts;
}

/// A message may quote a key or a value of any length: its middle is left out then.
std::string shortened(const std::string& text) {
  const std::size_t length = characters(text);
  if (length <= message_characters) return text;
  const std::size_t half = message_characters / 2;
  return text.substr(0, offset_of(text, half)) + "..." + text.substr(offset_of(text, length - half));
}

}  // namespace

std::string to_text(const Diagnostic& diagnostic) {
  std::string text = fmt::format("{}error: {}", where(diagnostic), shortened(printable(diagnostic.message)));
  if (!diagnostic.source_line.empty()) {
    const Excerpt line = excerpt(diagnostic);
    text += fmt::format("\n    {}{}\n    {}^", line.before, line.after, blanks_for(line.before));
  }
  if (!diagnostic.hint.empty()) text += fmt::format("\n  hint: {}", shortened(printable(diagnostic.hint)));
  return text;
}

InputError::InputError(std::vector<Diagnostic> diagnostics) : diagnostics_(std::move(diagnostics)) {
  for (const Diagnostic& diagnostic : diagnostics_) {
    if (!text_.empty()) text_ += "\n";
    text_ += to_text(diagnostic);
  }
}

}  // namespace chipmix
