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
interop::Asked asked(const Invocation& invocation) {
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
  if (kind == "deepspeed") return interop::import_deepspeed(io::Document::load(path), asked);
  scenario::Library library(io::current_folder());
  return interop::import_arguments(framework_named(kind), path.string(), read_text(path), library, asked);
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
      if (given) throw UsageError(fmt::format("--ranks and --set go with plans, not with 'import {}'", kind), "import");
  if (kind == "prices") return import_prices(invocation);
  for (const char* option : {"--date", "--provider", "--source"})
    if (invocation.has(option)) throw UsageError(fmt::format("{} goes with 'import prices'", option), "import");
  const std::filesystem::path path = invocation.positionals[1];
  if (kind == "hf") {
    std::vector<std::string> assumed;
    write_result(interop::import_hf(io::load_python_json(path), id_of(path), assumed) + "\n", invocation.output);
    if (!invocation.quiet)
      for (const std::string& one : assumed) say("remark: assumed: " + one);
    return Exit::answer;
  }
  const interop::Imported imported = import_file(kind, path, asked(invocation));
  write_result(scenario::plan_file_text(imported.plan) + "\n", invocation.output);
  if (!invocation.quiet)
    for (const std::string& remark : imported.remarks) say("remark: " + remark);
  return Exit::answer;
}

namespace {

/// A launcher starts one pipeline of like stages.
std::vector<std::string> mixed_reasons(const plan::JobPlan& plan, const hardware::Cluster& cluster) {
  std::vector<std::string> reasons;
  if (plan.lanes.size() > 1)
    reasons.push_back(fmt::format("{} pipelines share the batch, each with degrees of its own", plan.lanes.size()));
  for (const plan::ParallelPlan& lane : plan.lanes)
    if (const auto islands = plan::islands(lane); islands.size() > 1)
      reasons.push_back(fmt::format("a pipeline crosses from island '{}' to '{}', with other degrees on each",
                                    cluster.groups[islands[0]].name, cluster.groups[islands[1]].name));
  if (plan.is_local()) reasons.push_back("weights are brought together every so many steps only");
  return reasons;
}

}  // namespace

Exit write_export(interop::Framework framework, const plan::JobPlan& plan, const workload::TrainingJob& job,
                  const hardware::Cluster& cluster, const Invocation& invocation) {
  std::vector<std::string> reasons = mixed_reasons(plan, cluster);
  if (reasons.empty()) {
    const plan::ParallelPlan& lane = plan.lanes.front();
    auto outcome =
        interop::export_arguments(framework, lane, job, cluster.groups[lane.stages.front().devices.node_group]);
    if (const auto* text = std::get_if<std::string>(&outcome)) {
      write_result(*text, invocation.output);
      return Exit::answer;
    }
    reasons = std::get<std::vector<std::string>>(std::move(outcome));
  }
  say(fmt::format("chipmix: {} cannot express this plan ({}):", name(framework), plan::to_text(plan, cluster)));
  for (const std::string& reason : reasons) say("  " + reason);
  return Exit::no_answer;
}

}  // namespace chipmix::cli
