// The table of commands: what the command line accepts, with examples. Help, completions and manual are made from it.
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "interop/formats.hpp"

namespace chipmix::cli {
namespace {

using Words = std::vector<std::string>;

const char* const answers = "answers";
const char* const plans = "plans and other programs";
const char* const truth = "accuracy and calibration";
const char* const knows = "what chipmix knows";
const char* const self = "chipmix itself";

const Words page_of_scenario = {"--format", "--output", "--set", "--allow-path", "--jobs"};
const Words page = {"--format", "--output"};
const Words file_only = {"--output"};

OptionSpec flag(const char* name, const char* help) { return {name, "", help}; }
OptionSpec value(const char* name, const char* what, const char* help, Words choices = {}) {
  return {name, what, help, std::move(choices)};
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
OptionSpec option() { return required(value("--option", "NAME", "option of the scenario")); }
OptionSpec plan_file() { return value("--plan", "FILE", "plan file to use instead of a search"); }
OptionSpec time_limit(const char* help) { return value("--time-limit", "SECONDS", help); }
OptionSpec engine() {
  return value("--engine", "E", "engine that computes the step time, by default analytical; simgrid cross-checks event",
               {"analytical", "event", "simgrid"});
}

OptionSpec engine_or_all() {
  return value(
      "--engine", "E",
      "engine that computes the step time, by default analytical; simgrid cross-checks event, all compares the three",
      {"analytical", "event", "simgrid", "all"});
}
OptionSpec author() { return value("--author", "NAME", "author named in the header of a report, as with -o F.html"); }

OptionSpec language() { return value("--language", "CODE", "language of a report, by default en", {"en", "zh"}); }
/// Options of a command, and those of steps that the user measured.
std::vector<OptionSpec> with_measured(std::vector<OptionSpec> options) {
  options.push_back(
      repeated(value("--measured", "STEP",
                     "a measured step to anchor the answer on: a time (12.4s), a training log, or a profiler trace")));
  options.push_back(repeated(
      value("--measured-plan", "PLAN", "plan of the measured step: a plan file, or words such as \"TP8 PP4\"")));
  options.push_back(repeated(
      value("--measured-on", "WHERE",
            "where the measured step ran: 64xH800, \"MODEL@LENGTH 64xH800 batch=N\", an option, or FILE:OPTION")));
  return options;
}

OptionSpec details() { return flag("--details", "show all tables instead of the short answer"); }

/// A command that lists profiles of one kind, or shows one in full.
CommandSpec catalogue(const char* kind, const char* summary, const char* help, std::vector<Example> examples) {
  return {kind, summary, {{"ID", help, false, false, {}, kind}}, {}, std::move(examples), page, knows};
}

std::vector<CommandSpec> commands_that_answer() {
  return {
      {"ask",
       "answer a question in one line: a model, its tokens, and devices to train it on",
       {{"WORD",
         "a model, its tokens (5T, 5T@4K+200B@32K), devices with or without a price (1024xH800@14CNY/h, "
         "512xH800+512xA100)",
         true,
         true,
         {}}},
       with_measured(
           {value("--within", "TIME", "deadline: a time from the start, such as 60d, 12w or 3months, or a date"),
            value("--budget", "MONEY", "budget, for example 3M USD"), value("--start", "DAY", "start date, YYYY-MM-DD"),
            value("--currency", "CODE", "currency of the answer, by default that of the first price"),
            value("--batch", "N", "sequences per step, by default as in published runs of this length"),
            value("--dtype", "FORMAT", "number format of the matrix products, by default bf16"),
            value("--finetune", "HOW", "train all weights, the default, or low-rank adapters on frozen weights",
                  {"full", "lora"}),
            value("--practice", "WHO", "how well the run is set up and operated, by default typical",
                  {"tuned", "typical", "first", "ideal"}),
            written(value("--save", "FILE", "save the question as a scenario file, with every assumption")), details(),
            engine(), author(), language()}),
       {{"chipmix ask llama-3.1-70b 2T 512xH100@2.5USD/h 512xMI300X@1.99USD/h",
         "two kinds of device, with your quotes"},
        {"chipmix ask qwen3-235b-a22b 5T@4K+200B@32K 1024xH800@14CNY/h 2048x910B2@7CNY/h 512xH800+1024x910B2 --within "
         "60d",
         "two stages, a mix, a deadline"},
        {"chipmix ask Qwen/Qwen3-8B 1T 64xA100 64xH100 -o answer.html", "at public prices, as a report"},
        {"chipmix ask llama-3.1-8b 1T 64xH100 256xH100 --measured 2.9s --measured-plan 'TP2 mbs1' --measured-on "
         "'16xH100 batch=128'",
         "anchored on one of your own measured steps"}},
       {"--format", "--output", "--set", "--jobs"},
       answers},
      {"new",
       "build the question of 'ask' step by step, and save it as a scenario",
       {},
       {details(), engine()},
       {{"printf 'llama-3.1-8b\\n20B\\n16xH100\\n\\n\\n\\n\\n' | chipmix new", "the answers may come from a pipe"}},
       {"--format", "--output", "--jobs"},
       answers},
      {"compare",
       "compare all options of a scenario",
       {scenario()},
       with_measured({details(), engine(), author(), language()}),
       {{"chipmix compare scenarios/ling_plus.json", "five devices for one job, the cheapest first"},
        {"chipmix compare scenarios/llama31_405b.json --set job.dtype=fp8 --set options.h100.rent.value='2.5 USD/h'",
         "the same question with two things changed"},
        {"chipmix compare scenarios/llama31_405b.json -o answer.json", "for a program"},
        {"chipmix compare scenarios/us_rent_or_own.json -o decision.html --author Finance",
         "as a decision paper for the management"}},
       page_of_scenario,
       answers},
      {"estimate",
       "estimate one option in full: time, memory, money",
       {scenario()},
       with_measured(
           {option(), plan_file(), engine_or_all(),
            repeated(
                value("--slow", "stage=S:FACTOR", "slow one replica of stage S down by FACTOR; with --engine event")),
            value("--seeds", "N",
                  "repeat the step with N random draws of slow devices and hashed paths; with --engine event"),
            written(value("--timeline", "FILE",
                          "write the simulated step as a trace for ui.perfetto.dev; with --engine event")),
            flag("--gantt", "draw the simulated step as text below the answer; with --engine event"),
            written(
                value("--chakra", "FOLDER", "write the step as MLCommons Chakra execution traces, one per stage"))}),
       {{"chipmix estimate scenarios/llama31_405b.json --option h100", "where the time, memory and money go"},
        {"chipmix estimate scenarios/llama31_405b.json --option h100 --set 'options.h100.plan=\"TP8 PP16 CP2\"'",
         "with your own plan instead of the best one"},
        {"chipmix estimate scenarios/deepseek_v3_h800.json --option report --engine event --gantt",
         "a step of the published plan, simulated event by event and drawn"},
        {"chipmix estimate scenarios/deepseek_v3_h800.json --option report --engine all --slow stage=2:1.5",
         "the three engines side by side, with a slow device in one stage"}},
       page_of_scenario,
       answers},
      {"procure",
       "decide what to buy and rent for the jobs of a scenario, and when",
       {scenario()},
       {time_limit("stop after SECONDS and show the best purchase plan found, with a bound on the possible savings"),
        author(), language()},
       {{"chipmix procure scenarios/china_purchase.json", "the cheapest purchases month by month, with a proof"}},
       page_of_scenario,
       answers},
      {"sweep",
       "answer options at every combination of values, one row each",
       {scenario()},
       with_measured({required(repeated(value("--vary", "PATH=VALUES",
                                              "values for one path: V1,V2,... or FROM:TO:COUNT with a unit"))),
                      repeated(value("--option", "NAME", "option of the scenario, by default all")),
                      value("--shard", "I/N", "only every N-th point, starting with the I-th"),
                      flag("--resume", "continue the file of --output: F.csv or F.jsonl"),
                      flag("--intervals", "add P10 and P90 of days and cost"), engine()}),
       {{"chipmix sweep scenarios/llama31_405b.json --option h100 --vary options.h100.rent.value='2.4:3.4:5 USD/h'",
         "the cost at five rents"},
        {"chipmix sweep scenarios/llama31_405b.json --option h100 --vary job.global_batch=1024,2048 --shard 1/2 -o "
         "1.csv",
         "the first half of the points, written to a file; --resume continues an interrupted sweep"}},
       page_of_scenario,
       answers},
      {"merge",
       "merge the shards of one sweep into one file",
       {{"FILE", "F.csv or F.jsonl, all in the same format", true, true, {}}},
       {},
       {{"chipmix sweep scenarios/llama31_405b.json --option h100 --vary job.global_batch=1024,2048 --shard 2/2 -o "
         "2.csv && chipmix merge 1.csv 2.csv -o sweep.csv",
         "the other half of the points, then both halves in one file"}},
       file_only,
       answers},
      {"report",
       "write the procurement report: -o F.html, F.pdf, F.xlsx, F.md or F.csv (cost rows)",
       {scenario()},
       with_measured(
           {value(
                "--option", "NAME",
                "option whose cost rows to write, by default the cheapest; all writes every option as an alternative"),
            author(), language()}),
       {{"chipmix report scenarios/llama31_405b.json -o report.html", "a self-contained page"},
        {"chipmix report scenarios/llama31_405b.json -o report.xlsx", "a workbook with live formulas"}},
       {"--output", "--set", "--allow-path", "--jobs"},
       answers}};
}

std::vector<CommandSpec> commands_about_plans() {
  return {
      {"plan",
       "find the fastest plans of one option",
       {scenario()},
       with_measured({option(), value("--top", "K", "number of plans to show, by default 10"),
                      value("--objective", "WHAT", "what to minimize", {"time", "cost", "energy"}),
                      value("--deadline", "DAYS", "only plans that finish within DAYS"),
                      value("--budget", "MONEY", "only plans that cost at most MONEY, for example \"1.2e6 CNY\""),
                      flag("--diverse", "no two plans with the same tensor, pipeline, context and expert degrees"),
                      time_limit("stop after SECONDS and show the best plan found, with a bound on the possible gain"),
                      value("--export", "FRAMEWORK", "write launch arguments or a configuration for the best plan",
                            interop::format_names()),
                      plan_file()}),
       {{"chipmix plan scenarios/llama31_405b.json --option h100 --top 5", "the five fastest plans"},
        {"chipmix plan scenarios/llama31_405b.json --option h100 --objective cost --deadline 120 --diverse",
         "the cheapest plans that finish within 120 days, with different degrees"},
        {"chipmix plan scenarios/llama31_405b.json --option h100 --export megatron -o launch.sh",
         "launch arguments for the best plan"}},
       page_of_scenario,
       plans},
      {"explain",
       "explain one account of an answer, or why another plan is not the best",
       {scenario()},
       {option(), value("--account", "A", "account of time, memory or money to explain"),
        value("--neighbour", "CHANGES", "changes to the best plan: \"TP4 PP8\", or \"tensor=4,zero=gradients\"")},
       {{"chipmix explain scenarios/llama31_405b.json --option h100 --account 'matrix products'",
         "the tasks, shapes and laws behind one account"},
        {"chipmix explain scenarios/llama31_405b.json --option h100 --neighbour 'TP8 PP16'",
         "what another plan costs, account by account"}},
       page_of_scenario,
       plans},
      {"import",
       "read another program's launch arguments as a plan file, or a catalogue of prices",
       {{"KIND",
         "format of the file",
         true,
         false,
         {"megatron", "mindspeed", "deepspeed", "neox", "flagscale", "primus", "nemo", "torchtitan", "hf", "prices"}},
        {"FILE",
         "launch script, arguments as JSON or YAML, TOML, ds_config.json, or config.json; prices as CSV of gpuhunt, "
         "SkyPilot, "
         "or plain"}},
       {value("--ranks", "N", "for plans: number of devices of the launch, if the file does not say"),
        value("--date", "DAY", "for prices: their date, YYYY-MM-DD, if the table has none"),
        value("--provider", "NAME",
              "for prices: who offers them, if the table does not say; by default the file's name"),
        value("--source", "TEXT", "for prices: where the table comes from, by default the file's name")},
       {{"chipmix import megatron launch.sh -o plan.json", "a launch script as a plan file"},
        {"chipmix import megatron launch.sh --ranks 1024",
         "the same, for a script that does not set the number of devices"},
        {"chipmix estimate scenarios/llama31_405b.json --option h100 --plan plan.json", "what that plan costs"}},
       {"--output", "--set"},
       plans}};
}

std::vector<CommandSpec> commands_about_truth() {
  return {{"validate",
           "compare predictions with published training runs or with measured power",
           {{"FILE",
             "with --energy: a table of measured power, or a folder of tables; by default those shipped with chipmix",
             false}},
           {flag("--anchor", "errors before and after measuring a publisher's smallest run, and then more of its runs"),
            value("--cases", "FILE", "a table of runs, or a folder of tables, by default those shipped with chipmix"),
            value("--runs", "FILE", "a table of whole runs, or a folder of tables"),
            flag("--searched", "compare the best plan found for each job with the best published one"),
            flag("--energy", "compare power and energy instead of times"),
            flag("--no-intervals", "times only, without P10 and P90")},
           {{"chipmix validate", "the errors on all published runs shipped with chipmix"},
            {"chipmix validate --runs published_runs/whole", "whole runs, from start to bill"},
            {"chipmix validate --energy -o power.csv", "measured power and its predictions"}},
           {"--format", "--output", "--jobs"},
           truth},
          calibrate_spec(truth),
          {"check",
           "read files and report every error in them",
           {{"FILE", "scenario, model, plan or profile files", true, true, {}}},
           {},
           {{"chipmix check scenarios/*.json", "all scenarios at once"}},
           {"--format", "--output", "--allow-path"},
           truth}};
}

std::vector<CommandSpec> commands_that_list() {
  return {
      catalogue("devices", "list the accelerators chipmix knows, or show one in full", "device id or alias",
                {{"chipmix devices", "all of them"},
                 {"chipmix devices h800-sxm5-80gb", "one in full, each figure with grade and source"}}),
      catalogue("nodes", "list the servers chipmix knows, or show one in full", "server id",
                {{"chipmix nodes", "all of them"}, {"chipmix nodes hgx-h100", "one in full"}}),
      catalogue("links", "list the links chipmix knows, or show one in full", "link id",
                {{"chipmix links", "all of them"}, {"chipmix links nvlink4 -o nvlink4.csv", "one in full, as CSV"}}),
      catalogue("fabrics", "list the networks between servers that chipmix knows, or show one in full", "fabric id",
                {{"chipmix fabrics", "all of them"}, {"chipmix fabrics fat-tree-non-blocking", "one in full"}}),
      catalogue("stacks", "list the software stacks chipmix knows, or show one in full", "stack id",
                {{"chipmix stacks", "all of them"}, {"chipmix stacks megatron-core", "one in full"}}),
      {"prices",
       "show dated public prices: medians for every device, or all quotes for one",
       {{"ID", "device id or alias", false, false, {}, "devices"}},
       {value("--date", "DAY", "date from which ages count, by default that of the newest quote"),
        value("--currency", "CODE", "currency to show prices in, by default USD"),
        value("--region", "NAME", "only quotes whose region starts with NAME, for example China"),
        repeated(value("--prices", "FILE",
                       "your own price file instead of the public prices, as 'import prices' writes it"))},
       {{"chipmix prices", "medians for every device"},
        {"chipmix prices h100", "every quote for one device, with its source"}},
       page,
       knows},
      catalogue("models", "list the models chipmix knows, or show one in full", "model id, or a config.json",
                {{"chipmix models --format csv | grep -i qwen", "only the Qwen models"},
                 {"chipmix models deepseek-v3", "one in full: layers, parameters, operators"}})};
}

std::vector<CommandSpec> commands_about_itself() {
  return {{"doctor",
           "check the installation: what is installed, what is missing, and whether the data can be read",
           {},
           {flag("--json", "same as --format json")},
           {{"chipmix doctor", "before the first question, or when something looks wrong"},
            {"chipmix doctor --json", "for a script; exit code 3 if something required is missing"}},
           page,
           self},
          {"mcp",
           "run a Model Context Protocol server on stdin and stdout, for agents that ask chipmix",
           {},
           {value("--folder", "FOLDER", "folder that tools may write files to; without it they write none")},
           {{"printf '%s\\n' '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}' | chipmix mcp",
             "one answer for each line"}},
           Words{"--jobs"},
           self},
          {"schema",
           "print the JSON Schema (draft-07) of a kind of file; editors use it to complete keys, names and ids",
           {{"KIND",
             "kind of file, by default scenario",
             false,
             false,
             {"scenario", "device", "node", "link", "fabric", "stack", "plan", "measurements", "prices",
              "exchange-rates"}}},
           {},
           {{"chipmix schema -o scenario.schema.json", "name this file in a scenario's \"$schema\""},
            {"chipmix schema device", "the schema of a device profile"}},
           file_only,
           self},
          {"completion",
           "print a script that completes commands, options and ids in a shell",
           {{"SHELL", "shell, by default bash", false, false, completion_shells()}},
           {},
           {{"source <(chipmix completion bash)", "load it in the current bash; zsh works the same way"},
            {"chipmix completion fish -o chipmix.fish", "write a file for ~/.config/fish/completions"}},
           file_only,
           self},
          {"man",
           "print the manual as a man page or in Markdown",
           {{"FORM", "format of the manual, by default roff", false, false, {"roff", "markdown"}}},
           {},
           {{"chipmix man | man -l -", "read it"}, {"chipmix man -o chipmix.1", "write a file for share/man/man1"}},
           file_only,
           self}};
}

std::vector<CommandSpec> all_commands() {
  std::vector<CommandSpec> all;
  for (auto* part :
       {commands_that_answer, commands_about_plans, commands_about_truth, commands_that_list, commands_about_itself})
    for (CommandSpec& command : part()) {
      if (command.name == "validate") all.push_back(replay_spec(plans));
      all.push_back(std::move(command));
    }
  return all;
}

}  // namespace

const ProgramSpec& program() {
  static const ProgramSpec spec{
      "chipmix",
      CHIPMIX_VERSION,
      "find the accelerators and the training plan that train a model for the least money",
      all_commands(),
      {{"0", "an answer"},
       {"1", "no feasible plan, or a check failed"},
       {"2", "the command line is wrong"},
       {"3", "a file's content is wrong: every error with line, column and a hint"},
       {"4", "a file cannot be read or written"},
       {"70", "an internal error in chipmix"},
       {"130", "stopped by Ctrl-C; the best result so far is shown"}},
      {{"CHIPMIX_DATA", "a folder with hardware_profiles/ and models/ that chipmix searches before its own"},
       {"NO_COLOR", "if set and not empty, no bold text"},
       {"TERM", "if \"dumb\", no bold text"}}};
  return spec;
}

}  // namespace chipmix::cli
