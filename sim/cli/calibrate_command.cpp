// calibrate: figures to stdout, profiles to --output or --profiles.
#include <fmt/format.h>

#include <stdexcept>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/show.hpp"
#include "io/folder.hpp"
#include "report/calibrate_page.hpp"
#include "validation/calibrated.hpp"

namespace chipmix::cli {
namespace {

using validation::Calibrated;
namespace fs = std::filesystem;

double hold_out_of(const Invocation& invocation) {
  const auto text = invocation.option("--hold-out");
  if (!text) return calibration::Options().hold_out;
  std::size_t used = 0;
  double share = -1;
  try {
    share = std::stod(*text, &used);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used != text->size() || !(share >= 0 && share <= 0.5))
    throw UsageError(fmt::format("--hold-out takes a share from 0 to 0.5, found '{}'", *text), "calibrate");
  return share;
}

void write_profile(const fs::path& path, const std::string& text) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  if (failed) throw FileError(path.parent_path().string(), failed.message());
  write_file(path.string(), text);
}

/// --output is the profile's: the page goes to stdout, unless the profile does.
void show_beside(const report::Page& page, Invocation invocation) {
  if (invocation.output == "-") return;
  invocation.output.reset();
  show(page, invocation);
}

/// NAME=VALUE, as often as the option is given.
calibration::Named named(const Invocation& invocation, const std::string& option) {
  calibration::Named list;
  for (const std::string& text : invocation.all(option)) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      throw UsageError(fmt::format("{} takes NAME=VALUE, found '{}'", option, text), "calibrate");
    list.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return list;
}

calibration::TableOptions table_options(const Invocation& invocation) {
  return {invocation.option("--header"), named(invocation, "--column"), named(invocation, "--rows"),
          named(invocation, "--value")};
}

validation::LoggedAs logged_as(const Invocation& invocation) {
  return {invocation.all("--scenario"), invocation.all("--option"), invocation.all("--plan"), invocation.overrides};
}

Calibrated calibrated(const Invocation& invocation, scenario::Library& library) {
  if (const auto stack = invocation.option("--stack"))
    return validation::calibrate_stack(invocation.positionals, logged_as(invocation), *stack, library,
                                       program().version);
  const validation::MeasuredDevice device{*invocation.option("--device"), invocation.option("--node"),
                                          invocation.option("--link")};
  const calibration::Options options{hold_out_of(invocation), invocation.seed.value_or(1)};
  return validation::calibrate_device(invocation.positionals, device, table_options(invocation), options, library,
                                      program().version);
}

/// Profiles to start from: those that the first scenario has, if there is one.
fs::path beside(const Invocation& invocation) {
  const auto scenarios = invocation.all("--scenario");
  return scenarios.empty() ? io::current_folder() : fs::path(scenarios.front()).parent_path();
}

}  // namespace

CommandSpec calibrate_spec(const char* group) {
  using Option = OptionSpec;
  return {
      "calibrate",
      "fit figures of a device, its links or a stack to measurements",
      {{"FILE", "measurements, logs of collectives or of training, profiler traces, CSV", true, true, {}}},
      {Option{.name = "--device", .value = "ID", .help = "the device that was measured", .ids = "devices"},
       Option{.name = "--stack",
              .value = "ID",
              .help = "instead of a device: the software stack of FILE, which holds training logs or tables of runs",
              .ids = "stacks"},
       Option{.name = "--scenario",
              .value = "FILE",
              .help = "scenario that a training log belongs to; one for all logs, or one each",
              .repeatable = true},
       Option{.name = "--option",
              .value = "NAME",
              .help = "option of that scenario that ran; one for all logs, or one each",
              .repeatable = true},
       Option{.name = "--plan",
              .value = "FILE",
              .help = "plan file, if the option has no plan; one for all logs, or one each",
              .repeatable = true},
       Option{
           .name = "--node", .value = "ID", .help = "server of the device, by default its usual one", .ids = "nodes"},
       Option{.name = "--link",
              .value = "ID",
              .help = "network card between servers, by default the server's usual one",
              .ids = "links"},
       Option{.name = "--profiles",
              .value = "FOLDER",
              .help = "write profiles with the fitted figures into FOLDER/devices and FOLDER/links"},
       Option{.name = "--header",
              .value = "NAMES",
              .help = "columns of a table without a header, for example m,n,k,time_us"},
       Option{.name = "--column",
              .value = "NAME=IS",
              .help = "meaning of a table column: dtype, time_ms, ..., or ignore",
              .repeatable = true},
       Option{.name = "--rows",
              .value = "NAME=VALUES",
              .help = "only table rows whose column NAME is one of V1,V2, lies in LOW:HIGH, or equals another column",
              .repeatable = true},
       Option{.name = "--value",
              .value = "NAME=VALUE",
              .help = "a value that a table does not state, for example dtype=bf16",
              .repeatable = true},
       Option{.name = "--plot", .value = "F.svg", .help = "plot of measured against fitted times", .writes = true},
       Option{.name = "--hold-out",
              .value = "SHARE",
              .help = "share of the samples left out in turn to measure the error on them, by default 0.2"}},
      {{"chipmix calibrate docs/measurements_example.json --device h100-sxm5-80gb --profiles fitted",
        "fit a device's figures to a measurement and write its profiles"}},
      {"--format", "--output", "--set", "--seed"},
      group};
}

Exit run_calibrate(const Invocation& invocation) {
  if (invocation.has("--stack") == invocation.has("--device"))
    throw UsageError("say what was measured: --device ID, or --stack ID with training logs or a table of runs",
                     "calibrate");
  for (const char* option : {"--scenario", "--option", "--plan"})
    if (invocation.has(option) && invocation.has("--device"))
      throw UsageError(std::string(option) + " applies to training logs, which fit a stack: use --stack ID",
                       "calibrate");
  for (const char* option : {"--header", "--column", "--rows", "--value"})
    if (invocation.has(option) && invocation.has("--stack"))
      throw UsageError(std::string(option) + " applies to tables of shapes, which fit a device: use --device ID",
                       "calibrate");
  if (invocation.seed && invocation.has("--stack"))
    throw UsageError("--seed has no effect with --stack: that fit uses no random numbers", "calibrate");
  if (!invocation.overrides.empty() && !invocation.has("--scenario"))
    throw UsageError("--set changes a --scenario, and none is given", "calibrate");
  scenario::Library library(beside(invocation));
  try {
    const Calibrated made = calibrated(invocation, library);
    if (const auto folder = invocation.option("--profiles"))
      for (const auto& [place, text] : made.profiles) write_profile(fs::path(*folder) / place, text);
    if (invocation.output && !made.profiles.empty()) write_result(made.profiles.front().second, invocation.output);
    if (const auto plot = invocation.option("--plot"); plot && invocation.has("--device"))
      write_file(*plot, report::calibrate_figure(made.name, made.found, made.data));
    show_beside(report::calibrate_page(made), invocation);
    return made.found.fitted_any() ? Exit::answer : Exit::no_answer;
  } catch (const std::invalid_argument& fault) {
    throw UsageError(fault.what(), "calibrate");
  }
}

}  // namespace chipmix::cli
