#include "interop/shell.hpp"

#include <algorithm>
#include <cctype>
#include <memory>

#include "interop/launcher.hpp"
#include "interop/shell_runner.hpp"

namespace chipmix::interop {
namespace {

std::vector<Word> split(const Word& element) {
  std::vector<Word> words;
  Word word;
  const auto close = [&] {
    if (!word.text.empty()) words.push_back(std::move(word));
    word = {};
  };
  for (std::size_t i = 0; i < element.text.size(); ++i) {
    if (std::isspace(static_cast<unsigned char>(element.text[i]))) {
      close();
      continue;
    }
    word.add(element.text[i], element.at[i]);
    word.mark(element.condition_at(i));
  }
  close();
  return words;
}

/// Arrays and texts that hold arguments, in the order of the file; a variable that another one repeats is left out, and
/// one that was unset again, or was another script's own.
std::vector<Word> of_variables(const ShellState& state) {
  std::vector<Word> all;
  for (const std::string& name : state.order) {
    const auto variable = state.script.variables.find(name);
    if (variable == state.script.variables.end()) continue;
    std::vector<Word> words;
    for (const Word& element : variable->second.elements)
      for (Word& word : split(element)) words.push_back(std::move(word));
    const bool has_flag = std::any_of(words.begin(), words.end(), [&](const Word& word) {
      return state.call.is_flag(std::string_view(word.text).substr(0, word.text.find('=')));
    });
    if (has_flag) std::move(words.begin(), words.end(), std::back_inserter(all));
  }
  return all;
}

/// What the caller sets: names as they are, numbers as the script's arguments.
void set_given(ShellState& state) {
  set_slurm(state.call.text, state.script.variables);
  std::vector<Word> arguments;
  for (const auto& [name, value] : state.call.given) {
    state.script.variables[name] = {{word_of(value, 0)}, false};
    const bool is_number =
        !name.empty() && name.find_first_not_of("0123456789") == std::string::npos && name.size() < 3;
    const auto place = is_number ? static_cast<std::size_t>(std::stoi(name)) : 0;
    if (place == 0) continue;
    if (arguments.size() < place) arguments.resize(place);
    arguments[place - 1] = word_of(value, 0);
  }
  state.script.variables["0"] = {{word_of(state.call.file, 0)}, false};
  if (arguments.empty()) return;
  state.script.variables["#"] = {{word_of(std::to_string(arguments.size()), 0)}, false};
  state.script.variables["@"] = state.script.variables["*"] = {std::move(arguments), true};
}

}  // namespace

Script read_script(const ShellCall& call) {
  ShellState state{call};
  set_given(state);
  ShellRunner(state, call.file, call.text).run();
  Script& script = state.script;
  if (script.launches.empty()) {
    std::vector<Word> lines;
    for (std::vector<Word>& line : state.bare) std::move(line.begin(), line.end(), std::back_inserter(lines));
    if (lines.empty()) lines = of_variables(state);
    if (!lines.empty()) script.launches.push_back(std::move(lines));
  }
  for (const auto& [name, value] : call.given)
    if (call.text.find("$" + name) != std::string_view::npos || call.text.find("{" + name) != std::string_view::npos ||
        call.text.find(name) != std::string_view::npos)
      script.used.insert(name);
  return std::move(script);
}

}  // namespace chipmix::interop
