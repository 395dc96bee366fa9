// Runs the text of a script: shell_runner.cpp what controls it, shell_commands.cpp what a command does.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "interop/shell.hpp"
#include "interop/shell_test.hpp"

namespace chipmix::interop {

/// What all texts of one script share.
struct ShellState {
  struct Body {
    std::string file;
    std::string_view text;
    std::size_t begin = 0;
    std::optional<std::size_t> fixed;
  };

  const ShellCall& call;
  Script script{};
  std::map<std::string, Body> functions{};
  std::vector<std::vector<Word>> bare{};              ///< lines that begin with a flag
  std::vector<std::string> order{};                   ///< names, as they are first assigned
  std::vector<std::unique_ptr<std::string>> texts{};  ///< that functions may still need
  std::size_t condition = Word::nowhere;              ///< of the innermost condition that cannot be decided
  int depth = 0;                                      ///< texts in texts
  long long steps = 0;
};

class ShellRunner {
 public:
  ShellRunner(ShellState& state, std::string file, std::string_view text, std::optional<std::size_t> fixed = {})
      : state_(state), file_(file), text_(text), fixed_(fixed), words_(file, text, state.script.variables, fixed) {}

  void run();

 private:
  using Names = std::vector<std::string_view>;
  enum class Leave { no, loop, call, script };

  Truth list(const Names& ends);
  Truth and_or();
  Truth pipeline();
  Truth command();
  Truth if_else();
  Truth for_each();
  Truth while_loop(bool until);
  Truth case_of();
  Truth group(char close);
  Truth double_bracket();
  Truth arithmetic();
  bool define();
  void body(const ShellState::Body& body);

  Truth simple();
  bool redirection(bool& reads, std::string& target, std::optional<std::size_t>& document);
  void assign(const ShellWords::Assignment& target);
  void under_condition(const Variable& before, bool appends, Variable& value) const;
  static void name_output(const std::string& name, Variable& value);
  Truth finish(std::vector<Word> words);
  Truth builtin(const std::string& name, std::vector<Word>& words, bool& known);
  Truth run_text(const std::string& file, std::string text, std::size_t at);
  Truth run_file(const std::string& name, std::vector<Word> arguments, std::size_t at, bool is_sourced);
  Truth call(const std::string& name, std::vector<Word> words);
  Truth tested(std::vector<Word> words) const;
  void set_arguments(std::vector<Word> arguments);
  bool has_flag(const std::vector<Word>& words) const;
  void launch(std::vector<Word> words);

  bool at(std::string_view word) const { return words_.peek() == word; }
  bool at_any(const Names& names) const;
  void expect(std::string_view word);
  void assign_loop(const std::string& name, Word value);
  bool alive() const { return live_ && leave_ == Leave::no; }
  template <class Action>
  void branch(Truth taken, std::size_t begin, Action action);

  ShellState& state_;
  std::string file_;
  std::string_view text_;
  std::optional<std::size_t> fixed_;
  ShellWords words_;
  bool live_ = true;  ///< false: passed over
  Leave leave_ = Leave::no;
};

}  // namespace chipmix::interop
