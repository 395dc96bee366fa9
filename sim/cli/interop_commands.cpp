// import, and plan --export: plans to and from other programs' arguments.
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cli/commands.hpp"
#include "cli/complain.hpp"
#include "cli/interop_commands.hpp"
#include "cli/output.hpp"
#include "io/folder.hpp"
#include "io/python_json.hpp"

namespace chipmix::cli {
namespace {

constexpr std::size_t largest_script = 4u * 1024u * 1024u;  // bytes

std::string read_text(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw FileError(path.string(), "is a folder, not a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw FileError(path.string(), std::strerror(errno));
  std::string text(largest_script + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > largest_script) throw FileError(path.string(), "is larger than 4 MiB");
  return text;
}

constexpr int most_ranks = 1 << 24;

/// --ranks and --set.
interop::Asked import_question(const Invocation& invocation) {
  interop::Asked asked;
  for (const auto& [name, value] : invocation.overrides) asked.set[name] = value;
  if (const auto ranks = invocation.option("--ranks")) {
    int number = 0;
    const auto [end, fault] = std::from_chars(ranks->data(), ranks->data() + ranks->size(), number);
    if (fault != std::errc() || end != ranks->data() + ranks->size() || number < 1 || number > most_ranks)
      throw UsageError(fmt::format("--ranks needs a number from 1 to {}, not '{}'", most_ranks, *ranks), "import");
    asked.ranks = number;
  }
  return asked;
}

interop::Imported import_file(const std::string& kind, const std::filesystem::path& path, const interop::Asked& asked) {
  if (kind == "deepspeed") {
    interop::Asked left = asked;
    const std::string text = interop::filled(path.string(), read_text(path), left);
    return interop::import_deepspeed(io::Document::parse(path.string(), text), left);
  }
  scenario::Library library(io::current_folder());
  interop::Asked how = asked;
  const std::string name = path.extension().string();
  how.is_toml = kind == "torchtitan" && name != ".yaml" && name != ".yml";
  how.is_yaml = kind == "neox" || kind == "flagscale" || kind == "primus" || kind == "nemo";
  return interop::import_arguments(framework_named(kind), path.string(), read_text(path), library, how);
}

/// The id of a model file without one: its name, or that of its folder.
std::string id_of(const std::filesystem::path& path) {
  return path.stem() == "config" ? (io::current_folder() / path).parent_path().filename() : path.stem();
}

}  // namespace

interop::Framework framework_named(const std::string& name) {
  return name == "mindspeed" ? interop::Framework::mindspeed : interop::Framework::megatron;
}

Exit run_import(const Invocation& invocation) {
  const std::string& kind = invocation.positionals[0];
  if (kind == "prices" || kind == "hf")
    for (const bool given : {invocation.has("--ranks"), !invocation.overrides.empty()})
      if (given) throw UsageError(fmt::format("--ranks and --set apply to plans, not to 'import {}'", kind), "import");
  if (kind == "prices") return import_prices(invocation);
  for (const char* option : {"--date", "--provider", "--source"})
    if (invocation.has(option)) throw UsageError(fmt::format("{} needs 'import prices'", option), "import");
  const std::filesystem::path path = invocation.positionals[1];
  if (kind == "hf") {
    std::vector<std::string> assumed;
    write_result(interop::import_hf(io::load_python_json(path), id_of(path), assumed) + "\n", invocation.output);
    if (!invocation.quiet)
      for (const std::string& one : assumed) say("remark: assumed: " + one);
    return Exit::answer;
  }
  const interop::Imported imported = import_file(kind, path, import_question(invocation));
  write_result(scenario::plan_file_text(imported.plan) + "\n", invocation.output);
  if (!invocation.quiet)
    for (const std::string& remark : imported.remarks) say("remark: " + remark);
  return Exit::answer;
}

Exit write_export(interop::Format format, const plan::JobPlan& plan, const workload::TrainingJob& job,
                  const hardware::Cluster& cluster, const Invocation& invocation) {
  const interop::Written outcome = interop::export_plan(format, plan, job, cluster);
  if (const auto* text = std::get_if<std::string>(&outcome)) {
    write_result(*text, invocation.output);
    return Exit::answer;
  }
  say(fmt::format("chipmix: {} cannot express this plan ({}):", name(format), plan::to_text(plan, cluster)));
  for (const std::string& reason : std::get<interop::Reasons>(outcome)) say("  " + reason);
  return Exit::no_answer;
}

}  // namespace chipmix::cli
