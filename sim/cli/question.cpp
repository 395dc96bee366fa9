#include "cli/question.hpp"

#include "cli/complain.hpp"
#include "cli/interrupt.hpp"
#include "validation/measured_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <thread>
#include <utility>

namespace chipmix::cli {
namespace {

io::Document load(const std::filesystem::path& path, const Invocation& invocation) {
  io::Document document = io::Document::load(path);
  for (const auto& [where, value] : invocation.overrides) document = document.with(where, value);
  return document;
}

}  // namespace

Question::Question(const Invocation& invocation)
    : path(invocation.positionals.front()),
      library(path.parent_path(), reach(invocation)),
      document(load(path, invocation)),
      scenario(scenario::read_scenario(document, library)) {}

Question::Question(scenario::Library known, io::Document asked)
    : library(std::move(known)), document(std::move(asked)), scenario(scenario::read_scenario(document, library)) {}

scenario::Reach reach(const Invocation& invocation) {
  return {false, {invocation.allowed.begin(), invocation.allowed.end()}};
}

int jobs(const Invocation& invocation) {
  if (invocation.jobs > 0) return invocation.jobs;
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

engine::Kind engine_of(const Invocation& invocation) {
  const std::string name = invocation.option("--engine").value_or("analytical");
  if (name == "event" || name == "all") return engine::Kind::event;
  return name == "simgrid" ? engine::Kind::simgrid : engine::Kind::analytical;
}

bool plays_events(const Invocation& invocation) { return engine::plays_events(engine_of(invocation)); }

scenario::Settings settings(const Invocation& invocation, Progress& progress) {
  scenario::Settings settings{jobs(invocation), 1, [&progress](double share) { progress.set_share(share); }};
  settings.engine = engine_of(invocation);
  return settings;
}

std::shared_ptr<const scenario::Anchors> measured(const Invocation& invocation, Question& question,
                                                  const std::string& usual_place) {
  for (const char* option : {"--measured-plan", "--measured-on"})
    if (invocation.has(option) && !invocation.has("--measured"))
      throw UsageError(std::string(option) + " needs --measured", invocation.command);
  if (!invocation.has("--measured")) return nullptr;
  try {
    return validation::anchors_of(
        {invocation.all("--measured"), invocation.all("--measured-plan"), invocation.all("--measured-on"), usual_place},
        question.scenario, question.document, question.library);
  } catch (const std::invalid_argument& fault) {
    throw UsageError(fault.what(), invocation.command);
  }
}

scenario::Settings stoppable(scenario::Settings settings) {
  settings.stop = [] { return Interrupt::came(); };
  return settings;
}

std::vector<std::string> cut_short(const std::vector<scenario::OptionAnswer>& answers) {
  std::vector<std::string> names;
  for (const auto& answer : answers)
    if (answer.search && !answer.search->complete) names.push_back(answer.label);
  return names;
}

void say_stopped(report::Page& page, const std::vector<std::string>& options, const Invocation& invocation) {
  std::string text = "Stopped by Ctrl-C";
  if (!options.empty())
    text += fmt::format(": the search for {} was not finished; the plan shown is the best found so far",
                        fmt::join(options, ", "));
  page.remarks.insert(page.remarks.begin(), text + ".");
  if (invocation.format.value_or(Format::table) != Format::table || invocation.output) say("chipmix: " + text);
}

/// What only the event engine sees must not be asked of the other.
void require_event_engine(const scenario::Option& option, const Invocation& invocation) {
  if (!option.disturbed.empty() && !plays_events(invocation))
    throw UsageError("option '" + option.name + "' has disturbances: only --engine event models them",
                     invocation.command);
}

}  // namespace chipmix::cli
