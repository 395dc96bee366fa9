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

Exit run_calibrate(const Invocation& invocation) {
  if (invocation.has("--stack") == invocation.has("--device"))
    throw UsageError("say what was measured: --device ID, or --stack ID with training logs or a table of runs",
                     "calibrate");
  for (const char* option : {"--scenario", "--option", "--plan"})
    if (invocation.has(option) && invocation.has("--device"))
      throw UsageError(std::string(option) + " is of training logs, which fit a stack: --stack ID", "calibrate");
  for (const char* option : {"--header", "--column", "--rows", "--value"})
    if (invocation.has(option) && invocation.has("--stack"))
      throw UsageError(std::string(option) + " is of tables of shapes, which fit a device: --device ID", "calibrate");
  if (invocation.seed && invocation.has("--stack"))
    throw UsageError("--seed does nothing beside --stack: nothing random is in that fit", "calibrate");
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
