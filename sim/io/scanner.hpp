// Walks a JSON text without recursion: finds every syntax fault before anything else reads it, and where values stand.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "io/lexer.hpp"

namespace chipmix::io {

inline constexpr std::size_t deepest_nesting = 100;  ///< brackets inside brackets
inline constexpr std::size_t most_members = 4096;    ///< keys of one object
inline constexpr std::size_t most_faults = 100;      ///< faults of one text worth showing

/// Bad syntax (at most one: what follows it is guesswork), and all duplicate keys before it. `text` must be UTF-8.
std::vector<TextFault> syntax_faults(std::string_view text);

/// Byte offsets of a value and of its key (the value's own for list elements and the root).
struct Location {
  std::size_t value = 0;
  std::size_t key = 0;
};

/// Where the value at a JSON pointer (RFC 6901) stands in a text without syntax faults.
std::optional<Location> locate(std::string_view text, std::string_view pointer);

/// Line and column (code points, from 1) of a byte offset.
Place place_at(std::string_view text, std::size_t offset);

/// A diagnostic at a byte of the text, with the line it stands on (cut if it is very long).
Diagnostic diagnostic_at(const std::string& file, std::string_view text, const TextFault& fault);

/// The reference tokens of a JSON pointer, unescaped; and one token escaped, with its leading slash.
std::vector<std::string> pointer_tokens(std::string_view pointer);
std::string pointer_token(std::string_view token);

}  // namespace chipmix::io
