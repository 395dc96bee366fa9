#include "validation/measured_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include "base/words.hpp"
#include "calibration/trace_step.hpp"
#include "calibration/training_log.hpp"
#include "io/folder.hpp"
#include "scenario/parts.hpp"
#include "validation/device_words.hpp"
#include "validation/log_agrees.hpp"
#include "validation/measured_place.hpp"
#include "validation/traced_parts.hpp"

namespace chipmix::validation {
namespace {

namespace fs = std::filesystem;
using calibration::TrainingLog;

[[noreturn]] void refuse_step(std::string message, std::string hint) {
  refuse("--measured", std::move(message), std::move(hint));
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

Measured read_trace(const std::string& path) {
  calibration::TraceStep step = calibration::parse_trace_step(io::TextStream(path));
  std::string what = fmt::format("{:.4g} s, median of {} of {} after {} of warm-up,", step.seconds,
                                 counted(step.steps, "step"), fs::path(path).filename().string(), step.warm_up);
  return {step.seconds, std::move(what), std::nullopt, std::move(step)};
}

/// Not the lines of a log that begin with the rank that printed them, "[1,0]<stdout>:".
bool is_json(const std::string& path) {
  io::TextStream stream(path);
  const std::string_view text = stream.next();
  const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string_view::npos && text[first] == '{';
}

Measured read_step(const std::string& word) {
  if (!io::is_file(word)) {
    const auto seconds = seconds_of(word);
    if (!seconds)
      refuse_step(fmt::format("'{}' is neither the time of a step nor a file", word),
                  "a time with its unit, 12.4s, 950ms or 1.2min; or the path of a training log");
    return {*seconds, fmt::format("{:.4g} s", *seconds)};
  }
  if (is_json(word)) return read_trace(word);
  auto found = calibration::find_training_log(io::TextStream(word));
  if (!found)
    refuse_step(fmt::format("{} is not a training log: no line has 'elapsed time per iteration'", word),
                "logs of Megatron-LM and MindSpeed and traces of the PyTorch profiler are read; for others give the "
                "time itself, --measured 12.4s; tables of "
                "collectives and kernels fit a device ('chipmix calibrate')");
  TrainingLog& log = *found;
  const double seconds = median_of(log.seconds);
  return {seconds,
          fmt::format("{:.4g} s, median of {} steps of {} after {} of warm-up,", seconds, log.seconds.size(),
                      fs::path(word).filename().string(), log.warm_up),
          std::move(log)};
}

void require_same_device(const TrainingLog& log, const Place& place, const scenario::Library& library) {
  const std::string& device = place.scenario.options[place.option].cluster->groups.front().device.id;
  io::Diagnostics faults;
  for (const DeviceWords& words : device_words(log.text))
    if (const auto other = other_device(words.text, device, library.ids("devices")); other && faults.empty())
      faults.add(log.fault(words.offset, fmt::format("the log is from another device than {}", device),
                           fmt::format("--measured-on COUNTx{}", *other)));
  faults.throw_if_any();
}

void require_same_device(const std::string& said, const std::string& file, const Place& place,
                         const scenario::Library& library) {
  const std::string& device = place.scenario.options[place.option].cluster->groups.front().device.id;
  if (const auto other = other_device(said, device, library.ids("devices")))
    refuse_step(fmt::format("{} comes from '{}', and {} has {}", file, said, place.name, device),
                fmt::format("--measured-on COUNTx{}", *other));
}

/// Published runs with their publisher left out took up to 5.1 times what was predicted (published_runs/errors/
/// left_out.json): a step that took more than this is of another plan, batch or unit.
constexpr double slowest = 10;

/// No step is done faster than at the devices' peak rate.
void require_possible(double seconds, const estimate::Estimate& step) {
  const double least = (step.model_flops / step.peak).value();
  if (seconds < least)
    refuse_step(fmt::format("{:.3g} s would be {:.0f} % of the devices' peak rate", seconds, 100 * least / seconds),
                fmt::format("this job's step takes {:.3g} s at least: say the batch, length and devices of the run, "
                            "--measured-on \"MODEL@LENGTH 64xH800 batch=N\"",
                            least));
  const double times = seconds / step.step_time.value();
  if (times > slowest)
    refuse_step(fmt::format("{:.3g} s is {:.3g} times the {:.3g} s that are predicted of this plan", seconds, times,
                            step.step_time.value()),
                "is it a step of this plan, batch and length, and in this unit?");
}

/// Faults of several things that are wrong each by itself.
class Faults {
 public:
  /// What `work` makes; nothing where it throws faults, which are kept.
  template <class Work>
  auto attempt(Work work) -> std::optional<decltype(work())> {
    try {
      return work();
    } catch (const InputError& error) {
      list_.insert(list_.end(), error.diagnostics().begin(), error.diagnostics().end());
    } catch (const FileError& error) {
      if (!file_) file_ = error;
      list_.push_back(Diagnostic{"", {}, "", error.what(), "", "", 1});
    }
    return std::nullopt;
  }

  /// A file that cannot be read, where nothing else is wrong, is no fault of the input.
  void throw_if_any() const {
    if (file_ && list_.size() == 1) throw *file_;
    if (!list_.empty()) throw InputError(list_);
  }

 private:
  std::vector<Diagnostic> list_;
  std::optional<FileError> file_;
};

/// What was measured, and where.
struct Given {
  Measured measured;
  Place place;
};

scenario::Anchor anchor_of(Given given, const std::string& step, const scenario::Library& library) {
  auto& [measured, place] = given;
  const scenario::Option& option = place.scenario.options[place.option];
  const auto planned = scenario::choose_plan(place.scenario, option, {});
  if (planned.reason) refuse_step(planned.reason->explanation, "a plan that ran must be legal");
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
    refuse_step(fmt::format("the plan cannot have run on {}: {}", place.name, no->explanation),
                "is it the plan that ran, and are batch and length those of the run?");
  const scenario::Run& run = std::get<scenario::Run>(played);
  require_possible(measured.seconds, run.estimate);
  const hardware::NodeGroup& group = option.cluster->groups.front();
  std::string name =
      fmt::format("{} on {} x {} ({})", measured.what, group.devices, group.device.name, plan::to_text(*planned.plan));
  scenario::Anchor anchor = scenario::anchor_of(run, place.scenario, option, measured.seconds, std::move(name));
  if (measured.trace) take_trace(*measured.trace, run, place.scenario, option, anchor);
  return anchor;
}

}  // namespace

std::shared_ptr<const scenario::Anchors> anchors_of(const MeasuredWords& words, const scenario::Scenario& scenario,
                                                    const io::Document& document, scenario::Library& library) {
  std::vector<scenario::Anchor> list;
  Faults faults;
  const std::size_t count = words.steps.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::string plan = of(words.plans, i, count, "--measured-plan");
    std::string place = of(words.places, i, count, "--measured-on");
    if (place.empty()) place = words.usual_place;
    auto measured = faults.attempt([&] { return read_step(words.steps[i]); });
    const auto plan_file = faults.attempt([&] { return read_plan(plan); });
    auto where = faults.attempt([&] {
      if (place.empty())
        refuse("--measured-on", "where was it measured?", "--measured-on 64xH800, or an option of the scenario");
      return place_of(place, plan_file.value_or(MeasuredPlan{}), scenario, document, library);
    });
    if (where && plan_file && !faults.attempt([&] { return take_plan(*where, *plan_file); })) where.reset();
    if (!measured || !where || !plan_file) continue;
    auto anchor = faults.attempt([&] {
      return anchor_of({std::move(*measured), std::move(*where)}, words.steps[i], library);
    });
    if (anchor) list.push_back(std::move(*anchor));
  }
  faults.throw_if_any();
  return std::make_shared<const scenario::Anchors>(scenario, std::move(list));
}

}  // namespace chipmix::validation
