// What controls a script: lists, pipes, conditions, loops, cases, functions.
#include "interop/shell_runner.hpp"

#include <algorithm>
#include <cctype>

#include "interop/shell_pattern.hpp"

namespace chipmix::interop {
namespace {

constexpr long long most_steps = 200'000;  // commands of one script, those of loops every time
constexpr int most_rounds = 256;           // of one loop
constexpr int deepest_script = 40;         // texts in texts, brackets in brackets

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.'; }

}  // namespace

void ShellRunner::run() {
  if (++state_.depth > deepest_script) words_.fail(0, "scripts call each other too deeply");
  while (!words_.ended() && leave_ == Leave::no) {
    list({});
    if (!words_.ended() && leave_ == Leave::no) words_.skip();  // a bracket that closes nothing
  }
  --state_.depth;
}

bool ShellRunner::at_any(const Names& names) const {
  return std::find(names.begin(), names.end(), words_.peek()) != names.end();
}

void ShellRunner::expect(std::string_view word) {
  words_.skip_blanks(true);
  if (at(word)) words_.skip(word.size());
}

/// Runs what a condition allows; both ways, marked, where it is open.
template <class Action>
void ShellRunner::branch(Truth taken, std::size_t begin, Action action) {
  const bool live = live_;
  const std::size_t condition = state_.condition;
  live_ = live && taken != Truth::no;
  if (taken == Truth::open && condition == Word::nowhere) state_.condition = words_.place(begin);
  action();
  if (taken == Truth::open && leave_ != Leave::no) leave_ = Leave::no;
  live_ = live;
  state_.condition = condition;
}

Truth ShellRunner::list(const Names& ends) {
  Truth value = Truth::yes;
  while (true) {
    words_.skip_blanks(true);
    if (words_.ended() || words_.next() == ')' || words_.starts(";;") || at_any(ends)) return value;
    if (std::string_view(";&|").find(words_.next()) != std::string_view::npos) {
      words_.skip();
      continue;
    }
    if (++state_.steps > most_steps) words_.fail(words_.offset(), "this script runs too long");
    const std::size_t before = words_.offset();
    value = and_or();
    if (words_.offset() == before) words_.skip();
  }
}

Truth ShellRunner::and_or() {
  Truth value = pipeline();
  while (true) {
    words_.skip_blanks(false);
    const bool both = words_.starts("&&"), either = words_.starts("||");
    if (!both && !either) return value;
    const std::size_t begin = words_.offset();
    words_.skip(2);
    words_.skip_blanks(true);
    Truth other = Truth::open;
    const Truth runs = both ? value : negated(value);
    branch(runs, begin, [&] { other = pipeline(); });
    value = runs == Truth::no ? value : runs == Truth::yes ? other : Truth::open;
  }
}

Truth ShellRunner::pipeline() {
  bool negates = false;
  while (at("!") || at("time")) {
    negates = negates != at("!");
    words_.skip(words_.peek().size());
    words_.skip_blanks(false);
  }
  Truth value = command();
  while (true) {
    words_.skip_blanks(false);
    if (words_.next() != '|' || words_.starts("||")) break;
    words_.skip(words_.starts("|&") ? 2 : 1);
    words_.skip_blanks(true);
    command();
    value = Truth::open;
  }
  return negates ? negated(value) : value;
}

Truth ShellRunner::command() {
  if (words_.starts("((")) return arithmetic();
  if (words_.next() == '(') return group(')');
  if (at("{")) return group('}');
  if (at("[[")) return double_bracket();
  if (at("if")) return if_else();
  if (at("for") || at("select")) return for_each();
  if (at("while")) return while_loop(false);
  if (at("until")) return while_loop(true);
  if (at("case")) return case_of();
  if (define()) return Truth::yes;
  return simple();
}

Truth ShellRunner::arithmetic() {
  words_.skip(2);
  std::string missing;
  const auto value = words_.number(words_.to_double_close(), missing);
  return value ? truth(*value != 0) : Truth::open;
}

/// Of a subshell what it sets is lost afterwards.
Truth ShellRunner::group(char close) {
  words_.skip();
  if (++state_.depth > deepest_script) words_.fail(words_.offset(), "these brackets are nested too deeply");
  const Variables before = close == ')' ? state_.script.variables : Variables{};
  const Truth value = list(close == '}' ? Names{"}"} : Names{});
  if (!words_.ended()) words_.skip();
  if (close == ')') state_.script.variables = before;
  --state_.depth;
  return value;
}

Truth ShellRunner::double_bracket() {
  words_.skip(2);
  std::vector<Word> list;
  while (true) {
    words_.skip_blanks(true);
    if (words_.ended()) return Truth::open;
    if (at("]]")) break;
    const std::size_t begin = words_.offset();
    const char c = words_.next();
    if (std::string_view("()<>&|").find(c) != std::string_view::npos &&
        !(c == '(' && !list.empty() && list.back().text == "=~")) {
      const bool twice = (c == '&' || c == '|') && (words_.starts("&&") || words_.starts("||"));
      list.push_back(word_of(twice ? std::string(2, c) : std::string(1, c), words_.place(begin)));
      words_.skip(twice ? 2 : 1);
      continue;
    }
    Word word = words_.value();
    word.begin = words_.place(begin);
    if (words_.offset() == begin) words_.skip();
    list.push_back(std::move(word));
  }
  words_.skip(2);
  return tested(std::move(list));
}

/// A test; "-v NAME" becomes whether NAME is set.
Truth ShellRunner::tested(std::vector<Word> words) const {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].text != "-v") continue;
    const bool is_set = state_.script.variables.contains(words[i + 1].text);
    words[i] = word_of("-n", words[i].offset());
    words[i + 1] = word_of(is_set ? "1" : "", words[i + 1].offset());
  }
  return test(words);
}

Truth ShellRunner::if_else() {
  const std::size_t begin = words_.offset();
  words_.skip(2);
  Truth left = Truth::yes;  // whether this branch is reached
  Truth value = Truth::yes;
  while (true) {
    Truth holds = Truth::open;
    branch(left, begin, [&] { holds = list({"then"}); });
    expect("then");
    const Truth taken = left == Truth::no || holds == Truth::no ? Truth::no : left == Truth::open ? left : holds;
    branch(taken, begin, [&] { value = list({"elif", "else", "fi"}); });
    if (taken == Truth::yes) left = Truth::no;
    if (taken == Truth::open) left = Truth::open;
    if (!at("elif")) break;
    words_.skip(4);
  }
  if (at("else")) {
    words_.skip(4);
    branch(left, begin, [&] { value = list({"fi"}); });
  }
  expect("fi");
  return value;
}

void ShellRunner::assign_loop(const std::string& name, Word value) {
  if (!alive()) return;
  value.condition = state_.condition;
  state_.script.variables[name] = {{std::move(value)}, false};
}

Truth ShellRunner::for_each() {
  const std::size_t begin = words_.offset();
  words_.skip(words_.peek().size());
  words_.skip_blanks(false);
  std::string name;
  std::vector<Word> values;
  Truth runs = Truth::yes;
  if (words_.starts("((")) {
    words_.skip(2);
    words_.to_double_close();
    runs = Truth::open;
    values.emplace_back();
  } else {
    name = std::string(words_.peek());
    words_.skip(name.size());
    words_.skip_blanks(true);
    const bool listed = at("in");
    if (listed) words_.skip(2);
    while (listed) {
      words_.skip_blanks(false);
      if (words_.ended() || std::string_view("\n;&|()<>").find(words_.next()) != std::string_view::npos) break;
      for (Word& word : words_.fields())
        if (!plain(word).empty() || word.is_open()) values.push_back(std::move(word));
    }
    if (!listed) values = state_.script.variables["@"].elements;
  }
  words_.skip_blanks(true);
  while (words_.next() == ';') words_.skip(), words_.skip_blanks(true);
  expect("do");
  const std::size_t inside = words_.offset();
  if (values.empty()) runs = Truth::no, values.emplace_back();
  for (std::size_t i = 0; i < values.size() && i < most_rounds; ++i) {
    words_.seek(inside);
    if (!name.empty() && runs == Truth::yes) assign_loop(name, values[i]);
    branch(runs, begin, [&] { list({"done"}); });
    if (leave_ == Leave::loop) leave_ = Leave::no, values.resize(i + 1);
    if (!alive()) break;
  }
  expect("done");
  return Truth::yes;
}

/// A loop without end is left after the round that launches something.
Truth ShellRunner::while_loop(bool until) {
  const std::size_t begin = words_.offset();
  words_.skip(5);
  const std::size_t condition = words_.offset();
  for (int round = 0;; ++round) {
    words_.seek(condition);
    const std::size_t launches = state_.script.launches.size();
    Truth holds = list({"do"});
    if (until) holds = negated(holds);
    if (round >= most_rounds || !alive()) holds = Truth::no;
    expect("do");
    branch(holds, begin, [&] { list({"done"}); });
    if (leave_ == Leave::loop) {
      leave_ = Leave::no;
      break;
    }
    if (holds != Truth::yes || !alive() || state_.script.launches.size() > launches) break;
  }
  expect("done");
  return Truth::yes;
}

Truth ShellRunner::case_of() {
  const std::size_t begin = words_.offset();
  words_.skip(4);
  words_.skip_blanks(true);
  const Word subject = words_.value();
  const bool open = subject.is_open() || subject.condition != Word::nowhere;
  const std::string text = plain(subject);
  expect("in");
  bool found = false;
  while (true) {
    words_.skip_blanks(true);
    if (words_.ended() || at("esac")) break;
    if (words_.next() == '(') words_.skip();
    bool fits = false;
    while (!words_.ended() && words_.next() != ')') {
      words_.skip_blanks(true);
      const std::size_t before = words_.offset();
      fits = matches(text, plain(words_.value())) || fits;
      words_.skip_blanks(true);
      if (words_.next() == '|' || (words_.offset() == before && words_.next() != ')')) words_.skip();
    }
    if (!words_.ended()) words_.skip();
    branch(open ? Truth::open : truth(fits && !found), begin, [&] { list({"esac"}); });
    found = found || fits;
    while (words_.next() == ';' || words_.next() == '&') words_.skip();
    if (words_.next() == ')') words_.skip();
  }
  expect("esac");
  return Truth::yes;
}

/// "name() {" or "function name {": its body is kept, and passed.
bool ShellRunner::define() {
  const std::size_t begin = words_.offset();
  if (at("function")) {
    words_.skip(8);
    words_.skip_blanks(false);
  }
  const bool is_said = words_.offset() != begin;
  std::size_t end = words_.offset();
  while (end < text_.size() && is_letter(text_[end])) ++end;
  const std::string name(text_.substr(words_.offset(), end - words_.offset()));
  std::size_t open = end;
  while (open < text_.size() && text_[open] == ' ') ++open;
  const std::size_t close = text_.find_first_not_of(' ', std::min(open + 1, text_.size()));
  const bool has_brackets =
      open < text_.size() && text_[open] == '(' && close != std::string_view::npos && text_[close] == ')';
  if (name.empty() || (!is_said && !has_brackets)) {
    words_.seek(begin);
    return false;
  }
  words_.seek(has_brackets ? close + 1 : end);
  words_.skip_blanks(true);
  if (alive()) state_.functions[name] = {file_, text_, words_.offset(), fixed_};
  const bool live = std::exchange(live_, false);
  if (!words_.ended()) command();
  live_ = live;
  return true;
}

void ShellRunner::body(const ShellState::Body& body) {
  words_.seek(body.begin);
  if (!words_.ended()) command();
}

}  // namespace chipmix::interop
