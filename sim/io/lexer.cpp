// JSON tokens after RFC 8259: sections 2 (structure), 3 (words), 6 (numbers) and 7 (text).
#include "io/lexer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/utf8.hpp"

namespace chipmix::io {
namespace {

constexpr std::size_t shown_bytes = 40;  // of a long token in a message

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string word_hint(std::string_view word) {
  if (word == "True" || word == "TRUE") return "write true";
  if (word == "False" || word == "FALSE") return "write false";
  if (word == "None" || word == "NULL" || word == "Null" || word == "nil") return "write null";
  if (word == "NaN" || word == "nan" || word == "Infinity" || word == "inf") return "JSON has no such number";
  return "text needs double quotes";
}

bool begins_a_word(std::string_view word) {
  for (const std::string_view whole : {"true", "false", "null"})
    if (whole.starts_with(word)) return true;
  return false;
}

TokenKind punctuation(char c) {
  switch (c) {
    case '{':
      return TokenKind::open_object;
    case '}':
      return TokenKind::close_object;
    case '[':
      return TokenKind::open_list;
    case ']':
      return TokenKind::close_list;
    case ':':
      return TokenKind::colon;
    case ',':
      return TokenKind::comma;
    default:
      return TokenKind::bad;
  }
}

}  // namespace

Token Lexer::next() {
  while (offset_ < text_.size() && is_blank(text_[offset_])) ++offset_;
  const std::size_t begin = offset_;
  if (begin == text_.size()) return {TokenKind::end, begin, begin};
  const char c = text_[begin];
  if (c == '"') return text_token(begin);
  if (is_digit(c) || c == '-') return number_token(begin);
  if (is_letter(c)) return word_token(begin);
  ++offset_;
  if (const TokenKind kind = punctuation(c); kind != TokenKind::bad) return {kind, begin, offset_};
  return strange_token(begin);
}

Token Lexer::text_token(std::size_t begin) {
  for (offset_ = begin + 1; offset_ < text_.size();) {
    const char c = text_[offset_];
    if (c == '"') return {TokenKind::text, begin, ++offset_};
    if (c == '\n' || c == '\r') return bad(begin, begin, "the text that begins here has no closing quote on its line");
    if (static_cast<unsigned char>(c) < 0x20)
      return bad(begin, offset_, "a control character inside text", c == '\t' ? "write a tab as \\t" : "");
    const std::size_t here = offset_++;
    if (c != '\\') continue;
    const std::string fault = escape_fault();
    if (fault.empty()) continue;
    return offset_ == text_.size() ? cut(begin) : bad(begin, here, fault);
  }
  return cut(begin);
}

/// Steps over what follows a backslash; "" if it is a valid escape.
std::string Lexer::escape_fault() {
  if (offset_ == text_.size()) return "an unterminated escape";
  const char c = text_[offset_++];
  if (c != 'u')
    return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos ? "" : "an unknown escape in text";
  unsigned code = 0;
  if (!read_hex4(code)) return "\\u takes four hexadecimal digits";
  if (code >= 0xDC00 && code <= 0xDFFF) return "half of a surrogate pair";
  if (code < 0xD800 || code > 0xDBFF) return "";
  if (!at(offset_, '\\') || !at(offset_ + 1, 'u')) return "half of a surrogate pair";
  offset_ += 2;
  return read_hex4(code) && code >= 0xDC00 && code <= 0xDFFF ? "" : "half of a surrogate pair";
}

bool Lexer::read_hex4(unsigned& code) {
  code = 0;
  for (int i = 0; i < 4; ++i, ++offset_) {
    if (offset_ == text_.size()) return false;
    const char c = text_[offset_];
    if (is_digit(c))
      code = code * 16 + static_cast<unsigned>(c - '0');
    else if (c >= 'a' && c <= 'f')
      code = code * 16 + static_cast<unsigned>(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
      code = code * 16 + static_cast<unsigned>(c - 'A') + 10;
    else
      return false;
  }
  return true;
}

bool Lexer::digits() {
  const std::size_t begin = offset_;
  while (offset_ < text_.size() && is_digit(text_[offset_])) ++offset_;
  return offset_ > begin;
}

Token Lexer::number_token(std::size_t begin) {
  if (at(offset_, '-')) ++offset_;
  const std::size_t whole = offset_;
  bool good = digits();
  if (good && text_[whole] == '0' && offset_ > whole + 1)
    return bad(begin, begin, "a number does not begin with 0", "remove the leading zeros");
  if (good && at(offset_, '.')) ++offset_, good = digits();
  if (good && (at(offset_, 'e') || at(offset_, 'E'))) {
    ++offset_;
    if (at(offset_, '+') || at(offset_, '-')) ++offset_;
    good = digits();
  }
  const std::string number(text_.substr(begin, offset_ - begin));
  if (offset_ < text_.size() && (is_letter(text_[offset_]) || at(offset_, '.')))
    return bad(begin, begin, fmt::format("'{}{}...' is not a number", number.substr(0, shown_bytes), text_[offset_]),
               "a quantity with its unit needs double quotes, for example \"80 GiB\"");
  if (!good && offset_ == text_.size()) return cut(begin);
  if (!good)
    return bad(begin, begin, fmt::format("'{}' is not a number", number.substr(0, shown_bytes)), "a digit is missing");
  if (!std::isfinite(std::strtod(number.c_str(), nullptr)))
    return bad(begin, begin, fmt::format("the number {} is too large", number.substr(0, shown_bytes)),
               "at most 1.79e308");
  return {TokenKind::number, begin, offset_};
}

Token Lexer::word_token(std::size_t begin) {
  while (offset_ < text_.size() && (is_letter(text_[offset_]) || is_digit(text_[offset_]))) ++offset_;
  const std::string_view word = text_.substr(begin, offset_ - begin);
  if (word == "true" || word == "false" || word == "null") return {TokenKind::word, begin, offset_};
  if (offset_ == text_.size() && begins_a_word(word)) return cut(begin);
  return bad(begin, begin, fmt::format("unexpected '{}'", word.substr(0, shown_bytes)), word_hint(word));
}

Token Lexer::strange_token(std::size_t begin) {
  const char c = text_[begin];
  std::string hint;
  if (c == '\'') hint = "text needs double quotes";
  if (c == '/' || c == '#') hint = "JSON has no comments; use a \"notes\" key where there is one";
  if (c == '+' || c == '.') hint = "a number begins with a digit or a minus sign";
  const std::size_t length = character_at(text_, begin).length;
  return bad(begin, begin, fmt::format("unexpected '{}'", printable(text_.substr(begin, length))), std::move(hint));
}

Token Lexer::bad(std::size_t begin, std::size_t at, std::string message, std::string hint) {
  fault_ = {at, std::move(message), std::move(hint)};
  return {TokenKind::bad, begin, offset_};
}

}  // namespace chipmix::io
