#include "interop/shell_pattern.hpp"

#include <vector>

namespace chipmix::interop {
namespace {

constexpr std::size_t longest_matched = 512;  // letters of a text or pattern; far above any name in a script

/// Whether the set at the front of the pattern ("[a-z]") holds the letter; `length` is that of the set, 0 if it is
/// none.
bool in_set(std::string_view pattern, char c, std::size_t& length) {
  const std::size_t close = pattern.find(']', 2);
  length = close == std::string_view::npos ? 0 : close + 1;
  if (length == 0) return false;
  std::string_view set = pattern.substr(1, close - 1);
  const bool negated = set.starts_with('!') || set.starts_with('^');
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i)
    if (i + 2 < set.size() && set[i + 1] == '-')
      found = found || (set[i] <= c && c <= set[i + 2]), i += 2;
    else
      found = found || set[i] == c;
  return found != negated;
}

}  // namespace

/// The usual walk: at a mismatch, the last star takes one letter more.
bool matches(std::string_view text, std::string_view pattern) {
  if (text.size() > longest_matched || pattern.size() > longest_matched) return false;
  constexpr std::size_t none = std::string_view::npos;
  std::size_t t = 0, p = 0, star = none, after = 0;
  while (t < text.size()) {
    std::size_t set = 0;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++, after = t;
    } else if (p < pattern.size() && pattern[p] == '[' && in_set(pattern.substr(p), text[t], set) && set > 0) {
      p += set, ++t;
    } else if (p < pattern.size() && (pattern[p] == '?' || (pattern[p] == text[t] && set == 0))) {
      ++p, ++t;
    } else if (star != none) {
      p = star + 1, t = ++after;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string without(std::string_view text, std::string_view op, std::string_view pattern) {
  if (text.size() > longest_matched) return std::string(text);
  const bool back = op.front() == '%', most = op.size() == 2;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const std::size_t length = most ? text.size() - i : i;  // of what is taken away
    const std::string_view part = back ? text.substr(text.size() - length) : text.substr(0, length);
    if (matches(part, pattern)) return std::string(back ? text.substr(0, text.size() - length) : text.substr(length));
  }
  return std::string(text);
}

std::string replaced(std::string_view text, std::string_view pattern, std::string_view replacement, bool all) {
  std::string made;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = text.size() <= longest_matched ? text.size() - i : 0;
    while (length > 0 && !matches(text.substr(i, length), pattern)) --length;
    if (length == 0) {
      made += text[i++];
      continue;
    }
    made += replacement;
    i += length;
    if (!all) return made + std::string(text.substr(i));
  }
  return made;
}

}  // namespace chipmix::interop
