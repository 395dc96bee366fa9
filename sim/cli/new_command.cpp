// new: the question of 'ask', asked step by step.
#include <fmt/format.h>

#include <functional>
#include <iostream>
#include <sstream>

#include "base/spelling.hpp"
#include "cli/commands.hpp"
#include "cli/compare_commands.hpp"
#include "cli/output.hpp"
#include "scenario/ask.hpp"
#include "scenario/ask_words.hpp"

namespace chipmix::cli {
namespace {

/// What is wrong with an answer; empty where nothing is.
using Check = std::function<std::string(const std::string&)>;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r"), last = text.find_last_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

class Dialogue {
 public:
  explicit Dialogue(const Invocation& invocation) : invocation_(invocation) {}

  /// Asks until the answer is right; an empty one is right where `may_be_empty`.
  std::string ask(const std::string& question, bool may_be_empty, const Check& check) {
    for (;;) {
      fmt::print(stderr, "{}: ", question);
      std::string line;
      if (!std::getline(std::cin, line))
        throw UsageError("the input ended before the question was complete", invocation_.command);
      line = trimmed(line);
      if (line.empty() && may_be_empty) return line;
      const std::string fault = line.empty() ? "an answer is needed" : check(line);
      if (fault.empty()) return line;
      fmt::print(stderr, "  {}\n", fault);
    }
  }

 private:
  const Invocation& invocation_;
};

/// Collects what the readers of words complain about.
template <class Read>
std::string faults_of(Read read) {
  std::string text;
  read([&](std::size_t, std::string message, std::string hint) {
    text += fmt::format("{}{}{}", text.empty() ? "" : "; ", message, hint.empty() ? "" : ": " + hint);
  });
  return text;
}

std::string unknown(const std::string& what, const std::string& name, const std::vector<std::string>& known) {
  return fmt::format("unknown {} '{}', {}", what, name, spelling_hint(name, known));
}

std::string check_options(const std::string& line, scenario::Library& library) {
  std::istringstream words(line);
  std::string word, faults;
  const auto add = [&](const std::string& fault) { faults += (faults.empty() || fault.empty() ? "" : "; ") + fault; };
  while (words >> word) {
    std::vector<scenario::AskedGroup> groups;
    add(faults_of([&](const scenario::Complain& complain) { groups = scenario::read_option(word, complain); }));
    for (const scenario::AskedGroup& group : groups)
      if (!library.device(group.device.text)) add(unknown("device", group.device.text, library.device_names()));
  }
  return faults;
}

}  // namespace

Exit run_new(const Invocation& invocation) {
  scenario::Library library;
  Dialogue dialogue(invocation);
  const auto any = [](const std::string&) { return std::string(); };
  scenario::Asked asked;
  asked.words.push_back(dialogue.ask("Model (a name of 'chipmix models' or of Hugging Face, or a config.json)", false,
                                     [&](const std::string& name) {
                                       return library.model(name) ? "" : unknown("model", name, library.ids("models"));
                                     }));
  asked.words.push_back(dialogue.ask("Tokens (5T, 5T@4K, 5T@4K+200B@32K)", false, [](const std::string& text) {
    return faults_of([&](const scenario::Complain& complain) { scenario::read_tokens(text, complain); });
  }));
  for (int option = 1;; ++option) {
    const bool is_first = option == 1;
    const std::string line =
        dialogue.ask(is_first ? "Option 1 (1024xH800@14CNY/h, 512xH800+512xA100; the price may be left out)"
                              : fmt::format("Option {} (enter: no more)", option),
                     !is_first, [&](const std::string& text) { return check_options(text, library); });
    if (line.empty()) break;
    std::istringstream words(line);
    for (std::string word; words >> word;) asked.words.push_back(word);
  }
  const std::string within = dialogue.ask("Deadline (60d; enter: none)", true, any);
  if (!within.empty()) asked.within = within;
  const std::string budget = dialogue.ask("Budget (3M USD; enter: none)", true, [](const std::string& text) {
    return scenario::money_text(text) ? "" : "not an amount of money: for example 3M USD";
  });
  if (!budget.empty()) asked.budget = budget;
  const std::string file = dialogue.ask("Save as (scenario.json; enter: do not save)", true, any);
  return answer_asked(asked, std::move(library), file.empty() ? std::nullopt : std::optional(file), invocation);
}

}  // namespace chipmix::cli
