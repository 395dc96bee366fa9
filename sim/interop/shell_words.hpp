// Words of a shell script, expanded as bash does: quotes, variables, arrays, defaults, whole-number arithmetic.
// What a script computes in other ways (commands, pattern operators) is kept as unknown, never guessed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "interop/word.hpp"

namespace chipmix::interop {

struct Variable {
  std::vector<Word> elements;  ///< one, unless it is an array
  bool is_array = false;
};
using Variables = std::map<std::string, Variable, std::less<>>;

class ShellWords {
 public:
  /// Throws InputError where quotes or brackets are not closed, or variables grow beyond reason.
  ShellWords(std::string file, std::string_view text, const Variables& variables)
      : file_(std::move(file)), text_(text), variables_(variables) {}

  bool ended() const { return offset_ >= text_.size(); }
  char next() const { return ended() ? '\0' : text_[offset_]; }
  std::size_t offset() const { return offset_; }
  void skip(std::size_t bytes = 1) { offset_ += bytes; }
  /// Blanks, joined lines and comments; line ends too, if `lines`.
  void skip_blanks(bool lines);
  /// Past the rest of this line, and past the next line that is just `word`.
  void skip_to_line(std::string_view word);

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

  [[noreturn]] void fail(std::size_t offset, std::string message, std::string hint = "") const;

 private:
  struct Fields;
  void word_into(Fields& fields, char stop);
  void double_quoted(Fields& fields);
  void single_quoted(Fields& fields);
  std::vector<Word> dollar();
  std::vector<Word> braces(std::size_t begin);
  Word arithmetic(std::size_t begin);
  std::optional<long long> number_of(const std::string& name) const;
  void skip_command(char open, char close);
  std::vector<Word> look_up(const std::string& name, std::size_t begin) const;
  Word unknown(std::size_t begin, const std::string& name) const;
  void split_into(Fields& fields, const std::vector<Word>& values);
  bool starts(std::string_view word) const { return text_.substr(offset_).starts_with(word); }

  std::string file_;
  std::string_view text_;
  const Variables& variables_;
  std::size_t offset_ = 0;
  int depth_ = 0;
};

}  // namespace chipmix::interop
