#include "cli/mcp/tools.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/spelling.hpp"
#include "cli/commands.hpp"

namespace chipmix::cli::mcp {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 7> tools = {"ask", "compare", "estimate", "plan", "procure", "devices", "check"};

/// The answer is always JSON and quiet; which files may be read is for the server's owner to say.
constexpr std::array<std::string_view, 6> not_for_agents = {"--format",     "--quiet", "--help",
                                                            "--allow-path", "--gantt", "--version"};

template <class List>
bool holds(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// "--measured-on" -> "measured_on", "SCENARIO" -> "scenario".
std::string key_of(const std::string& name) {
  std::string key = name.substr(std::min(name.find_first_not_of('-'), name.size()));
  for (char& c : key) c = c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return key;
}

/// An option or positional of a tool.
struct Parameter {
  std::string key, name;  ///< name: of an option, "--set"; empty: a positional
  std::string help;
  std::vector<std::string> choices;
  bool repeatable = false, required = false, is_flag = false, writes = false;
};

std::vector<Parameter> parameters_of(const CommandSpec& tool, const Folder& folder) {
  std::vector<Parameter> list;
  for (const PositionalSpec& one : tool.positionals)
    list.push_back({key_of(one.name), "", one.help, one.choices, one.repeatable, one.required});
  const auto add = [&](const OptionSpec& one) {
    const bool writes = one.writes || one.name == "--output";
    if (holds(not_for_agents, one.name) || (writes && !folder)) return;
    const std::string help = writes ? one.help + "; a name in the server's folder" : one.help;
    list.push_back(
        {key_of(one.name), one.name, help, one.choices, one.repeatable, one.required, one.value.empty(), writes});
  };
  for (const OptionSpec& one : tool.options) add(one);
  for (const OptionSpec& one : common_options(tool)) add(one);
  return list;
}

Json schema_of(const Parameter& one) {
  Json value = one.is_flag ? Json{{"type", "boolean"}} : Json{{"type", {"string", "number"}}};
  if (!one.choices.empty()) value = {{"type", "string"}, {"enum", one.choices}};
  if (one.repeatable) value = {{"type", "array"}, {"items", value}};
  value["description"] = one.help;
  return value;
}

/// With a folder every tool may write a file there, over one that has its name.
Json tool_json(const CommandSpec& tool, const Folder& folder) {
  Json properties = Json::object(), required = Json::array();
  for (const Parameter& one : parameters_of(tool, folder)) {
    properties[one.key] = schema_of(one);
    if (one.required) required.push_back(one.key);
  }
  std::string text = tool.summary;
  for (const Example& example : tool.examples) text += fmt::format("\n{}: {}", example.says, example.line);
  return {
      {"name", tool.name},
      {"description", text},
      {"inputSchema",
       {{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}}},
      {"annotations", {{"readOnlyHint", !folder}, {"destructiveHint", folder.has_value()}, {"openWorldHint", false}}}};
}

/// "did you mean ...?", or all that there are.
std::string known_or_near(const std::string& key, const std::vector<std::string>& keys) {
  const std::string near = spelling_hint(key, keys);
  return near.empty() ? fmt::format("one of: {}", fmt::join(keys, ", ")) : near;
}

/// A value as a word of the command line; nothing where it is neither text nor a number.
std::optional<std::string> word_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  return std::nullopt;
}

/// Whether a word may be read as a scenario or another file of chipmix: faults quote lines of what they read, and an
/// agent must not be shown those of any other file. Places of measurements may be FILE:OPTION.
bool may_be_read(const Parameter& one, const std::string& word) {
  constexpr std::string_view ending = ".json";
  if (one.key == "scenario" || one.key == "file") return word.ends_with(ending);
  if (one.key != "measured_on") return true;
  const std::string file = word.substr(0, word.rfind(':'));
  std::error_code none;
  return file.ends_with(ending) || !std::filesystem::exists(file, none);
}

/// A plain name, which stays in the folder.
bool is_plain(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find_first_of("/\\") == std::string::npos &&
         name.find('\0') == std::string::npos;
}

class Call {
 public:
  Call(const CommandSpec& tool, const Json& arguments, const Folder& folder)
      : parameters_(parameters_of(tool, folder)), arguments_(arguments), folder_(folder) {}

  Words read() {
    for (const auto& [key, value] : arguments_.items()) known(key);
    for (const Parameter& one : parameters_) {
      const auto found = arguments_.find(one.key);
      if (found != arguments_.end() && !found->is_null())
        take(one, *found);
      else if (one.required)
        fault(one.key, fmt::format("'{}' is missing: {}", one.key, one.help));
    }
    result_.words.push_back("--");
    result_.words.insert(result_.words.end(), positionals_.begin(), positionals_.end());
    return std::move(result_);
  }

 private:
  void known(const std::string& key) {
    std::vector<std::string> keys;
    for (const Parameter& one : parameters_) keys.push_back(one.key);
    if (!holds(keys, key)) fault(key, fmt::format("no argument '{}', {}", key, known_or_near(key, keys)));
  }

  void take(const Parameter& one, const Json& value) {
    if (one.is_flag) {
      if (!value.is_boolean()) return fault(one.key, fmt::format("'{}' is true or false", one.key));
      if (value.get<bool>()) result_.words.push_back(one.name);
      return;
    }
    if (!one.repeatable) return add(one, one.key, value);
    if (!value.is_array()) return fault(one.key, fmt::format("'{}' is a list", one.key));
    for (std::size_t i = 0; i < value.size(); ++i) add(one, fmt::format("{}/{}", one.key, i), value[i]);
  }

  void add(const Parameter& one, const std::string& pointer, const Json& value) {
    auto word = word_of(value);
    if (!word) return fault(pointer, fmt::format("'{}' is text or a number", one.key));
    if (!one.choices.empty() && !holds(one.choices, *word))
      return fault(pointer, fmt::format("unknown {} '{}', {}", one.key, *word, spelling_hint(*word, one.choices)));
    if (!may_be_read(one, *word))
      return fault(pointer, fmt::format("'{}' must be a file whose name ends in .json", one.key));
    if (one.writes) {
      if (!is_plain(*word))
        return fault(pointer, fmt::format("'{}' is not a plain file name in the server's folder", *word));
      const std::filesystem::path file = *folder_ / *word;
      std::error_code none;
      if (std::filesystem::is_symlink(file, none))
        return fault(pointer, fmt::format("'{}' is a link, which may lead out of the server's folder", *word));
      word = file.string();
    }
    if (one.name.empty()) {
      positionals_.push_back(*word);
    } else {
      result_.words.push_back(one.name);
      result_.words.push_back(*word);
    }
  }

  void fault(const std::string& key, std::string message) { result_.faults.push_back({"/" + key, std::move(message)}); }

  std::vector<Parameter> parameters_;
  const Json& arguments_;
  const Folder& folder_;
  Words result_;
  std::vector<std::string> positionals_;
};

}  // namespace

const CommandSpec* tool_named(const std::string& name) {
  if (!holds(tools, name)) return nullptr;
  for (const CommandSpec& command : program().commands)
    if (command.name == name) return &command;
  return nullptr;
}

Json tool_list(const Folder& folder) {
  Json list = Json::array();
  for (const std::string_view name : tools) list.push_back(tool_json(*tool_named(std::string(name)), folder));
  return list;
}

Words words_of(const CommandSpec& tool, const Json& arguments, const Folder& folder) {
  if (!arguments.is_object()) return {{}, {{"", "the arguments are an object"}}};
  return Call(tool, arguments, folder).read();
}

}  // namespace chipmix::cli::mcp
