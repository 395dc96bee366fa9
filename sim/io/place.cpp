// Lines, columns and JSON pointers (RFC 6901).
#include <algorithm>

#include "base/utf8.hpp"
#include "io/scanner.hpp"

namespace chipmix::io {
namespace {

constexpr std::size_t kept_bytes = 1000;  // of a long line, on either side of the place

std::size_t line_begin(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  const std::size_t newline = text.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::size_t line_end(std::string_view text, std::size_t offset) {
  return std::min(text.find('\n', offset), text.size());
}

/// Moves back to where a character begins, at most the three bytes a character can need.
std::size_t character_begin(std::string_view text, std::size_t offset) {
  for (int i = 0; i < 3 && offset > 0 && offset < text.size(); ++i, --offset)
    if ((static_cast<unsigned char>(text[offset]) & 0xC0u) != 0x80u) break;
  return offset;
}

}  // namespace

Place place_at(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  const std::size_t begin = line_begin(text, offset);
  return {static_cast<int>(lines) + 1, static_cast<int>(characters(text.substr(begin, offset - begin))) + 1};
}

Diagnostic diagnostic_at(const std::string& file, std::string_view text, const TextFault& fault) {
  const std::size_t offset = std::min(fault.offset, text.size());
  std::size_t begin = line_begin(text, offset);
  std::size_t end = line_end(text, offset);
  if (offset - begin > kept_bytes) begin = character_begin(text, offset - kept_bytes);
  if (end - offset > kept_bytes) end = character_begin(text, offset + kept_bytes);
  Diagnostic diagnostic;
  diagnostic.file = file;
  diagnostic.place = place_at(text, offset);
  diagnostic.message = fault.message;
  diagnostic.hint = fault.hint;
  diagnostic.source_line = std::string(text.substr(begin, end - begin));
  if (diagnostic.source_line.ends_with('\r')) diagnostic.source_line.pop_back();
  diagnostic.source_start = diagnostic.place.column - static_cast<int>(characters(text.substr(begin, offset - begin)));
  return diagnostic;
}

std::vector<std::string> pointer_tokens(std::string_view pointer) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/')
      tokens.emplace_back();
    else if (pointer[i] == '~' && i + 1 < pointer.size() && !tokens.empty())
      tokens.back() += pointer[++i] == '1' ? '/' : '~';
    else if (!tokens.empty())
      tokens.back() += pointer[i];
  }
  return tokens;
}

std::string pointer_token(std::string_view token) {
  std::string escaped = "/";
  for (const char c : token) {
    if (c == '~')
      escaped += "~0";
    else if (c == '/')
      escaped += "~1";
    else
      escaped += c;
  }
  return escaped;
}

}  // namespace chipmix::io
