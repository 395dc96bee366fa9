// The table of commands: what the command line accepts, and who answers.
#include <map>

#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/sweep_commands.hpp"

namespace chipmix::cli {
namespace {

PositionalSpec scenario() { return {"SCENARIO", "scenario file", true, false, {}}; }
OptionSpec option() { return {"--option", "NAME", "which option of the scenario", {}, false, true}; }
OptionSpec plan_file() { return {"--plan", "FILE", "a plan file, instead of a search", {}, false, false}; }
OptionSpec engine() {
  return {"--engine",
          "E",
          "what plays the step: analytical (usual), event, or simgrid as its referee",
          {"analytical", "event", "simgrid"},
          false,
          false};
}
PositionalSpec id(const char* what) { return {"ID", what, false, false, {}}; }

}  // namespace

const ProgramSpec& program() {
  static const ProgramSpec spec{
      "chipmix",
      CHIPMIX_VERSION,
      "which accelerators, under which plan, train a model for the least money",
      {{"compare", "every option of a scenario side by side", {scenario()}, {engine()}},
       {"estimate",
        "one option in full: time, memory, money",
        {scenario()},
        {option(),
         plan_file(),
         engine(),
         {"--timeline",
          "FILE",
          "the played step as a trace for ui.perfetto.dev; with --engine event",
          {},
          false,
          false},
         {"--gantt", "", "the played step as lines of text below the answer; with --engine event", {}, false, false}}},
       {"plan",
        "the fastest plans of one option",
        {scenario()},
        {option(),
         {"--top", "K", "how many plans to show (10)", {}, false, false},
         {"--objective", "WHAT", "what to make least", {"time", "cost", "energy"}, false, false},
         {"--deadline", "DAYS", "only plans that train in time", {}, false, false},
         {"--budget", "MONEY", "only plans that cost no more, for example \"1.2e6 CNY\"", {}, false, false},
         {"--diverse", "", "no two plans with the same tensor, pipeline, context and expert degrees", {}, false, false},
         {"--time-limit",
          "SECONDS",
          "show the best plan so far after a while, and how much better one could be",
          {},
          false,
          false},
         {"--export", "FRAMEWORK", "launch arguments of the best plan", {"megatron", "mindspeed"}, false, false},
         plan_file()}},
       {"procure",
        "what to buy and rent for the jobs of a scenario, and when",
        {scenario()},
        {{"--time-limit",
          "SECONDS",
          "show the best purchase so far after a while, and how much better one could be",
          {},
          false,
          false}}},
       {"sweep",
        "options at every combination of values: one row for each",
        {scenario()},
        {{"--vary",
          "PATH=VALUES",
          "values of one path: V1,V2,... or FROM:TO:COUNT and a unit, for example options.a.rent.value=\"1:3:5 USD/h\"",
          {},
          true,
          true},
         {"--option", "NAME", "which option of the scenario (all)", {}, true, false},
         {"--shard", "I/N", "only every N-th point, beginning with the I-th", {}, false, false},
         {"--resume", "", "go on with the file of --output: F.csv or F.jsonl", {}, false, false},
         {"--intervals", "", "also P10 and P90 of days and cost", {}, false, false},
         engine()}},
       {"merge",
        "what shards of one sweep wrote, as the file of the whole sweep",
        {{"FILE", "F.csv or F.jsonl, all of one kind", true, true, {}}},
        {}},
       {"report",
        "the procurement report: --output F.html, F.pdf, F.xlsx, F.md or F.csv (cost rows)",
        {scenario()},
        {}},
       {"explain",
        "where one account of an answer comes from, or why another plan is not the best",
        {scenario()},
        {option(),
         {"--account", "A", "account of time, memory or money", {}, false, false},
         {"--neighbour",
          "CHANGES",
          "changes to the best plan, for example \"tensor=4,zero=gradients\"",
          {},
          false,
          false}}},
       {"import",
        "the plan that another program's launch arguments describe, as a plan file",
        {{"KIND", "what the file is", true, false, {"megatron", "mindspeed", "deepspeed", "hf"}},
         {"FILE", "launch script, arguments as JSON or YAML, ds_config.json, or config.json", true, false, {}}},
        {}},
       {"validate",
        "predictions beside published training runs",
        {},
        {{"--cases", "FILE", "a table of runs, or a folder of them (those that come with chipmix)", {}, false, false},
         {"--no-intervals", "", "times only, for fits", {}, false, false}}},
       {"calibrate",
        "figures of a device, its links or a stack fitted to what was measured",
        {{"FILE", "measurements, logs of collectives or of training, profiler traces, CSV", true, true, {}}},
        {{"--device", "ID", "the device that was measured", {}, false, false},
         {"--stack", "ID", "instead: the software stack that ran the runs of FILE, a table of runs", {}, false, false},
         {"--node", "ID", "the server it stood in (its usual one)", {}, false, false},
         {"--link", "ID", "the network card between servers (the server's usual one)", {}, false, false},
         {"--profiles",
          "FOLDER",
          "write profiles with the fitted figures into FOLDER/devices and FOLDER/links",
          {},
          false,
          false},
         {"--plot", "F.svg", "measured against fitted times as a drawing", {}, false, false},
         {"--hold-out", "SHARE", "of the samples, left out in turn to see the error on them (0.2)", {}, false, false}}},
       {"check",
        "read files and report every fault in them",
        {{"FILE", "scenario, model, plan or profile files", true, true, {}}},
        {}},
       {"schema",
        "JSON Schema (draft-07) of a kind of file",
        {{"KIND",
          "what to describe (scenario)",
          false,
          false,
          {"scenario", "device", "node", "link", "fabric", "stack", "plan", "measurements"}}},
        {}},
       {"devices", "the accelerators chipmix knows, or one in full", {id("device id or alias")}, {}},
       {"models", "the models chipmix knows, or one in full", {id("model id, or a config.json")}, {}},
       {"links", "the links chipmix knows, or one in full", {id("link id")}, {}},
       {"stacks", "the software stacks chipmix knows, or one in full", {id("stack id")}, {}},
       {"completion",
        "a script that completes commands in a shell",
        {{"SHELL", "which shell (bash)", false, false, completion_shells()}},
        {}}}};
  return spec;
}

Exit run(const Invocation& invocation) {
  static const std::map<std::string, Exit (*)(const Invocation&)> commands = {
      {"compare", run_compare}, {"estimate", run_estimate}, {"plan", run_plan},
      {"procure", run_procure}, {"report", run_report},     {"explain", run_explain},
      {"import", run_import},   {"validate", run_validate}, {"check", run_check},
      {"schema", run_schema},   {"devices", run_catalogue}, {"models", run_catalogue},
      {"links", run_catalogue}, {"stacks", run_catalogue},  {"completion", run_completion},
      {"sweep", run_sweep},     {"merge", run_merge},       {"calibrate", run_calibrate}};
  return commands.at(invocation.command)(invocation);
}

}  // namespace chipmix::cli
