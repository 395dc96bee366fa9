// The table of commands: what the command line accepts, with examples. Help, completions and manual are made from it.
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "interop/formats.hpp"

namespace chipmix::cli {
namespace {

using Words = std::vector<std::string>;

const char* const answers = "answers";
const char* const plans = "plans and other programs";
const char* const truth = "what to believe";
const char* const knows = "what chipmix knows";
const char* const self = "chipmix itself";

const Words page_of_scenario = {"--format", "--output", "--set", "--allow-path", "--jobs"};
const Words page = {"--format", "--output"};
const Words file_only = {"--output"};

OptionSpec flag(const char* name, const char* help) { return {name, "", help}; }
OptionSpec value(const char* name, const char* what, const char* help, Words choices = {}) {
  return {name, what, help, std::move(choices)};
}
OptionSpec id(const char* name, const char* help, const char* listed_by) {
  OptionSpec option = value(name, "ID", help);
  option.ids = listed_by;
  return option;
}
OptionSpec repeated(OptionSpec option) {
  option.repeatable = true;
  return option;
}
OptionSpec written(OptionSpec option) {
  option.writes = true;
  return option;
}
OptionSpec required(OptionSpec option) {
  option.required = true;
  return option;
}

PositionalSpec scenario() { return {"SCENARIO", "scenario file"}; }
OptionSpec option() { return required(value("--option", "NAME", "which option of the scenario")); }
OptionSpec plan_file() { return value("--plan", "FILE", "a plan file, instead of a search"); }
OptionSpec time_limit(const char* help) { return value("--time-limit", "SECONDS", help); }
OptionSpec engine() {
  return value("--engine", "E", "what plays the step: analytical (usual), event, or simgrid as its referee",
               {"analytical", "event", "simgrid"});
}

OptionSpec engine_or_all() {
  return value("--engine", "E",
               "what plays the step: analytical (usual), event, simgrid as its referee, or all of them side by side",
               {"analytical", "event", "simgrid", "all"});
}
OptionSpec author() { return value("--author", "NAME", "whose name stands in the header of a report: -o F.html"); }

OptionSpec language() { return value("--language", "CODE", "of a report (en)", {"en", "zh"}); }
/// Options of a command, and those of steps that the user measured.
std::vector<OptionSpec> with_measured(std::vector<OptionSpec> options) {
  options.push_back(repeated(value(
      "--measured", "STEP", "a measured step, 12.4s, a training log, or a profiler's trace: anchors the answer")));
  options.push_back(
      repeated(value("--measured-plan", "PLAN", "the plan that ran: a plan file, or words, \"TP8 PP4\"")));
  options.push_back(repeated(value(
      "--measured-on", "WHERE", "where it ran: 64xH800, \"MODEL@LENGTH 64xH800 batch=N\", an option, or FILE:OPTION")));
  return options;
}

OptionSpec details() { return flag("--details", "all tables instead of the short answer"); }

/// A command that lists profiles of one kind, or shows one in full.
CommandSpec catalogue(const char* kind, const char* summary, const char* help, std::vector<Example> examples) {
  return {kind, summary, {{"ID", help, false, false, {}, kind}}, {}, std::move(examples), page, knows};
}

std::vector<CommandSpec> commands_that_answer() {
  return {
      {"ask",
       "a question in one line: a model, its tokens, and what to train it on",
       {{"WORD",
         "a model, its tokens (5T, 5T@4K+200B@32K), devices with or without a price (1024xH800@14CNY/h, "
         "512xH800+512xA100)",
         true,
         true,
         {}}},
       with_measured({value("--within", "TIME", "the deadline: 60d, 12w, 3months, or a day as 2027-03-31"),
                      value("--budget", "MONEY", "what it may cost, for example 3M USD"),
                      value("--start", "DAY", "day on which it begins, YYYY-MM-DD"),
                      value("--currency", "CODE", "currency of the answer (that of the first price)"),
                      value("--batch", "N", "sequences of a step (as published runs of such length have)"),
                      value("--dtype", "FORMAT", "number format of the matrix products (bf16)"),
                      value("--finetune", "HOW", "all weights (full), or low-rank adapters beside frozen weights",
                            {"full", "lora"}),
                      value("--practice", "WHO", "who runs it (typical)", {"tuned", "typical", "first", "ideal"}),
                      written(value("--save", "FILE", "write the question as a scenario, with all that was assumed")),
                      details(), engine(), author(), language()}),
       {{"chipmix ask llama-3.1-70b 2T 512xH100@2.5USD/h 512xMI300X@1.99USD/h",
         "two kinds of device, with your quotes"},
        {"chipmix ask qwen3-235b-a22b 5T@4K+200B@32K 1024xH800@14CNY/h 2048x910B2@7CNY/h 512xH800+1024x910B2 --within "
         "60d",
         "two stages, a mix, a deadline"},
        {"chipmix ask Qwen/Qwen3-8B 1T 64xA100 64xH100 -o answer.html", "at public prices, as a report"},
        {"chipmix ask llama-3.1-8b 1T 64xH100 256xH100 --measured 2.9s --measured-plan 'TP2 mbs1' --measured-on "
         "'16xH100 batch=128'",
         "anchored on one step of your own"}},
       {"--format", "--output", "--set", "--jobs"},
       answers},
      {"new",
       "the question of 'ask', asked step by step, and saved as a scenario",
       {},
       {details(), engine()},
       {{"printf 'llama-3.1-8b\\n20B\\n16xH100\\n\\n\\n\\n\\n' | chipmix new", "the answers may come from a pipe"}},
       {"--format", "--output", "--jobs"},
       answers},
      {"compare",
       "every option of a scenario side by side",
       {scenario()},
       with_measured({details(), engine(), author(), language()}),
       {{"chipmix compare scenarios/ling_plus.json", "five devices for one job, the cheapest first"},
        {"chipmix compare scenarios/llama31_405b.json --set job.dtype=fp8 --set options.h100.rent.value='2.5 USD/h'",
         "the same question with two things changed"},
        {"chipmix compare scenarios/llama31_405b.json -o answer.json", "for a program"},
        {"chipmix compare scenarios/us_rent_or_own.json -o decision.html --author Finance", "as a decision page"}},
       page_of_scenario,
       answers},
      {"estimate",
       "one option in full: time, memory, money",
       {scenario()},
       with_measured(
           {option(), plan_file(), engine_or_all(),
            repeated(value("--slow", "stage=S:FACTOR",
                           "one replica of a stage takes so many times as long; with --engine event")),
            value("--seeds", "N", "the step over N draws of slow devices and hashed paths; with --engine event"),
            written(value("--timeline", "FILE", "the played step as a trace for ui.perfetto.dev; with --engine event")),
            flag("--gantt", "the played step as lines of text below the answer; with --engine event"),
            written(value("--chakra", "FOLDER", "the step as execution traces of MLCommons Chakra, one a stage"))}),
       {{"chipmix estimate scenarios/llama31_405b.json --option h100", "where the time, memory and money go"},
        {"chipmix estimate scenarios/llama31_405b.json --option h100 --set 'options.h100.plan=\"TP8 PP16 CP2\"'",
         "with a plan of your own instead of the best one"},
        {"chipmix estimate scenarios/deepseek_v3_h800.json --option report --engine event --gantt",
         "a step of the published plan played event by event, and drawn"},
        {"chipmix estimate scenarios/deepseek_v3_h800.json --option report --engine all --slow stage=2:1.5",
         "the three engines side by side, with a slow device in one stage"}},
       page_of_scenario,
       answers},
      {"procure",
       "what to buy and rent for the jobs of a scenario, and when",
       {scenario()},
       {time_limit("show the best purchase so far after a while, and how much better one could be"), author(),
        language()},
       {{"chipmix procure scenarios/china_purchase.json", "purchases month by month, proven least"}},
       page_of_scenario,
       answers},
      {"sweep",
       "options at every combination of values: one row for each",
       {scenario()},
       with_measured({required(repeated(
                          value("--vary", "PATH=VALUES", "values of one path: V1,V2,... or FROM:TO:COUNT and a unit"))),
                      repeated(value("--option", "NAME", "which option of the scenario (all)")),
                      value("--shard", "I/N", "only every N-th point, beginning with the I-th"),
                      flag("--resume", "go on with the file of --output: F.csv or F.jsonl"),
                      flag("--intervals", "also P10 and P90 of days and cost"), engine()}),
       {{"chipmix sweep scenarios/llama31_405b.json --option h100 --vary options.h100.rent.value='2.4:3.4:5 USD/h'",
         "the cost at five rents"},
        {"chipmix sweep scenarios/llama31_405b.json --option h100 --vary job.global_batch=1024,2048 --shard 1/2 -o "
         "1.csv",
         "the first half of the points, written to a file; --resume continues an interrupted sweep"}},
       page_of_scenario,
       answers},
      {"merge",
       "what shards of one sweep wrote, as the file of the whole sweep",
       {{"FILE", "F.csv or F.jsonl, all of one kind", true, true, {}}},
       {},
       {{"chipmix sweep scenarios/llama31_405b.json --option h100 --vary job.global_batch=1024,2048 --shard 2/2 -o "
         "2.csv && chipmix merge 1.csv 2.csv -o sweep.csv",
         "the other half of the points, and both as one file"}},
       file_only,
       answers},
      {"report",
       "the procurement report: -o F.html, F.pdf, F.xlsx, F.md or F.csv (cost rows)",
       {scenario()},
       with_measured({value("--option", "NAME", "whose cost rows: an option, or all as alternatives (the cheapest)"),
                      author(), language()}),
       {{"chipmix report scenarios/llama31_405b.json -o report.html", "one page that needs nothing else"},
        {"chipmix report scenarios/llama31_405b.json -o report.xlsx", "a workbook with live formulas"}},
       {"--output", "--set", "--allow-path", "--jobs"},
       answers}};
}

std::vector<CommandSpec> commands_about_plans() {
  return {
      {"plan",
       "the fastest plans of one option",
       {scenario()},
       with_measured({option(), value("--top", "K", "how many plans to show (10)"),
                      value("--objective", "WHAT", "what to make least", {"time", "cost", "energy"}),
                      value("--deadline", "DAYS", "only plans that train in time"),
                      value("--budget", "MONEY", "only plans that cost no more, for example \"1.2e6 CNY\""),
                      flag("--diverse", "no two plans with the same tensor, pipeline, context and expert degrees"),
                      time_limit("show the best plan so far after a while, and how much better one could be"),
                      value("--export", "FRAMEWORK", "launch arguments or configuration of the best plan",
                            interop::format_names()),
                      plan_file()}),
       {{"chipmix plan scenarios/llama31_405b.json --option h100 --top 5", "the five fastest plans"},
        {"chipmix plan scenarios/llama31_405b.json --option h100 --objective cost --deadline 120 --diverse",
         "the cheapest ones within 120 days, no two alike"},
        {"chipmix plan scenarios/llama31_405b.json --option h100 --export megatron -o launch.sh",
         "launch arguments of the best one"}},
       page_of_scenario,
       plans},
      {"explain",
       "where one account of an answer comes from, or why another plan is not the best",
       {scenario()},
       {option(), value("--account", "A", "account of time, memory or money"),
        value("--neighbour", "CHANGES", "changes to the best plan: \"TP4 PP8\", or \"tensor=4,zero=gradients\"")},
       {{"chipmix explain scenarios/llama31_405b.json --option h100 --account 'matrix products'",
         "the tasks, shapes and laws behind one account"},
        {"chipmix explain scenarios/llama31_405b.json --option h100 --neighbour 'TP8 PP16'",
         "what another plan costs, account by account"}},
       page_of_scenario,
       plans},
      {"import",
       "the plan that another program's launch arguments describe, as a plan file; or a catalogue of prices",
       {{"KIND",
         "what the file is",
         true,
         false,
         {"megatron", "mindspeed", "deepspeed", "neox", "flagscale", "primus", "nemo", "torchtitan", "hf", "prices"}},
        {"FILE",
         "launch script, arguments as JSON or YAML, TOML, ds_config.json, or config.json; prices as CSV of gpuhunt, "
         "SkyPilot, "
         "or plain"}},
       {value("--ranks", "N", "of plans: devices of the launch, where the file does not say"),
        value("--date", "DAY", "of prices: YYYY-MM-DD, where the table states no day"),
        value("--provider", "NAME", "of prices: who offers them, where the table does not say (the file's name)"),
        value("--source", "TEXT", "of prices: where the table comes from (the file's name)")},
       {{"chipmix import megatron launch.sh -o plan.json", "a launch script as a plan file"},
        {"chipmix import megatron launch.sh --ranks 1024", "the same, on so many devices as the script leaves open"},
        {"chipmix estimate scenarios/llama31_405b.json --option h100 --plan plan.json", "what that plan costs"}},
       {"--output", "--set"},
       plans}};
}

std::vector<CommandSpec> commands_about_truth() {
  return {
      {"validate",
       "predictions beside published training runs, or beside measured power",
       {{"FILE", "with --energy: rows of measured power, or a folder of them (those that come with chipmix)", false}},
       {flag("--anchor", "errors before and after a publisher's smallest run is measured, and then more of them"),
        value("--cases", "FILE", "a table of runs, or a folder of them (those that come with chipmix)"),
        value("--runs", "FILE", "a table of whole runs, or a folder of them"),
        flag("--searched", "the best plan found for each job beside the best published one"),
        flag("--energy", "power and energy instead of times"), flag("--no-intervals", "times only, for fits")},
       {{"chipmix validate", "the errors of all published runs that come with chipmix"},
        {"chipmix validate --runs published_runs/whole", "whole runs, from start to bill"},
        {"chipmix validate --energy -o power.csv", "measured power beside the law"}},
       {"--format", "--output", "--jobs"},
       truth},
      {"calibrate",
       "figures of a device, its links or a stack fitted to what was measured",
       {{"FILE", "measurements, logs of collectives or of training, profiler traces, CSV", true, true, {}}},
       {id("--device", "the device that was measured", "devices"),
        id("--stack", "instead: the software stack that FILE ran under: training logs, tables of runs", "stacks"),
        repeated(value("--scenario", "FILE", "the scenario that a training log is of; one for all logs, or one each")),
        repeated(value("--option", "NAME", "which option of it ran; one for all logs, or one each")),
        repeated(value("--plan", "FILE", "a plan file, where the option has no plan; one for all logs, or one each")),
        id("--node", "the server it stood in (its usual one)", "nodes"),
        id("--link", "the network card between servers (the server's usual one)", "links"),
        value("--profiles", "FOLDER", "write profiles with the fitted figures into FOLDER/devices and FOLDER/links"),
        value("--header", "NAMES", "the columns of a table without a header, for example m,n,k,time_us"),
        repeated(value("--column", "NAME=IS", "what a column of a table is: dtype, time_ms, ..., or ignore")),
        repeated(value("--rows", "NAME=VALUES",
                       "only rows of a table whose column has one of V1,V2 or LOW:HIGH, or equals another column")),
        repeated(value("--value", "NAME=VALUE", "what a table does not say of its rows, for example dtype=bf16")),
        written(value("--plot", "F.svg", "measured against fitted times as a drawing")),
        value("--hold-out", "SHARE", "of the samples, left out in turn to see the error on them (0.2)")},
       {{"chipmix calibrate docs/measurements_example.json --device h100-sxm5-80gb --profiles fitted",
         "a device's figures from a measurement, and profiles that hold them"}},
       {"--format", "--output", "--set", "--seed"},
       truth},
      {"check",
       "read files and report every fault in them",
       {{"FILE", "scenario, model, plan or profile files", true, true, {}}},
       {},
       {{"chipmix check scenarios/*.json", "all scenarios at once"}},
       {"--format", "--output", "--allow-path"},
       truth}};
}

std::vector<CommandSpec> commands_that_list() {
  return {
      catalogue("devices", "the accelerators chipmix knows, or one in full", "device id or alias",
                {{"chipmix devices", "all of them"},
                 {"chipmix devices h800-sxm5-80gb", "one in full, each figure with grade and source"}}),
      catalogue("nodes", "the servers chipmix knows, or one in full", "server id",
                {{"chipmix nodes", "all of them"}, {"chipmix nodes hgx-h100", "one in full"}}),
      catalogue("links", "the links chipmix knows, or one in full", "link id",
                {{"chipmix links", "all of them"}, {"chipmix links nvlink4 -o nvlink4.csv", "one in full, as CSV"}}),
      catalogue("fabrics", "the networks between servers chipmix knows, or one in full", "fabric id",
                {{"chipmix fabrics", "all of them"}, {"chipmix fabrics fat-tree-non-blocking", "one in full"}}),
      catalogue("stacks", "the software stacks chipmix knows, or one in full", "stack id",
                {{"chipmix stacks", "all of them"}, {"chipmix stacks megatron-core", "one in full"}}),
      {"prices",
       "dated public prices: medians of every device, or all quotes of one",
       {{"ID", "device id or alias", false, false, {}, "devices"}},
       {value("--date", "DAY", "from which ages count (the day of the newest quote)"),
        value("--currency", "CODE", "what to show prices in (USD)"),
        value("--region", "NAME", "only quotes whose region begins so, for example China"),
        repeated(value("--prices", "FILE", "your own file of prices instead, as import prices writes it"))},
       {{"chipmix prices", "medians of every device"}, {"chipmix prices h100", "every quote of one, with its source"}},
       page,
       knows},
      catalogue("models", "the models chipmix knows, or one in full", "model id, or a config.json",
                {{"chipmix models --format csv | grep -i qwen", "some of them"},
                 {"chipmix models deepseek-v3", "one in full: layers, parameters, operators"}})};
}

std::vector<CommandSpec> commands_about_itself() {
  return {{"doctor",
           "what is installed, what is optional and missing, where data are, whether they can be read",
           {},
           {flag("--json", "as --format json")},
           {{"chipmix doctor", "before the first question, or when something is odd"},
            {"chipmix doctor --json", "for a script; exit code 3 when something needed is missing"}},
           page,
           self},
          {"mcp",
           "a server of the Model Context Protocol on stdin and stdout: questions as tools of an agent",
           {},
           {value("--folder", "FOLDER", "where tools may write files; without it they write none")},
           {{"printf '%s\\n' '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}' | chipmix mcp",
             "an answer to each line"}},
           Words{"--jobs"},
           self},
          {"schema",
           "JSON Schema (draft-07) of a kind of file, for editors: it completes keys, names and ids",
           {{"KIND",
             "what to describe (scenario)",
             false,
             false,
             {"scenario", "device", "node", "link", "fabric", "stack", "plan", "measurements", "prices",
              "exchange-rates"}}},
           {},
           {{"chipmix schema -o scenario.schema.json", "name this file in a scenario's \"$schema\""},
            {"chipmix schema device", "of a device profile"}},
           file_only,
           self},
          {"completion",
           "a script that completes commands, options and ids in a shell",
           {{"SHELL", "which shell (bash)", false, false, completion_shells()}},
           {},
           {{"source <(chipmix completion bash)", "in this bash; in zsh likewise with zsh"},
            {"chipmix completion fish -o chipmix.fish", "a file for ~/.config/fish/completions"}},
           file_only,
           self},
          {"man",
           "the manual: as a man page, or in Markdown",
           {{"FORM", "how it is written (roff)", false, false, {"roff", "markdown"}}},
           {},
           {{"chipmix man | man -l -", "read it"}, {"chipmix man -o chipmix.1", "a file for share/man/man1"}},
           file_only,
           self}};
}

std::vector<CommandSpec> all_commands() {
  std::vector<CommandSpec> all;
  for (auto* part :
       {commands_that_answer, commands_about_plans, commands_about_truth, commands_that_list, commands_about_itself})
    for (CommandSpec& command : part()) {
      if (command.name == "calibrate") all.push_back(replay_spec(plans));
      all.push_back(std::move(command));
    }
  return all;
}

}  // namespace

const ProgramSpec& program() {
  static const ProgramSpec spec{
      "chipmix",
      CHIPMIX_VERSION,
      "which accelerators, under which plan, train a model for the least money",
      all_commands(),
      {{"0", "an answer"},
       {"1", "no feasible plan, or a check failed"},
       {"2", "the command line is wrong"},
       {"3", "a file's content is wrong: every fault with line, column and a hint"},
       {"4", "a file cannot be read or written"},
       {"70", "a fault of chipmix"},
       {"130", "stopped by Ctrl-C; what was found by then is shown"}},
      {{"CHIPMIX_DATA", "a folder with hardware_profiles/ and models/ that is searched before those of chipmix"},
       {"NO_COLOR", "when not empty, no bold text"},
       {"TERM", "no bold text when it is \"dumb\""}}};
  return spec;
}

}  // namespace chipmix::cli
