// Words of a shell script, expanded as bash does: quotes, variables, arrays, defaults, whole-number arithmetic.
// What a script computes in other ways (most commands), or does not set, is kept as a gap, never guessed.
#pragma once

#include <cctype>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "interop/word.hpp"

namespace chipmix::interop {

inline bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

struct Variable {
  std::vector<Word> elements;  ///< one, unless it is an array
  bool is_array = false;
};
using Variables = std::map<std::string, Variable, std::less<>>;

class ShellWords {
 public:
  /// Throws InputError where quotes or brackets are not closed, or variables grow beyond reason.
  /// `fixed`: where all of it is said to stand, for text that another one brings in.
  ShellWords(std::string file, std::string_view text, Variables& variables, std::optional<std::size_t> fixed = {})
      : file_(std::move(file)), text_(text), variables_(variables), fixed_(fixed) {}

  bool ended() const { return offset_ >= text_.size(); }
  char next() const { return ended() ? '\0' : text_[offset_]; }
  std::size_t offset() const { return offset_; }
  void skip(std::size_t bytes = 1) { offset_ += bytes; }
  void seek(std::size_t offset) { offset_ = offset; }
  std::size_t place(std::size_t offset) const { return fixed_.value_or(offset); }
  bool starts(std::string_view word) const { return text_.substr(offset_).starts_with(word); }
  /// The letters up to the next blank or separator, which stay.
  std::string_view peek() const;
  /// Up to the brackets that close what has just been opened, which are passed: "((1 + 2))".
  std::string_view to_double_close();
  /// Blanks, joined lines and comments; line ends too, if `lines`, and the here-documents behind them.
  void skip_blanks(bool lines);
  /// Lines up to one that is just `word` follow this line; they are handed on.
  void expect_document(std::string word, std::function<void(std::string)> take);

  /// "NAME=" or "NAME+=" at this place, which is then passed.
  struct Assignment {
    std::string name;
    bool appends = false;
  };
  std::optional<Assignment> assignment();

  /// What the next word becomes: none, one or several words.
  std::vector<Word> fields();
  /// The next word as the value of a variable: not split.
  Word value();
  /// Elements of an array; its "(" is passed.
  std::vector<Word> list();

  /// The value of whole-number arithmetic; nothing, and the name that has no value, if it has none.
  std::optional<long long> number(std::string_view expression, std::string& missing) const;

  [[noreturn]] void fail(std::size_t offset, std::string message, std::string hint = "") const;

 private:
  struct Fields;
  void word_into(Fields& fields, char stop, bool to_end = false);
  void double_quoted(Fields& fields);
  void keep_gap(Fields& fields);
  void single_quoted(Fields& fields);
  std::vector<Word> dollar();
  std::vector<Word> braces(std::size_t begin);
  std::vector<Word> operated(std::string_view op, const std::string& name, std::vector<Word> values, std::size_t begin);
  Word inner(char stop);
  Word arithmetic(std::size_t begin);
  Word output(std::string_view command, std::size_t begin) const;
  std::string_view skip_command(char open, char close);
  std::vector<Word> look_up(const std::string& name, std::size_t begin) const;
  void split_into(Fields& fields, const std::vector<Word>& values);
  void documents();

  std::string file_;
  std::string_view text_;
  Variables& variables_;
  std::optional<std::size_t> fixed_;
  std::size_t offset_ = 0;
  int depth_ = 0;
  std::vector<std::pair<std::string, std::function<void(std::string)>>> documents_{};  ///< behind this line
};

}  // namespace chipmix::interop
