// The tokens of a JSON text (RFC 8259), each with its place; a malformed token says what is wrong with it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace chipmix::io {

/// What is wrong at one byte of a text.
struct TextFault {
  std::size_t offset = 0;
  std::string message;
  std::string hint;
};

/// `cut`: the text ends inside this token; `bad`: see Lexer::fault().
enum class TokenKind {
  open_object,
  close_object,
  open_list,
  close_list,
  colon,
  comma,
  text,
  number,
  word,
  end,
  cut,
  bad
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
};

class Lexer {
 public:
  /// The text must be UTF-8 and outlive the lexer.
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next();
  /// What is wrong with the last token of kind `bad`.
  const TextFault& fault() const { return fault_; }
  std::string_view spelling(const Token& token) const { return text_.substr(token.begin, token.end - token.begin); }

 private:
  Token text_token(std::size_t begin);
  Token number_token(std::size_t begin);
  Token word_token(std::size_t begin);
  Token strange_token(std::size_t begin);
  Token cut(std::size_t begin) const { return {TokenKind::cut, begin, offset_}; }
  Token bad(std::size_t begin, std::size_t at, std::string message, std::string hint = "");
  std::string escape_fault();
  bool read_hex4(unsigned& code);
  bool at(std::size_t i, char c) const { return i < text_.size() && text_[i] == c; }
  bool digits();

  std::string_view text_;
  std::size_t offset_ = 0;
  TextFault fault_;
};

}  // namespace chipmix::io
