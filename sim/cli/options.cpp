// CLI11 splits the words into options and positionals; what they mean and what the messages say is decided here.
#include "cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <limits>

#include "base/spelling.hpp"
#include "cli/help.hpp"

namespace chipmix::cli {
namespace {

using Strings = std::vector<std::string>;
using Values = std::map<std::string, Strings>;

constexpr int most_jobs = 4096;  // more threads than any server has

const Strings always_taken = {"--quiet", "--help", "--version"};

const std::map<std::string, Format>& formats() {
  static const std::map<std::string, Format> names = {
      {"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}, {"markdown", Format::markdown}};
  return names;
}

std::string did_you_mean(const std::string& word, const Strings& candidates) {
  const auto nearest = nearest_spelling(word, candidates);
  return nearest ? fmt::format(", did you mean '{}'?", *nearest) : "";
}

bool holds(const Strings& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void check_choice(const std::string& what, const std::string& value, const Strings& choices,
                  const std::string& command) {
  if (choices.empty() || holds(choices, value)) return;
  const std::string near = did_you_mean(value, choices);
  const std::string hint = near.empty() ? fmt::format("; one of: {}", fmt::join(choices, ", ")) : near;
  throw UsageError(fmt::format("unknown {} '{}'{}", what, value, hint), command);
}

/// One list of options as CLI11 sees it; every word that is not an option goes to one list of positionals.
class Splitter {
 public:
  Splitter(std::string command, const std::vector<OptionSpec>& own) : command_(std::move(command)) {
    app_.set_help_flag();
    app_.allow_extras();
    for (const auto& option : own) add(option);
    for (const auto& option : common_options()) add(option);
  }

  /// Splits all words; those after "--" are positionals whatever they look like.
  void split(const Strings& words) {
    app_.add_option("words", positionals_);
    const auto mark = std::find(words.begin(), words.end(), "--");
    run(Strings(words.begin(), mark));
    if (const Strings unknown = app_.remaining(); !unknown.empty()) reject(unknown.front());
    if (mark != words.end()) positionals_.insert(positionals_.end(), mark + 1, words.end());
    for (const auto* spec : specs_) check(*spec);
  }

  /// Splits the options before the first positional and returns its index, or the number of words.
  std::size_t split_front(const Strings& words) {
    const auto mark = std::find(words.begin(), words.end(), "--");
    app_.prefix_command();
    run(Strings(words.begin(), mark));
    const Strings rest = app_.remaining();
    if (rest.empty()) return words.size();
    if (rest.front().starts_with('-')) reject(rest.front());
    return static_cast<std::size_t>(mark - words.begin()) - rest.size();
  }

  const Strings& positionals() const { return positionals_; }
  Strings values(const std::string& option) const {
    const auto found = values_.find(option);
    return found == values_.end() ? Strings{} : found->second;
  }
  bool given(const std::string& option) const { return app_.get_option(option)->count() > 0; }

 private:
  void add(const OptionSpec& spec) {
    specs_.push_back(&spec);
    const std::string names = spec.letter ? fmt::format("-{},{}", spec.letter, spec.name) : spec.name;
    if (spec.value.empty())
      app_.add_flag(names);
    else
      app_.add_option(names, values_[spec.name])->expected(1)->allow_extra_args(false)->take_all();
  }

  void run(const Strings& words) {
    require_values(words);
    try {
      app_.parse(Strings(words.rbegin(), words.rend()));  // CLI11 takes the words from the back
    } catch (const CLI::ParseError& error) {
      throw UsageError(error.what(), command_);
    }
  }

  const OptionSpec* find(const std::string& word) const {
    for (const auto* spec : specs_)
      if (word == spec->name || (spec->letter && word == fmt::format("-{}", spec->letter))) return spec;
    return nullptr;
  }

  /// CLI11 would take the next option, or nothing, for a missing value, and let a switch have one.
  void require_values(const Strings& words) const {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto equals = words[i].find('=');
      const auto* spec = find(words[i].substr(0, equals));
      if (!spec) continue;
      const bool inside = equals != std::string::npos;
      if (spec->value.empty() && inside) throw UsageError(spec->name + " takes no value", command_);
      if (spec->value.empty()) continue;
      const bool missing = inside ? equals + 1 == words[i].size() : i + 1 == words.size() || find(words[i + 1]);
      if (missing) throw UsageError(fmt::format("{} needs a value: {}", spec->name, spec->value), command_);
      if (!inside) ++i;
    }
  }

  /// ", did you mean '--within'?" of an option whose help has the word; "" where none or several have it.
  std::string option_about(const std::string& name) const {
    constexpr std::size_t shortest = 4;
    const std::string word = name.substr(std::min(name.find_first_not_of('-'), name.size()));
    Strings about;
    for (const auto* spec : specs_)
      if (word.size() >= shortest && spec->help.find(word) != std::string::npos) about.push_back(spec->name);
    return about.size() == 1 ? fmt::format(", did you mean '{}'?", about.front()) : "";
  }

  [[noreturn]] void reject(const std::string& word) const {
    Strings names;
    for (const auto* spec : specs_) names.push_back(spec->name);
    const std::string name = word.substr(0, word.find('='));
    std::string hint = name.starts_with("--") ? did_you_mean(name, names) : "";
    if (hint.empty()) hint = option_about(name);
    throw UsageError(fmt::format("unknown option '{}'{}", name, hint), command_);
  }

  void check(const OptionSpec& spec) const {
    const auto& list = values(spec.name);
    if (list.size() > 1 && !spec.repeatable)
      throw UsageError(fmt::format("{} is given {} times", spec.name, list.size()), command_);
    if (list.empty() && spec.required)
      throw UsageError(fmt::format("{} needs {} {}", command_, spec.name, spec.value), command_);
    for (const auto& value : list) check_choice(spec.name.substr(2), value, spec.choices, command_);
  }

  std::string command_;
  CLI::App app_;
  std::vector<const OptionSpec*> specs_;
  Values values_;
  Strings positionals_;
};

void check_positionals(const CommandSpec& command, const Strings& words) {
  std::size_t next = 0;
  for (const auto& spec : command.positionals) {
    if (next == words.size() && spec.required)
      throw UsageError(fmt::format("{} needs {}: {}", command.name, spec.name, spec.help), command.name);
    const std::size_t end = spec.repeatable ? words.size() : std::min(next + 1, words.size());
    for (; next < end; ++next) check_choice(spec.name, words[next], spec.choices, command.name);
  }
  if (next < words.size())
    throw UsageError(fmt::format("unexpected argument '{}' of {}", words[next], command.name), command.name);
}

/// The whole number a value stands for, at least `low`.
template <class Integer>
Integer integer(const std::string& option, const std::string& text, Integer low,
                Integer high = std::numeric_limits<Integer>::max()) {
  Integer value{};
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error == std::errc() && end == last && value >= low && value <= high) return value;
  throw UsageError(fmt::format("{} needs a whole number from {} to {}, not '{}'", option, low, high, text));
}

std::pair<std::string, std::string> assignment(const std::string& text, const std::string& command) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError(fmt::format("--set needs PATH=VALUE, not '{}'", text), command);
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void read_common(const Splitter& splitter, Invocation& call) {
  for (const auto& value : splitter.values("--format")) call.format = formats().at(value);
  for (const auto& value : splitter.values("--output")) call.output = value;
  for (const auto& value : splitter.values("--set")) call.overrides.push_back(assignment(value, call.command));
  call.allowed = splitter.values("--allow-path");
  for (const auto& value : splitter.values("--seed")) call.seed = integer<std::uint64_t>("--seed", value, 0);
  for (const auto& value : splitter.values("--jobs")) call.jobs = integer<int>("--jobs", value, 1, most_jobs);
  call.quiet = splitter.given("--quiet");
}

bool acts(const OptionSpec& shared, const CommandSpec& command) {
  return holds(always_taken, shared.name) || holds(command.takes, shared.name);
}

/// "--seed has no effect in compare; it applies to: calibrate".
void refuse_idle(const ProgramSpec& program, const CommandSpec& command, const Splitter& splitter) {
  for (const auto& shared : common_options()) {
    if (acts(shared, command) || !splitter.given(shared.name)) continue;
    Strings others;
    for (const auto& other : program.commands)
      if (acts(shared, other)) others.push_back(other.name);
    throw UsageError(
        fmt::format("{} has no effect in {}; it applies to: {}", shared.name, command.name, fmt::join(others, ", ")),
        command.name);
  }
}

Invocation read_command(const ProgramSpec& program, const CommandSpec& command, const Strings& words) {
  Splitter splitter(command.name, command.options);
  splitter.split(words);
  refuse_idle(program, command, splitter);
  check_positionals(command, splitter.positionals());
  Invocation call;
  call.command = command.name;
  call.positionals = splitter.positionals();
  for (const auto& option : command.options)
    if (splitter.given(option.name)) call.options[option.name] = splitter.values(option.name);
  read_common(splitter, call);
  return call;
}

const CommandSpec& find_command(const ProgramSpec& program, const std::string& name) {
  Strings names{"help"};
  for (const auto& command : program.commands) {
    if (command.name == name) return command;
    names.push_back(command.name);
  }
  throw UsageError(fmt::format("unknown command '{}'{}", name, did_you_mean(name, names)));
}

Information help_on(const ProgramSpec& program, const std::string& command) {
  return {command.empty() || command.starts_with('-') ? help(program) : help(program, find_command(program, command))};
}

/// Whether an option without a value stands among the words before "--".
bool asks_for(const Strings& words, const std::string& name, const std::string& letter) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::any_of(words.begin(), end, [&](const auto& word) { return word == name || word == letter; });
}

}  // namespace

const std::vector<OptionSpec>& common_options() {
  static const std::vector<OptionSpec> options = {
      {"--format",
       "FORMAT",
       "format of the result; without it, the ending of FILE decides",
       {"table", "json", "csv", "markdown"}},
      {"--output",
       "FILE",
       "write the result to FILE, in the format of its ending: .json, .csv, .md or .txt",
       {},
       false,
       false,
       'o'},
      {"--set", "PATH=VALUE", "change the value at one path of the scenario", {}, true},
      {"--allow-path",
       "FOLDER",
       "folder outside the scenario's own from which it may read models and profiles",
       {},
       true},
      {"--seed", "N", "seed for all random numbers; the same seed gives the same answer"},
      {"--jobs", "N", "number of worker threads, by default one per processor", {}, false, false, 'j'},
      {"--quiet", "", "show no progress and no remarks on stderr", {}, false, false, 'q'},
      {"--help", "", "show this help", {}, false, false, 'h'},
      {"--version", "", "show the version"},
  };
  return options;
}

std::vector<OptionSpec> common_options(const CommandSpec& command) {
  std::vector<OptionSpec> taken;
  for (const auto& shared : common_options())
    if (acts(shared, command)) taken.push_back(shared);
  return taken;
}

void refuse_beside(const Invocation& invocation, const std::string& beside, const Strings& idle) {
  for (const auto& name : idle)
    if (invocation.has(name))
      throw UsageError(fmt::format("{} has no effect with {}", name, beside), invocation.command);
}

std::optional<std::string> Invocation::option(const std::string& name) const {
  const auto found = options.find(name);
  if (found == options.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Invocation::all(const std::string& name) const {
  const auto found = options.find(name);
  return found == options.end() ? Strings{} : found->second;
}

std::variant<Invocation, Information> parse(const ProgramSpec& program, const std::vector<std::string>& words) {
  const bool wants_help = words.empty() || asks_for(words, "--help", "-h");
  if (!wants_help && asks_for(words, "--version", "--version"))
    return Information{fmt::format("{} {}\n", program.name, program.version)};
  const std::size_t first = Splitter("", {}).split_front(words);
  const std::string name = first < words.size() ? words[first] : "";
  if (name == "help") return help_on(program, first + 1 < words.size() ? words[first + 1] : "");
  if (wants_help) return help_on(program, name);
  if (name.empty()) throw UsageError("a command is missing");
  Strings arguments = words;
  arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(first));
  return read_command(program, find_command(program, name), arguments);
}

}  // namespace chipmix::cli
