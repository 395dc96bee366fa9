#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "interop/arithmetic.hpp"
#include "interop/given.hpp"
#include "interop/interop.hpp"
#include "interop/launcher.hpp"
#include "interop/shell.hpp"
#include "interop/toml.hpp"
#include "interop/torchtitan.hpp"
#include "interop/understand.hpp"

namespace chipmix::interop {
namespace {

constexpr std::uintmax_t largest_beside = 4u * 1024u * 1024u;  // bytes of a script that another one sources

using Words = std::vector<Word>;

/// Of a file beside the script; the folders in front of its name are those of the machine that it was written for.
std::optional<std::string> text_beside(const std::string& script, const std::string& name) {
  namespace fs = std::filesystem;
  std::error_code fault;
  const fs::path folder = fs::path(script).parent_path();
  for (const fs::path& path : {folder / name, folder / fs::path(name).filename()}) {
    if (name.empty() || !fs::is_regular_file(path, fault) || fs::equivalent(path, script, fault)) continue;
    if (fs::file_size(path, fault) > largest_beside) continue;
    std::ifstream stream(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  return std::nullopt;
}

/// Ranks as the script computes them, where the launch does not say.
void world_from(const Variables& variables, Arguments& arguments) {
  const auto found = variables.find("WORLD_SIZE");
  if (found == variables.end() || found->second.elements.size() != 1 || arguments.processes || arguments.world) return;
  const auto ranks = whole_number(plain(found->second.elements.front()));
  if (ranks && *ranks > 0 && *ranks <= 1 << 24) arguments.world = static_cast<int>(*ranks);
}

/// The number behind a name in a line, "--nnodes 4" or "NNODES=4".
std::optional<long long> number_behind(std::string_view line, std::string_view name) {
  const std::size_t at = line.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(at + name.size());
  return whole_number(std::string(rest.substr(0, rest.find_first_not_of("0123456789"))));
}

/// Ranks of the launch that a comment shows, as exports do where the configuration itself has no place for them.
Number ranks_in_comment(const std::string& text) {
  constexpr long long most = 1 << 24;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("#")) continue;
    for (const auto& [nodes, each] : {std::pair("--nnodes ", "--nproc-per-node "), {"NNODES=", "GPUS_PER_NODE="}}) {
      const auto count = number_behind(line, nodes), ranks = number_behind(line, each);
      if (count && ranks && *count > 0 && *ranks > 0 && *count <= most && *ranks <= most / *count)
        return static_cast<int>(*count * *ranks);
    }
  }
  return std::nullopt;
}

Words settled(const Words& words) {
  Words list;
  for (const Word& word : words) list.push_back(interop::settled(word));
  return list;
}

/// The launches that train; a fault if there are launches, and none does.
std::vector<Words> training(const Script& script, const Given& given) {
  std::vector<Words> list, unclear;
  std::string other;
  std::size_t at = 0;
  for (const Words& launch : script.launches) {
    Words words = settled(launch);
    const std::size_t program = program_of(words);
    const std::string name = program < words.size() ? words[program].text : "";
    const Work work = name.empty() ? Work::unclear : work_of(name);
    if (work == Work::other && other.empty()) other = name, at = words[program].offset();
    if (work != Work::other) (work == Work::training ? list : unclear).push_back(std::move(words));
  }
  if (list.empty()) list = std::move(unclear);
  if (!list.empty()) return list;
  if (!other.empty())
    given.fault(at, fmt::format("'{}' trains nothing", other), "a plan is read from the launch of a training program");
  else
    given.fault(0, "no arguments of a training run in this file",
                "a launch such as 'torchrun pretrain_gpt.py --num-layers 32', or lines of arguments");
  return list;
}

struct Reading {
  Given given;
  scenario::PlanFile plan;
};

class Importer {
 public:
  Importer(Framework framework, const std::string& file, const std::string& text, scenario::Library& library,
           const Asked& asked)
      : framework_(framework), file_(file), text_(text), library_(library), asked_(asked) {}

  Reading run() {
    Given given(framework_, file_, text_, diagnostics_);
    const auto begin = std::find_if(text_.begin(), text_.end(), [](unsigned char c) { return !std::isspace(c); });
    const bool is_json = begin != text_.end() && *begin == '{';
    const bool is_script = file_.ends_with(".sh") || text_.starts_with("#!");
    const bool is_yaml = file_.ends_with(".yaml") || file_.ends_with(".yml") ||
                         (asked_.is_yaml && !is_script && !file_.ends_with(".json"));
    if (asked_.is_toml || file_.ends_with(".toml")) {
      const std::vector<Leaf> leaves = read_toml(text_, given);
      return of_torchtitan(std::move(given), leaves, asked_);
    }
    const bool is_neox = is_json && (text_.find("\"pipe-parallel-size\"") != std::string::npos ||
                                     text_.find("\"pipe_parallel_size\"") != std::string::npos);
    if (is_json || is_yaml) {
      Words words;
      if (is_yaml || is_neox) {
        std::vector<Leaf> leaves = read_yaml(text_, given);
        std::map<std::string, std::string> set = asked_.set;
        interpolate(leaves, set);
        if (is_torchtitan(leaves)) return of_torchtitan(std::move(given), leaves, {asked_.ranks, std::move(set)});
        words = words_of_yaml(leaves, given, set);
      } else {
        words = words_of_json(file_, text_);
      }
      Reading reading = understood(std::move(given), words, {});
      diagnostics_.throw_if_any();
      return reading;
    }
    const Flags& table = flags(framework_);
    const auto is_flag = [&](std::string_view word) { return find(table, word) != nullptr; };
    const auto beside = [&](const std::string& name) { return text_beside(file_, name); };
    const Script script = read_script({file_, text_, is_flag, asked_.set, beside});
    unused(script, given);
    const std::vector<Words> launches = training(script, given);
    diagnostics_.throw_if_any();
    std::vector<Reading> readings;
    for (const Words& words : launches) {
      diagnostics_.throw_if_any();
      readings.push_back(understood(Given(framework_, file_, text_, diagnostics_), words, script.variables));
    }
    for (std::size_t i = 1; i < readings.size() && diagnostics_.empty(); ++i)
      if (scenario::plan_file_text(readings[i].plan) != scenario::plan_file_text(readings[0].plan))
        given.fault(launches[i].front().offset(), "a second launch, of another plan", "keep one launch in the file");
    diagnostics_.throw_if_any();
    return std::move(readings.front());
  }

  /// Whether the file says which model it is, by name or not at all.
  bool has_named_model() const { return is_named_; }

 private:
  Reading of_torchtitan(Given given, const std::vector<Leaf>& leaves, const Asked& asked) {
    diagnostics_.throw_if_any();
    is_named_ = true;
    scenario::PlanFile plan = understand_torchtitan(leaves, given, library_, asked);
    diagnostics_.throw_if_any();
    return {std::move(given), std::move(plan)};
  }

  Reading understood(Given given, Words words, const Variables& variables) {
    for (const auto& [name, value] : arguments_) {
      words.push_back(word_of(name, 0));
      if (value != "true") words.push_back(word_of(value, 0));
    }
    const std::size_t program = program_of(words);
    const std::size_t end = program == words.size() ? 0 : program;
    if (end > 0) read_launcher(words, end, variables, given);
    read_arguments({words.begin() + static_cast<std::ptrdiff_t>(end), words.end()}, given);
    world_from(variables, given.values());
    Arguments& a = given.values();
    if (!a.world && !a.nodes && !a.processes) a.world = ranks_in_comment(text_);
    if (asked_.ranks) a.world = asked_.ranks;
    scenario::PlanFile plan = understand_plan(given);
    return {std::move(given), std::move(plan)};
  }

  /// What --set says and no variable is called by: an argument that the script lacks.
  void unused(const Script& script, const Given& given) {
    for (const auto& [name, value] : asked_.set) {
      if (script.used.contains(name)) continue;
      std::string dashed = "--" + name.substr(std::min(name.find_first_not_of('-'), name.size()));
      std::replace(dashed.begin(), dashed.end(), '_', '-');
      if (find(flags(framework_), dashed))
        arguments_[dashed] = value;
      else
        given.fault(0, fmt::format("--set {}: the script has no such variable", name), "names are as in the script");
    }
  }

  Framework framework_;
  const std::string& file_;
  const std::string& text_;
  scenario::Library& library_;
  const Asked& asked_;
  std::map<std::string, std::string> arguments_;  ///< added by --set
  io::Diagnostics diagnostics_;
  bool is_named_ = false;
};

}  // namespace

Imported import_arguments(Framework framework, const std::string& file, const std::string& text,
                          scenario::Library& library, const Asked& asked) {
  Importer importer(framework, file, text, library, asked);
  Reading reading = importer.run();
  if (!importer.has_named_model()) reading.plan.model = understand_model(reading.given, library);
  return {std::move(reading.plan), reading.given.remarks()};
}

}  // namespace chipmix::interop
