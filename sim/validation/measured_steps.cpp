#include "validation/measured_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/spelling.hpp"
#include "base/words.hpp"
#include "calibration/read_file.hpp"
#include "calibration/trace_step.hpp"
#include "calibration/training_log.hpp"
#include "engine/accounts.hpp"
#include "io/folder.hpp"
#include "scenario/ask_words.hpp"
#include "scenario/parts.hpp"
#include "scenario/plan_file.hpp"
#include "scenario/plan_words.hpp"
#include "validation/device_words.hpp"
#include "validation/log_agrees.hpp"

namespace chipmix::validation {
namespace {

namespace fs = std::filesystem;
using calibration::TrainingLog;
using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(std::string message, std::string hint) {
  Diagnostic fault;
  fault.file = "--measured";
  fault.message = std::move(message);
  fault.hint = std::move(hint);
  throw InputError({std::move(fault)});
}

/// One for all steps, or one for each; empty where none is given.
std::string of(const std::vector<std::string>& list, std::size_t step, std::size_t steps, const char* option) {
  if (list.empty()) return {};
  if (list.size() == 1) return list.front();
  if (list.size() == steps) return list[step];
  throw std::invalid_argument(fmt::format("{} measured steps and {} {}: give one for all, or one for each in order",
                                          steps, list.size(), option));
}

/// "12.4s", "950 ms", "0.2min" in seconds.
std::optional<double> seconds_of(const std::string& word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || !(value > 0) || !std::isfinite(value)) return std::nullopt;
  std::string unit(end, word.data() + word.size());
  unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
  if (unit == "s") return value;
  if (unit == "ms") return value / 1000;
  return unit == "min" ? std::optional(value * 60) : std::nullopt;
}

/// What was measured: seconds, and the log they come from.
struct Measured {
  double seconds = 0;
  std::string what;
  std::optional<TrainingLog> log{};
  std::optional<calibration::TraceStep> trace{};
};

double median_of(std::vector<double> list) {
  std::sort(list.begin(), list.end());
  const std::size_t half = list.size() / 2;
  return list.size() % 2 == 1 ? list[half] : (list[half - 1] + list[half]) / 2;
}

Measured read_trace(const std::string& path, std::string text) {
  calibration::TraceStep step = calibration::parse_trace_step(path, std::move(text));
  std::string what = fmt::format("{:.4g} s, median of {} of {} after {} of warm-up,", step.seconds,
                                 counted(step.steps, "step"), fs::path(path).filename().string(), step.warm_up);
  return {step.seconds, std::move(what), std::nullopt, std::move(step)};
}

Measured read_step(const std::string& word) {
  if (!io::is_file(word)) {
    const auto seconds = seconds_of(word);
    if (!seconds)
      refuse(fmt::format("'{}' is neither the time of a step nor a file", word),
             "a time with its unit, 12.4s, 950ms or 1.2min; or the path of a training log");
    return {*seconds, fmt::format("{:.4g} s", *seconds)};
  }
  std::string text = calibration::read_text(word);
  if (calibration::is_trace(text)) return read_trace(word, std::move(text));
  if (!calibration::is_training_log(text))
    refuse(fmt::format("{} is no training log: no line has 'elapsed time per iteration'", word),
           "logs of Megatron-LM and MindSpeed and traces of the PyTorch profiler are read; of others give the time "
           "itself, --measured 12.4s; tables of "
           "collectives and kernels fit a device ('chipmix calibrate')");
  TrainingLog log = calibration::parse_training_log(word, std::move(text));
  const double seconds = median_of(log.seconds);
  return {seconds,
          fmt::format("{:.4g} s, median of {} steps of {} after {} of warm-up,", seconds, log.seconds.size(),
                      fs::path(word).filename().string(), log.warm_up),
          std::move(log)};
}

/// Where a step was measured: a scenario, one option of which ran.
struct Place {
  std::string name;  ///< for messages
  scenario::Scenario scenario;
  int option = 0;
};

int option_of(const scenario::Scenario& scenario, const std::string& name, const std::string& where) {
  const int index = scenario.find(name);
  if (index >= 0) return index;
  std::vector<std::string> names;
  for (const auto& option : scenario.options) names.push_back(option.name);
  refuse(fmt::format("no option '{}' in {}", name, where), spelling_hint(name, names));
}

/// Of the file's head what decides the job: it stands for the scenario's.
void take_job_of(const std::string& plan, Json& job) {
  if (plan.empty() || !io::is_file(plan)) return;
  const io::Document document = io::Document::load(plan);
  io::Diagnostics none;
  const io::Value root = document.root(none);
  if (!root.is_object()) return;  // its reader says so
  for (const char* key : {"model", "sequence_length", "global_batch", "dtype"})
    if (const auto value = root.find(key); value && !value->is_null()) job[key] = Json::parse(value->to_json());
}

/// "llama-3.1-8b@8K 64xH800 batch=512" as a scenario.
class PlaceWords {
 public:
  PlaceWords(const scenario::Scenario& scenario, const io::Document& document, const std::string& plan)
      : job_{{"tokens", scenario.job.tokens},
             {"sequence_length", scenario.job.sequence_length},
             {"global_batch", scenario.job.global_batch},
             {"dtype", chipmix::name(scenario.job.dtype)}} {
    if (!scenario.stages.empty()) {
      job_["sequence_length"] = scenario.stages.front().sequence_length;
      job_["global_batch"] = scenario.stages.front().global_batch;
    }
    io::Diagnostics none;
    const io::Value root = document.root(none);
    for (const char* key : {"model", "expert_imbalance"})
      if (const auto value = root.find("job")->find(key)) job_[key] = Json::parse(value->to_json());
    take_job_of(plan, job_);
  }

  Place read(const std::string& text, const std::string& plan, scenario::Library& library) {
    for (const scenario::Piece& word : scenario::split(text, ' '))
      if (!word.text.empty()) take(word.text);
    if (cluster_.empty()) refuse(fmt::format("'{}' says no devices", text), "for example --measured-on 64xH800");
    Json option = {{"name", text}, {"cluster", cluster_}};
    if (!plan.empty() && !io::is_file(plan)) option["plan"] = plan;
    const Json question = {{"name", "measured"}, {"job", job_}, {"options", Json::array({option})}};
    const io::Document document = io::Document::parse("--measured-on", question.dump(1) + "\n");
    return {text, scenario::read_scenario(document, library), 0};
  }

 private:
  void take(const std::string& word) {
    const auto complain = [&](std::size_t, std::string message, std::string hint) {
      refuse("--measured-on: " + message, std::move(hint));
    };
    constexpr std::string_view batch = "batch=";
    if (word.starts_with(batch)) {
      job_["global_batch"] = Json::parse(io::json_text(word.substr(batch.size())));
    } else if (scenario::is_option(word)) {
      const auto groups = scenario::read_option(word, complain);
      if (groups.size() != 1) refuse("a step of several kinds of devices is no anchor", "name one kind: 64xH800");
      cluster_ = {{"device", groups.front().device.text}, {"devices", groups.front().devices}};
    } else {
      const std::size_t at = word.find('@');
      job_["model"] = word.substr(0, at);
      if (at != std::string::npos)
        if (const auto stages = scenario::read_tokens("1B" + word.substr(at), complain); !stages.empty())
          if (stages.front().sequence) job_["sequence_length"] = *stages.front().sequence;
    }
  }

  Json job_, cluster_ = Json::object();
};

/// FILE:OPTION, where there is such a file.
std::optional<std::pair<std::string, std::string>> other_scenario(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || !io::is_file(text.substr(0, colon))) return std::nullopt;
  return std::pair(text.substr(0, colon), text.substr(colon + 1));
}

Place place_of(const std::string& text, const std::string& plan, const scenario::Scenario& scenario,
               const io::Document& document, scenario::Library& library) {
  if (const auto other = other_scenario(text)) {
    scenario::Library own(fs::path(other->first).parent_path());
    Place place{text, scenario::read_scenario(io::Document::load(other->first), own), 0};
    place.option = option_of(place.scenario, other->second, other->first);
    return place;
  }
  const bool is_words = text.find(' ') != std::string::npos || scenario::is_option(text);
  if (scenario.find(text) < 0 && is_words) return PlaceWords(scenario, document, plan).read(text, plan, library);
  const int option = option_of(scenario, text, document.file());
  if (plan.empty() || io::is_file(plan)) return {text, scenario, option};
  const io::Document planned = document.with("options." + text + ".plan", Json(plan).dump());
  return {text, scenario::read_scenario(planned, library), option};
}

/// The option with the plan that ran.
void take_plan(Place& place, const std::string& plan) {
  scenario::Option& option = place.scenario.options[place.option];
  if (!option.cluster || option.mix)
    refuse(fmt::format("option '{}' is not one kind of device in one cluster", option.name),
           "name an option with a cluster: --measured-on");
  if (!place.scenario.stages.empty())
    refuse("the job has several stages, and a step is of one",
           "say where it was measured in words: --measured-on 64xH800");
  if (!plan.empty() && io::is_file(plan)) scenario::take_plan_file(io::Document::load(plan), place.scenario, option);
  if (!option.plan && !option.given)
    refuse(fmt::format("which plan ran on {}?", place.name),
           "--measured-plan FILE ('chipmix import' makes one of a launch script), or a plan in words with a place in "
           "words: --measured-plan 'TP8 PP4' --measured-on 64xH800");
}

void require_same_device(const TrainingLog& log, const Place& place, const scenario::Library& library) {
  const std::string& device = place.scenario.options[place.option].cluster->groups.front().device.id;
  io::Diagnostics faults;
  for (const DeviceWords& words : device_words(log.text))
    if (const auto other = other_device(words.text, device, library.ids("devices")); other && faults.empty())
      faults.add(log.fault(words.offset, fmt::format("the log is of another device than {}", device),
                           fmt::format("--measured-on COUNTx{}", *other)));
  faults.throw_if_any();
}

void require_same_device(const std::string& said, const std::string& file, const Place& place,
                         const scenario::Library& library) {
  const std::string& device = place.scenario.options[place.option].cluster->groups.front().device.id;
  if (const auto other = other_device(said, device, library.ids("devices")))
    refuse(fmt::format("{} is of '{}', and {} has {}", file, said, place.name, device),
           fmt::format("--measured-on COUNTx{}", *other));
}

/// The accounts of a step that kernels of one kind, or no kernel at all, stand for. Recomputation runs products,
/// attention and the rest again, mostly products.
struct Kind {
  const char *name, *traced, *note;
  std::vector<engine::Spent> accounts;
};

const std::vector<Kind>& kinds() {
  using engine::Spent;
  static const std::vector<Kind> all = {
      {"matrix products",
       "matrix products",
       "with experts, head and all recomputation",
       {Spent::matrix_products, Spent::experts, Spent::head_and_loss, Spent::recomputation}},
      {"attention", "attention", "", {Spent::attention}},
      {"other kernels", "others", "with the optimizer and copies", {Spent::elementwise, Spent::optimizer}}};
  return all;
}

/// A trace of one rank beside the accounts of the step.
std::vector<scenario::TracedPart> parts_of(const calibration::TraceStep& trace, const scenario::Run& run) {
  using engine::Spent;
  const auto predicted = [&](const std::vector<Spent>& accounts) {
    double sum = 0;
    for (const Spent account : accounts) sum += run.estimate.time.total(engine::name(account)).value();
    return sum;
  };
  const auto traced = [&](const std::string& kind) {
    double sum = 0;
    for (const calibration::TraceKind& one : trace.kinds)
      if (one.name == kind || (kind == "others" && one.name == "copies")) sum += one.seconds;
    return sum;
  };
  std::vector<scenario::TracedPart> parts;
  for (const Kind& kind : kinds())
    parts.push_back({kind.name, kind.note, traced(kind.traced), predicted(kind.accounts)});
  parts.push_back({"communication alone", "collectives and sends beside which nothing runs",
                   trace.exposed_communication,
                   predicted({Spent::tensor_communication, Spent::context_communication, Spent::expert_communication,
                              Spent::pipeline_sends, Spent::gradient_reduction, Spent::parameter_gather})});
  parts.push_back({"no kernel", "gaps of the host, bubbles, waiting", trace.idle,
                   predicted({Spent::host, Spent::pipeline_bubble, Spent::step_overhead, Spent::stragglers})});
  return parts;
}

/// Published runs with their publisher left out took up to 5.1 times what was predicted (published_runs/errors/
/// left_out.json): a step that took more than this is of another plan, batch or unit.
constexpr double slowest = 10;

/// No step is done faster than at the devices' peak rate.
void require_possible(double seconds, const estimate::Estimate& step) {
  const double least = (step.model_flops / step.peak).value();
  if (seconds < least)
    refuse(fmt::format("{:.3g} s would be {:.0f} % of the devices' peak rate", seconds, 100 * least / seconds),
           fmt::format("this job's step takes {:.3g} s at least: say the batch, length and devices of the run, "
                       "--measured-on \"MODEL@LENGTH 64xH800 batch=N\"",
                       least));
  const double times = seconds / step.step_time.value();
  if (times > slowest)
    refuse(fmt::format("{:.3g} s is {:.3g} times the {:.3g} s that are predicted of this plan", seconds, times,
                       step.step_time.value()),
           "is it a step of this plan, batch and length, and in this unit?");
}

scenario::Anchor read_anchor(const std::string& step, const std::string& plan, Place place,
                             const scenario::Library& library) {
  Measured measured = read_step(step);
  take_plan(place, plan);
  const scenario::Option& option = place.scenario.options[place.option];
  const auto planned = scenario::choose_plan(place.scenario, option, {});
  if (planned.reason) refuse(planned.reason->explanation, "the plan of a run that took place is legal");
  if (measured.log) {
    require_same_device(*measured.log, place, library);
    io::Diagnostics faults;
    const workload::TrainingJob job = place.scenario.job_of(option);
    agrees(*measured.log, {job, *planned.plan, option.cluster->groups.front().ranks(), option.name, place.name},
           faults);
    faults.throw_if_any();
  }
  if (measured.trace) require_same_device(measured.trace->device, step, place, library);
  const auto played = scenario::play(place.scenario, option, {{*planned.plan}}, {});
  if (const auto* no = std::get_if<estimate::Infeasible>(&played))
    refuse(fmt::format("the plan cannot have run on {}: {}", place.name, no->explanation),
           "is it the plan that ran, and are batch and length those of the run?");
  const scenario::Run& run = std::get<scenario::Run>(played);
  require_possible(measured.seconds, run.estimate);
  const hardware::NodeGroup& group = option.cluster->groups.front();
  std::string name =
      fmt::format("{} on {} x {} ({})", measured.what, group.devices, group.device.name, plan::to_text(*planned.plan));
  scenario::Anchor anchor = scenario::anchor_of(run, place.scenario, option, measured.seconds, std::move(name));
  if (measured.trace) anchor.parts = parts_of(*measured.trace, run);
  return anchor;
}

}  // namespace

std::shared_ptr<const scenario::Anchors> anchors_of(const MeasuredWords& words, const scenario::Scenario& scenario,
                                                    const io::Document& document, scenario::Library& library) {
  std::vector<scenario::Anchor> list;
  std::vector<Diagnostic> faults;
  const std::size_t count = words.steps.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string plan = of(words.plans, i, count, "--measured-plan");
    if (plan.ends_with(".json") && !io::is_file(plan)) throw FileError(plan, "no such plan file");
    std::string place = of(words.places, i, count, "--measured-on");
    if (place.empty()) place = words.usual_place;
    try {
      if (place.empty()) refuse("where was it measured?", "--measured-on 64xH800, or an option of the scenario");
      list.push_back(read_anchor(words.steps[i], plan, place_of(place, plan, scenario, document, library), library));
    } catch (const InputError& error) {
      faults.insert(faults.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (!faults.empty()) throw InputError(std::move(faults));
  return std::make_shared<const scenario::Anchors>(scenario, std::move(list));
}

}  // namespace chipmix::validation
