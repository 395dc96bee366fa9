// What a command of a script does to its variables, and whether it is a launch.
#include <algorithm>
#include <cctype>
#include <memory>

#include "interop/arithmetic.hpp"
#include "interop/shell_runner.hpp"

namespace chipmix::interop {
namespace {

constexpr std::size_t most_launches = 1000;
constexpr std::size_t largest_text = 1u << 22u;  // bytes of a text that is run inside another

bool holds(std::initializer_list<std::string_view> names, std::string_view word) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

}  // namespace

Truth ShellRunner::simple() {
  std::vector<Word> words;
  std::string target;
  std::optional<std::size_t> document;
  bool at_start = true, declares = false, reads = false;
  while (true) {
    words_.skip_blanks(false);
    if (words_.ended() || std::string_view("\n;&|()").find(words_.next()) != std::string_view::npos) {
      if (words_.starts("&>") || words_.starts("&>>")) {
        words_.skip();
        continue;
      }
      break;
    }
    if (words_.next() == '<' || words_.next() == '>') {
      redirection(reads, target, document);
      continue;
    }
    if (at_start || declares)
      if (const auto assigned = words_.assignment()) {
        assign(*assigned);
        continue;
      }
    const std::size_t begin = words_.offset();
    std::vector<Word> fields = words_.fields();
    if (words_.offset() == begin) words_.skip();  // nothing that begins a word
    if (at_start && fields.size() == 1)
      declares = holds({"export", "declare", "local", "readonly", "typeset", "env"}, fields.front().text);
    if (!fields.empty()) at_start = false;
    const bool is_descriptor = fields.size() == 1 && fields.front().text.size() == 1 &&
                               std::isdigit(static_cast<unsigned char>(fields.front().text[0])) &&
                               (words_.next() == '>' || words_.next() == '<');
    for (Word& word : fields) {
      if (word.begin == Word::nowhere) word.begin = words_.place(begin);
      if (!is_descriptor) words.push_back(std::move(word));
    }
  }
  if (!alive()) return Truth::open;
  return words.empty() ? Truth::yes : finish(std::move(words));
}

/// Lines of a here-document that `cat` writes are kept under the file's name.
bool ShellRunner::redirection(bool& reads, std::string& target, std::optional<std::size_t>&) {
  const bool is_input = words_.next() == '<';
  int arrows = 0;
  for (; words_.next() == '<' || words_.next() == '>' || words_.next() == '&' || words_.next() == '|'; words_.skip())
    if (words_.next() == '<') ++arrows;
  if (is_input && arrows == 2 && words_.next() == '-') words_.skip();
  words_.skip_blanks(false);
  if (words_.next() == '(') return false;  // <(command)
  const std::size_t before = words_.offset();
  const Word name = words_.value();
  if (words_.offset() == before && !words_.ended() && words_.next() != '\n') words_.skip();
  if (!is_input) target = plain(name);
  if (is_input && arrows == 2 && !name.text.empty()) {
    const bool keeps = alive();
    // The name of the file may stand before or behind the document's word.
    auto rest = text_.substr(words_.offset(), text_.find('\n', words_.offset()) - words_.offset());
    std::string file = target;
    if (const auto arrow = rest.find('>'); file.empty() && arrow != std::string_view::npos) {
      ShellWords behind(file_, rest.substr(arrow + 1), state_.script.variables, words_.place(words_.offset()));
      behind.skip_blanks(false);
      file = plain(behind.value());
    }
    words_.expect_document(name.text, [this, keeps, file](std::string body) {
      if (keeps && !file.empty()) state_.script.documents[file] = std::move(body);
    });
  }
  reads = reads || is_input;
  return true;
}

/// What a command puts out is known by the variable that takes it, so that the caller can set that.
void ShellRunner::name_output(const std::string& name, Variable& value) {
  if (value.is_array || value.elements.size() != 1) return;
  Word& word = value.elements.front();
  const bool is_all = word.text.starts_with(gap::command) && word.text.find(gap::close) + 1 == word.text.size();
  if (!is_all) return;
  const std::size_t begin = word.begin;
  word = gap_of(gap::command, "$" + name, word.offset());
  word.begin = begin;
}

/// What an open condition sets is marked; what it replaces, or sets to nothing, besides as a choice.
void ShellRunner::under_condition(const Variable& before, bool appends, Variable& value) const {
  const std::size_t condition = state_.condition;
  const bool was_one = !value.is_array && before.elements.size() == 1;
  const std::string& own = value.elements.empty() ? std::string() : value.elements[0].text;
  if (!appends && was_one && before.elements[0].text == own) return;
  if (!appends && was_one && !before.elements[0].text.empty() && own.starts_with(before.elements[0].text)) {
    Word& word = value.elements[0];  // X="$X more"
    word.when.resize(before.elements[0].text.size(), before.elements[0].condition);
    word.when.resize(word.text.size(), condition);
    return word.mark(condition);
  }
  const bool replaces = !appends && !before.elements.empty() && !plain(before.elements[0]).empty();
  for (Word& word : value.elements) {
    if (!value.is_array && (replaces || word.text.empty())) {
      Word choice;
      choice.add(gap::choice, word.offset());
      choice.add(word);
      choice.begin = word.begin;
      word = std::move(choice);
    }
    word.when.clear();
    word.condition = condition;
  }
}

void ShellRunner::assign(const ShellWords::Assignment& target) {
  Variable value;
  if (words_.next() == '(') {
    words_.skip();
    value = {words_.list(), true};
  } else {
    const std::size_t begin = words_.offset();
    value.elements.push_back(words_.value());
    value.elements.back().begin = words_.place(begin);
  }
  if (!alive()) return;
  if (state_.call.given.contains(target.name)) {
    state_.script.used.insert(target.name);
    return;
  }
  Variable& variable = state_.script.variables[target.name];
  name_output(target.name, value);
  if (state_.condition != Word::nowhere) under_condition(variable, target.appends, value);
  if (std::find(state_.order.begin(), state_.order.end(), target.name) == state_.order.end())
    state_.order.push_back(target.name);
  if (!target.appends) {
    variable = std::move(value);
  } else if (value.is_array || variable.is_array) {
    variable.is_array = true;
    std::move(value.elements.begin(), value.elements.end(), std::back_inserter(variable.elements));
  } else {
    if (variable.elements.empty()) variable.elements.emplace_back();
    variable.elements.front().add(value.elements.front());
  }
}

bool ShellRunner::has_flag(const std::vector<Word>& words) const {
  return std::any_of(words.begin(), words.end(), [&](const Word& word) {
    return state_.call.is_flag(std::string_view(word.text).substr(0, word.text.find('=')));
  });
}

void ShellRunner::launch(std::vector<Word> words) {
  auto& launches = state_.script.launches;
  const auto same = [&](const std::vector<Word>& other) {
    return std::equal(words.begin(), words.end(), other.begin(), other.end(),
                      [](const Word& a, const Word& b) { return a.text == b.text; });
  };
  if (launches.size() < most_launches && std::none_of(launches.begin(), launches.end(), same))
    launches.push_back(std::move(words));
}

Truth ShellRunner::finish(std::vector<Word> words) {
  while (words.size() > 1 && holds({"exec", "nohup", "command", "sudo", "builtin"}, words.front().text))
    words.erase(words.begin());
  const std::string name = plain(words.front());
  if (name.empty() && words.size() > 1 && words.front().has_gap()) words.erase(words.begin());
  bool known = true;
  const Truth value = builtin(plain(words.front()), words, known);
  if (known) return value;
  if (words.front().text.starts_with("--") || (words.front().text.starts_with('-') && has_flag(words))) {
    std::move(words.begin(), words.end(), std::back_inserter(state_.bare.emplace_back()));
    return Truth::yes;
  }
  if (!has_flag(words)) return Truth::open;
  launch(std::move(words));
  return Truth::yes;
}

Truth ShellRunner::builtin(const std::string& name, std::vector<Word>& words, bool& known) {
  const std::size_t at = words.front().offset();
  std::vector<Word> rest(words.begin() + 1, words.end());
  if (state_.functions.contains(name)) return call(name, std::move(rest));
  if (name == "[" || name == "test") {
    if (name == "[" && !rest.empty() && rest.back().text == "]") rest.pop_back();
    return tested(std::move(rest));
  }
  if (holds({"echo",     "printf",  "mkdir", "tee",   "cat",   "cd",     "export", "declare", "local",
             "readonly", "typeset", "sleep", "cp",    "rm",    "touch",  "pip",    "pip3",    "chmod",
             "ln",       "mv",      ":",     "true",  "alias", "ulimit", "module", "conda",   "trap",
             "wait",     "git",     "let",   "pushd", "popd",  "ls",     "which",  "sbatch",  "tail"},
            name))
    return holds({"which", "ls"}, name) ? Truth::open : Truth::yes;
  if (name == "false") return Truth::no;
  if (name == "unset") {
    for (const Word& word : rest) state_.script.variables.erase(word.text);
    return Truth::yes;
  }
  if (name == "set") {
    const auto dashes = std::find_if(rest.begin(), rest.end(), [](const Word& word) { return word.text == "--"; });
    if (dashes != rest.end()) set_arguments({dashes + 1, rest.end()});
    return Truth::yes;
  }
  if (name == "shift") {
    std::vector<Word> left = state_.script.variables["@"].elements;
    const auto by = rest.empty() ? 1 : whole_number(plain(rest[0])).value_or(1);
    left.erase(left.begin(), left.begin() + std::clamp<long long>(by, 0, static_cast<long long>(left.size())));
    set_arguments(std::move(left));
    return Truth::yes;
  }
  if (name == "break") return leave_ = Leave::loop, Truth::yes;
  if (name == "continue") return Truth::yes;
  if (name == "return") {
    leave_ = Leave::call;
    return rest.empty() || plain(rest[0]) == "0" ? Truth::yes : Truth::no;
  }
  // A script that complains of what it is not given ends with a number; it is followed as if all were well.
  if (name == "exit") {
    if (rest.empty() || plain(rest[0]) == "0") leave_ = Leave::script;
    return Truth::yes;
  }
  if (name == "eval" || name == "bash" || name == "sh" || name == "source" || name == "." || name.ends_with(".sh")) {
    if (name == "eval") {
      std::string text;
      for (const Word& word : rest) text += word.text + " ";
      return run_text(file_, std::move(text), at);
    }
    if (name.ends_with(".sh")) return run_file(name, std::move(rest), at, false);
    const bool is_sourced = name == "source" || name == ".";
    std::size_t first = 0;
    while (!is_sourced && first < rest.size() && rest[first].text.starts_with('-') && !rest[first].text.ends_with('c'))
      ++first;
    if (!is_sourced && first + 1 < rest.size() && rest[first].text.starts_with('-'))
      return run_text(file_, rest[first + 1].text, at);  // bash -c "..."
    if (first >= rest.size()) return Truth::open;
    const std::string file = plain(rest[first]);
    return run_file(file, {rest.begin() + static_cast<std::ptrdiff_t>(first) + 1, rest.end()}, at, is_sourced);
  }
  // Launchers that run a shell: srun ... bash -c "torchrun ..."
  if (!has_flag(words) || holds({"srun", "mpirun", "ssh", "pdsh", "docker"}, name))
    for (std::size_t i = 0; i + 1 < rest.size(); ++i)
      if (holds({"bash", "sh", "/bin/bash"}, rest[i].text)) {
        std::vector<Word> inner(rest.begin() + static_cast<std::ptrdiff_t>(i), rest.end());
        inner.front() = word_of("bash", inner.front().offset());
        const std::size_t before = state_.script.launches.size();
        const Truth value = builtin("bash", inner, known);
        // What the outer launcher says of ranks goes with it.
        for (std::size_t k = before; k < state_.script.launches.size(); ++k)
          state_.script.launches[k].insert(state_.script.launches[k].begin(), words.begin(),
                                           words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        return value;
      }
  known = false;
  return Truth::open;
}

Truth ShellRunner::run_text(const std::string& file, std::string text, std::size_t at) {
  if (text.size() > largest_text) words_.fail(words_.offset(), "this text is too long to be run");
  state_.texts.push_back(std::make_unique<std::string>(std::move(text)));
  ShellRunner(state_, file, *state_.texts.back(), at).run();
  return Truth::yes;
}

Truth ShellRunner::run_file(const std::string& name, std::vector<Word> arguments, std::size_t at, bool is_sourced) {
  if (name == state_.call.file || !state_.call.beside) return Truth::open;
  auto text = state_.call.beside(name);
  if (!text) return Truth::open;
  const Variables before = is_sourced ? Variables{} : state_.script.variables;
  const std::vector<Word> own = state_.script.variables["@"].elements;
  if (!is_sourced || !arguments.empty()) set_arguments(std::move(arguments));
  const Truth value = run_text(name, std::move(*text), at);
  if (!is_sourced) state_.script.variables = before;
  set_arguments(own);
  return value;
}

Truth ShellRunner::call(const std::string& name, std::vector<Word> words) {
  const ShellState::Body body = state_.functions.at(name);
  const std::vector<Word> own = state_.script.variables["@"].elements;
  set_arguments(std::move(words));
  ShellRunner runner(state_, body.file, body.text, body.fixed);
  if (++state_.depth > 40) words_.fail(words_.offset(), "functions call each other too deeply");
  runner.body(body);
  --state_.depth;
  if (runner.leave_ == Leave::script) leave_ = Leave::script;
  set_arguments(own);
  return runner.leave_ == Leave::call || body.begin == 0 ? Truth::open : Truth::open;
}

void ShellRunner::set_arguments(std::vector<Word> arguments) {
  Variables& variables = state_.script.variables;
  for (int i = 1; i < 10; ++i) variables.erase(std::to_string(i));
  for (std::size_t i = 0; i < arguments.size(); ++i) variables[std::to_string(i + 1)] = {{arguments[i]}, false};
  variables["#"] = {{word_of(std::to_string(arguments.size()), 0)}, false};
  variables["@"] = variables["*"] = {std::move(arguments), true};
}

}  // namespace chipmix::interop
