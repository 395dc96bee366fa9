// The command line as a table: commands with their positionals and options go in, one plain Invocation comes out.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace chipmix::cli {

struct PositionalSpec {
  std::string name{};  ///< as shown in the help: "SCENARIO"
  std::string help{};
  bool required = true;
  bool repeatable = false;             ///< takes all remaining words; only the last positional may
  std::vector<std::string> choices{};  ///< allowed values; empty: any
  std::string ids{};                   ///< the command that lists its usual values, "devices"; empty: files
};

struct OptionSpec {
  std::string name{};   ///< "--engine"
  std::string value{};  ///< what follows it, as shown in the help: "NAME"; empty for a switch
  std::string help{};
  std::vector<std::string> choices{};  ///< allowed values; empty: any
  bool repeatable = false;
  bool required = false;
  char letter = 0;      ///< short form, 'o' for -o
  std::string ids{};    ///< the command that lists its usual values, "devices"; empty: anything
  bool writes = false;  ///< its value is a file that is written
};

/// A line for a shell that works as it stands in a folder with chipmix's data folders; tests run every one.
struct Example {
  std::string line;
  std::string says;  ///< what it shows
};

struct CommandSpec {
  std::string name;
  std::string summary;  ///< one line, no full stop
  std::vector<PositionalSpec> positionals;
  std::vector<OptionSpec> options;
  std::vector<Example> examples{};
  /// Which of the shared options act here; the others are refused. --quiet, --help and --version always may be given.
  std::vector<std::string> takes{"--format", "--output", "--set", "--allow-path", "--seed", "--jobs"};
  std::string group{};  ///< heading in the list of commands
};

/// A word with its meaning: an exit code, a variable of the environment.
using Meaning = std::pair<std::string, std::string>;

struct ProgramSpec {
  std::string name;
  std::string version;
  std::string summary;
  std::vector<CommandSpec> commands;
  std::vector<Meaning> endings{};      ///< exit codes
  std::vector<Meaning> environment{};  ///< variables that are read
};

enum class Format { table, json, csv, markdown };

/// What the user asked for. Every word was checked against the table.
struct Invocation {
  std::string command;
  std::vector<std::string> positionals;
  std::map<std::string, std::vector<std::string>> options;  ///< the command's own: "--engine" -> its values, in order

  std::optional<Format> format;                                ///< --format; none: the command's own default
  std::optional<std::string> output;                           ///< --output
  std::vector<std::pair<std::string, std::string>> overrides;  ///< --set path=value, in order
  std::vector<std::string> allowed;                            ///< --allow-path, in order
  std::optional<std::uint64_t> seed;                           ///< --seed
  int jobs = 0;                                                ///< --jobs; 0: not said
  bool quiet = false;                                          ///< --quiet

  bool has(const std::string& option) const { return options.count(option) > 0; }
  /// The (last) value of an option, if it was given.
  std::optional<std::string> option(const std::string& name) const;
  /// All values of a repeatable option, in order.
  std::vector<std::string> all(const std::string& name) const;
};

/// Text the user asked for instead of a command: help or the version. It belongs on stdout, with exit code 0.
struct Information {
  std::string text;
};

/// The command line is wrong; what() is "message" or "message, did you mean 'x'?". Exit code 2.
class UsageError : public std::exception {
 public:
  explicit UsageError(std::string message, std::string command = {})
      : message_(std::move(message)), command_(std::move(command)) {}
  const char* what() const noexcept override { return message_.c_str(); }
  /// The command whose help says more; empty when the command itself is wrong.
  const std::string& command() const { return command_; }

 private:
  std::string message_;
  std::string command_;
};

/// Reads the words after the program's name. Options may stand before or after the positionals and the command;
/// "--" ends the options. Throws UsageError.
std::variant<Invocation, Information> parse(const ProgramSpec& program, const std::vector<std::string>& words);

/// Throws UsageError for the first of `idle` that was given: "--top has no effect with --export".
void refuse_beside(const Invocation& invocation, const std::string& beside, const std::vector<std::string>& idle);

/// The options that commands share, --help and --version included.
const std::vector<OptionSpec>& common_options();

/// Those of them that act in a command.
std::vector<OptionSpec> common_options(const CommandSpec& command);

}  // namespace chipmix::cli
