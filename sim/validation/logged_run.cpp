#include "validation/logged_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "base/spelling.hpp"
#include "base/words.hpp"
#include "calibration/read_file.hpp"
#include "calibration/training_log.hpp"
#include "laws/memory.hpp"
#include "scenario/parts.hpp"
#include "scenario/plan_file.hpp"
#include "validation/log_agrees.hpp"

namespace chipmix::validation {
namespace {

namespace fs = std::filesystem;
using calibration::TrainingLog;

const std::string& of(const std::vector<std::string>& list, std::size_t log) {
  return list.size() == 1 ? list.front() : list.at(log);
}

/// One for all logs, or one for each.
void require_count(const std::vector<std::string>& list, std::size_t logs, const char* what) {
  if (list.size() == 1 || list.size() == logs) return;
  throw std::invalid_argument(fmt::format("{} and {} {}: give one {} for all, or one for each in order",
                                          counted(logs, "training log"), list.size(), what, what));
}

/// The steps' value below which a share of them lies.
double quantile_of(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

/// A scenario with the folder it lies in.
struct Asked {
  Asked(const std::string& path, const io::Changes& changes)
      : library(fs::path(path).parent_path()),
        document(io::Document::load(path).with(changes)),
        scenario(scenario::read_scenario(document, library)) {}

  scenario::Library library;
  io::Document document;
  scenario::Scenario scenario;
};

int option_named(const scenario::Scenario& scenario, const std::string& name, const std::string& path) {
  const int index = scenario.find(name);
  if (index >= 0) return index;
  std::vector<std::string> names;
  for (const auto& option : scenario.options) names.push_back(option.name);
  throw std::invalid_argument(fmt::format("no option '{}' in {}, {}", name, path, spelling_hint(name, names)));
}

/// The plan that ran; faults at the option where there is none, or not one that can be played.
std::optional<plan::ParallelPlan> plan_of(const Asked& asked, const scenario::Option& option, int index,
                                          const std::string& stack, io::Diagnostics& faults) {
  const auto refuse = [&](std::string message, std::string hint) {
    faults.add(asked.document.diagnostic(fmt::format("/options/{}", index), std::move(message), std::move(hint)));
    return std::nullopt;
  };
  if (!option.cluster || option.mix)
    return refuse(fmt::format("option '{}' is not one kind of device in one cluster", option.name),
                  "name an option with a cluster");
  const std::string& ran = option.cluster->groups.front().stack.id;
  if (ran != stack)
    return refuse(fmt::format("option '{}' runs under '{}', and '{}' is to be fitted", option.name, ran, stack),
                  fmt::format("add \"stack\": \"{}\" to its cluster, or fit --stack {}", stack, ran));
  if (!option.plan && !option.given)
    return refuse(fmt::format("option '{}' has no plan: which one ran?", option.name),
                  "add the \"plan\" that ran, or name a plan file with --plan ('chipmix import' makes one of launch "
                  "arguments)");
  auto planned = scenario::choose_plan(asked.scenario, option, {});
  if (planned.reason) return refuse(planned.reason->explanation, "a plan that ran must be legal");
  return planned.plan;
}

/// The fullest rank's allocated memory, whatever else its stack may print.
double allocated_peak(const RunProgram& run) {
  hardware::SoftwareStack stack = run.cluster.groups.front().stack;
  stack.reported_memory = "allocated";
  Bytes peak;
  for (const auto& stage : engine::memory_of(run.program, run.cluster))
    peak = max(peak, laws::reported_peak(stage, stack));
  return peak.value();
}

void read_log(const std::string& path, Asked& asked, const std::string& name, const std::string& scenario_path,
              const std::optional<std::string>& plan_file, const std::string& stack, io::Diagnostics& faults,
              LoggedRuns& found) {
  const TrainingLog log = calibration::parse_training_log(io::TextStream(path));
  const int index = option_named(asked.scenario, name, scenario_path);
  scenario::Option option = asked.scenario.options[index];
  if (plan_file && option.cluster && !option.mix)
    scenario::take_plan_file(io::Document::load(*plan_file), asked.scenario, option);
  const auto plan = plan_of(asked, option, index, stack, faults);
  if (!plan) return;
  const workload::TrainingJob job = asked.scenario.job_of(option);
  if (!agrees(log, {job, *plan, option.cluster->groups.front().ranks(), option.name, scenario_path}, faults)) return;
  RunProgram run{*option.cluster, plan::Lowering(job).lower(*plan, *option.cluster)};
  LoggedRun one{path, scenario_path, option.name, plan::to_text(*plan), log.seconds.size(), log.warm_up};
  one.seconds = quantile_of(log.seconds, 0.5);
  one.low = quantile_of(log.seconds, 0.1), one.high = quantile_of(log.seconds, 0.9);
  one.before = one.after = step_seconds(run, run.cluster.groups.front().stack);
  one.peak = log.peak_bytes;
  one.predicted_peak = allocated_peak(run);
  found.logs.push_back(one);
  found.runs.push_back({path, std::move(run), one.seconds});
}

/// Faults that no log before had: several may be of one scenario.
void add_new(const std::vector<Diagnostic>& list, io::Diagnostics& faults) {
  for (const Diagnostic& fault : list) {
    const auto is_it = [&](const Diagnostic& known) { return to_text(known) == to_text(fault); };
    if (std::none_of(faults.list().begin(), faults.list().end(), is_it)) faults.add(fault);
  }
}

}  // namespace

bool is_training_log(const std::string& path) {
  for (io::LineStream lines{io::TextStream(path)}; const auto line = lines.next();)
    if (calibration::is_training_log(line->text)) return true;
  return false;
}

LoggedRuns read_logs(const std::vector<std::string>& logs, const LoggedAs& as, const std::string& stack) {
  LoggedRuns found;
  if (logs.empty()) return found;
  require_count(as.scenarios, logs.size(), "scenario");
  require_count(as.options, logs.size(), "option");
  if (!as.plans.empty()) require_count(as.plans, logs.size(), "plan");
  io::Diagnostics faults;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    io::Diagnostics own;
    try {
      Asked asked(of(as.scenarios, i), as.changes);
      const auto plan = as.plans.empty() ? std::nullopt : std::optional(of(as.plans, i));
      read_log(logs[i], asked, of(as.options, i), of(as.scenarios, i), plan, stack, own, found);
    } catch (const InputError& error) {
      add_new(error.diagnostics(), faults);
    }
    add_new(own.list(), faults);
  }
  faults.throw_if_any();
  return found;
}

}  // namespace chipmix::validation
