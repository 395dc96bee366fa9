#include "validation/measured_place.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "base/spelling.hpp"
#include "io/folder.hpp"
#include "scenario/ask_words.hpp"
#include "scenario/parts.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::validation {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char *where_option = "--measured-on", *plan_option = "--measured-plan";

int option_of(const scenario::Scenario& scenario, const std::string& name, const std::string& where) {
  const int index = scenario.find(name);
  if (index >= 0) return index;
  std::vector<std::string> names;
  for (const auto& option : scenario.options) names.push_back(option.name);
  refuse(where_option, fmt::format("no option '{}' in {}", name, where), spelling_hint(name, names));
}

/// Of the file's head what decides the job: it stands for the scenario's. The keys that it says.
std::set<std::string> take_job_of(const MeasuredPlan& plan, Json& job) {
  std::set<std::string> said;
  if (!plan.file) return said;
  io::Diagnostics none;
  const io::Value root = plan.file->root(none);
  if (!root.is_object()) return said;  // its reader says so
  for (const char* key : {"model", "sequence_length", "global_batch", "dtype"})
    if (const auto value = root.find(key); value && !value->is_null()) {
      job[key] = Json::parse(value->to_json());
      said.insert(key);
    }
  return said;
}

/// "llama-3.1-8b@8K 64xH800 batch=512" as a scenario.
class PlaceWords {
 public:
  PlaceWords(const scenario::Scenario& scenario, const io::Document& document, const MeasuredPlan& plan)
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
    from_plan_ = take_job_of(plan, job_);
  }

  Place read(const std::string& text, const MeasuredPlan& plan, scenario::Library& library) {
    for (const scenario::Piece& word : scenario::split(text, ' '))
      if (!word.text.empty()) take(word.text);
    if (cluster_.empty())
      refuse(where_option, fmt::format("'{}' names no devices", text), "for example --measured-on 64xH800");
    Json option = {{"name", text}, {"cluster", cluster_}};
    if (!plan.words.empty()) option["plan"] = plan.words;
    const Json question = {{"name", "measured"}, {"job", job_}, {"options", Json::array({option})}};
    const io::Document document = io::Document::parse(where_option, question.dump(1) + "\n");
    try {
      return {text, scenario::read_scenario(document, library), 0};
    } catch (const InputError& error) {
      throw InputError(blamed(error.diagnostics(), plan));
    }
  }

 private:
  /// Faults of the question that was made of these words, where the user wrote them.
  std::vector<Diagnostic> blamed(std::vector<Diagnostic> faults, const MeasuredPlan& plan) const {
    constexpr std::string_view job = "/job/";
    for (Diagnostic& fault : faults) {
      const std::string key = fault.pointer.starts_with(job) ? fault.pointer.substr(job.size()) : "";
      if (plan.file && from_plan_.contains(key.substr(0, key.find('/'))))
        fault = plan.file->diagnostic("/" + key, fault.message, fault.hint);
      else
        fault = {
            fault.pointer == "/options/0/plan" ? plan_option : where_option, {}, "", fault.message, fault.hint, "", 1};
    }
    return faults;
  }

  void take(const std::string& word) {
    const auto complain = [&](std::size_t, std::string message, std::string hint) {
      refuse(where_option, std::move(message), std::move(hint));
    };
    constexpr std::string_view batch = "batch=";
    if (word.starts_with(batch)) {
      job_["global_batch"] = Json::parse(io::json_text(word.substr(batch.size())));
    } else if (scenario::is_option(word)) {
      const auto groups = scenario::read_option(word, complain);
      if (groups.size() != 1)
        refuse(where_option, "a step on several kinds of devices cannot be an anchor", "name one kind: 64xH800");
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
  std::set<std::string> from_plan_;  ///< keys of the job that its plan file says
};

/// FILE:OPTION, where there is such a file.
std::optional<std::pair<std::string, std::string>> other_scenario(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || !io::is_file(text.substr(0, colon))) return std::nullopt;
  return std::pair(text.substr(0, colon), text.substr(colon + 1));
}

}  // namespace

void refuse(const char* option, std::string message, std::string hint) {
  throw InputError({Diagnostic{option, {}, "", std::move(message), std::move(hint), "", 1}});
}

MeasuredPlan read_plan(const std::string& text) {
  if (text.empty()) return {};
  if (io::is_file(text)) return {std::make_shared<const io::Document>(io::Document::load(text)), ""};
  if (text.ends_with(".json")) throw FileError(text, "no such plan file");
  return {nullptr, text};
}

Place place_of(const std::string& text, const MeasuredPlan& plan, const scenario::Scenario& scenario,
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
  if (plan.words.empty()) return {text, scenario, option};
  const io::Document planned = document.with("options." + text + ".plan", Json(plan.words).dump());
  try {
    return {text, scenario::read_scenario(planned, library), option};
  } catch (const InputError& error) {
    std::vector<Diagnostic> faults = error.diagnostics();
    for (Diagnostic& fault : faults)
      if (fault.pointer.ends_with("/plan")) fault = {plan_option, {}, "", fault.message, fault.hint, "", 1};
    throw InputError(std::move(faults));
  }
}

bool take_plan(Place& place, const MeasuredPlan& plan) {
  scenario::Option& option = place.scenario.options[place.option];
  if (!option.cluster || option.mix)
    refuse(where_option, fmt::format("option '{}' is not one kind of device in one cluster", option.name),
           "name an option with a cluster: --measured-on");
  if (!place.scenario.stages.empty())
    refuse(where_option, "the job has several stages, and a step belongs to one",
           "say where it was measured in words: --measured-on 64xH800");
  if (plan.file) scenario::take_plan_file(*plan.file, place.scenario, option);
  if (!option.plan && !option.given)
    refuse(plan_option, fmt::format("which plan ran on {}?", place.name),
           "--measured-plan FILE ('chipmix import' makes one of a launch script), or a plan in words with a place in "
           "words: --measured-plan 'TP8 PP4' --measured-on 64xH800");
  return true;
}

}  // namespace chipmix::validation
