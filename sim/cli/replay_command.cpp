// replay, and estimate --chakra: execution traces of Chakra, read and written.
#include <fmt/format.h>

#include <map>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/interop_commands.hpp"
#include "cli/output.hpp"
#include "cli/show.hpp"
#include "interop/chakra_replay.hpp"
#include "io/folder.hpp"
#include "plan/schedule.hpp"
#include "report/number.hpp"
#include "report/page.hpp"
#include "scenario/ask.hpp"

namespace chipmix::cli {
namespace {

/// The servers of words such as 64xH800.
hardware::NodeGroup group_of(const char* option_name, const std::string& words) {
  scenario::Library library(io::current_folder());
  // Any model and any tokens: only the devices are asked for.
  scenario::Asked asked;
  asked.words = {"llama-3.1-8b", "1B", words};
  const io::Document document = scenario::document_of(asked, library);
  const scenario::Scenario scenario = scenario::read_scenario(document, library);
  const auto& option = scenario.options.front();
  if (!option.cluster || option.cluster->groups.size() != 1)
    throw UsageError(fmt::format("{} takes devices of one kind, such as 64xH800, not '{}'", option_name, words),
                     "replay");
  return option.cluster->groups.front();
}

report::Page page_of(const interop::Replay& traced, const interop::Replay& played, const std::string& on) {
  report::Page page;
  page.title = on.empty() ? "Execution traces, played" : "Execution traces, played on " + on;
  report::Table table;
  table.title = "By rank";
  table.columns = {{"rank"},
                   report::numeric("nodes"),
                   report::numeric("work", "s"),
                   report::numeric("communication", "s"),
                   report::numeric("end", "s"),
                   report::numeric("end as traced", "s")};
  const auto seconds = [](double value) { return report::Cell{value, report::seconds(Seconds{value})}; };
  nlohmann::ordered_json ranks = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < played.ranks.size(); ++i) {
    const interop::ReplayedRank& one = played.ranks[i];
    table.add({fmt::format("{}", one.rank),
               {static_cast<double>(one.nodes), fmt::format("{}", one.nodes)},
               seconds(one.computing),
               seconds(one.communicating),
               seconds(one.end),
               seconds(traced.ranks[i].end)});
    ranks.push_back({{"rank", one.rank},
                     {"nodes", one.nodes},
                     {"work_s", one.computing},
                     {"communication_s", one.communicating},
                     {"end_s", one.end},
                     {"traced_end_s", traced.ranks[i].end}});
  }
  page.tables.push_back(std::move(table));
  page.remarks.push_back(fmt::format(
      "The step ends after {}{}.", report::seconds(Seconds{played.seconds}),
      on.empty() ? std::string()
                 : fmt::format("; the traced step ends after {}", report::seconds(Seconds{traced.seconds}))));
  if (played.kept > 0)
    page.remarks.push_back(
        fmt::format("{} nodes keep their traced time: the traces do not say what they compute or send (num_ops, "
                    "tensor_size, comm_type, comm_size), or a collective has one rank.",
                    played.kept));
  if (played.alone > 0)
    page.remarks.push_back(fmt::format("{} sends or receives have no counterpart in these traces.", played.alone));
  const nlohmann::ordered_json json = {{"seconds", played.seconds},
                                       {"traced_seconds", traced.seconds},
                                       {"kept_nodes", played.kept},
                                       {"lone_transfers", played.alone},
                                       {"ranks", std::move(ranks)}};
  page.json = json.dump(2);
  return page;
}

}  // namespace

CommandSpec replay_spec(const char* group) {
  return {"replay",
          "play MLCommons Chakra execution traces, as traced or on another machine",
          {{"FILE",
            "traces of the ranks of one run, protobuf or JSON; the last number in a file's name is its rank",
            true,
            true,
            {}}},
          {{"--on", "DEVICES", "machine to play on, such as 64xH800; without it, times stay as traced"},
           {"--traced-on", "DEVICES", "machine of the traces; traced times are then scaled from it"}},
          {{"chipmix estimate scenarios/llama31_405b.json --option h100 --set 'options.h100.plan=\"TP8 PP16 CP2\"' "
            "--chakra traces && chipmix replay traces/*.et --traced-on 1024xH100 --on 1024xH800",
            "write the step of a plan as traces and play them on another device"}},
          {"--format", "--output"},
          group};
}

Exit run_replay(const Invocation& invocation) {
  std::vector<interop::ChakraTrace> traces;
  std::vector<Diagnostic> faults;
  for (std::size_t i = 0; i < invocation.positionals.size(); ++i) try {
      traces.push_back(interop::read_chakra(invocation.positionals[i], static_cast<std::int64_t>(i)));
    } catch (const InputError& error) {
      faults.insert(faults.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  std::map<std::int64_t, std::string> files;
  for (const interop::ChakraTrace& trace : traces)
    if (const auto [other, is_new] = files.emplace(trace.rank, trace.file); !is_new)
      faults.push_back({trace.file,
                        {},
                        "",
                        fmt::format("rank {} is also that of {}", trace.rank, other->second),
                        "the last number of a file's name is its rank",
                        "",
                        1});
  if (!faults.empty()) throw InputError(std::move(faults));
  const auto on = invocation.option("--on"), from = invocation.option("--traced-on");
  if (from && !on) throw UsageError("--traced-on needs --on", "replay");
  const interop::Replay traced = interop::replayed(traces);
  if (!on) {
    show(page_of(traced, traced, ""), invocation);
    return Exit::answer;
  }
  const engine::Machine machine(group_of("--on", *on));
  std::optional<engine::Machine> before;
  if (from) before.emplace(group_of("--traced-on", *from));
  report::Page page = page_of(traced, interop::replayed(traces, {&machine, before ? &*before : nullptr}), *on);
  page.remarks.push_back(
      before ? "The traced times of work and transfers are scaled by the ratio of the predicted times on both machines."
             : "Work is timed from its FLOPs or bytes at the rates that kernels reach, without launches and internal "
               "exchanges; --traced-on DEVICES scales the traced times instead.");
  show(page, invocation);
  return Exit::answer;
}

void write_chakra(const std::string& folder, const scenario::Scenario& scenario, const scenario::Option& option,
                  const plan::JobPlan& plan) {
  namespace fs = std::filesystem;
  plan::Lowering lowering(scenario.job_of(option));
  const plan::JobProgram job = plan::lower(lowering, plan, *option.cluster);
  if (job.lanes.size() != 1 || plan::traits(job.lanes.front().schedule).pairs)
    throw UsageError(
        "--chakra writes one pipeline of one pass at a time: neither a mix of pipelines nor passes that run together",
        "estimate");
  const plan::Program& program = job.lanes.front();
  const engine::PlayedStep step = engine::EventEngine(*option.cluster).play(program);
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (fault) throw FileError(folder, fault.message());
  for (const interop::ChakraTrace& trace :
       interop::chakra_of(step, engine::pass_works(program, *option.cluster), program))
    write_file((fs::path(folder) / trace.file).string(), interop::chakra_bytes(trace));
}

}  // namespace chipmix::cli
