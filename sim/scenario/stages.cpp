#include "scenario/stages.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "plan/legal.hpp"
#include "scenario/charge.hpp"
#include "scenario/mix.hpp"
#include "scenario/parts.hpp"
#include "scenario/sound.hpp"

namespace chipmix::scenario {
namespace {

bool has_same_shape(const JobStage& a, const JobStage& b) {  // own batches of an option follow from both
  return a.sequence_length == b.sequence_length && a.global_batch == b.global_batch;
}

/// A stage's plan on the cluster, and its step.
struct PlayedStage {
  std::variant<Run, estimate::Infeasible> outcome;
  std::optional<planner::SearchResult> search;
};

/// Why the fixed plan of the option is not legal for the job; empty where it is, or there is none.
std::string not_legal(const Option& option, const workload::TrainingJob& job) {
  if (!option.plan) return {};
  return fmt::format("{}", fmt::join(plan::faults(*option.plan, job, option.cluster->groups.front()), "; "));
}

PlayedStage play_stage(const Scenario& scenario, const Option& option, const Settings& settings) {
  const std::string fault = not_legal(option, scenario.job_of(option));
  Option own = option;
  if (!fault.empty()) own.plan.reset();
  Planned planned = choose_plan(scenario, own, settings);
  if (planned.reason) return {*planned.reason, std::move(planned.search)};
  auto played = play(scenario, own, {{*planned.plan}}, settings);
  if (auto* run = std::get_if<Run>(&played); run && !fault.empty())
    run->stage_note = "searched, as the option's plan is not legal here: " + fault;
  return {std::move(played), {}};
}

class StageAnswer {
 public:
  StageAnswer(const Scenario& scenario, const Option& option, const Settings& settings)
      : scenario_(scenario), option_(option), settings_(settings) {
    answer_.name = option.name;
    answer_.label = option.label;
  }

  OptionAnswer run() {
    if (option_.mix) return run_mix();
    for (std::size_t i = 0; i < scenario_.stages.size(); ++i) {
      const Scenario only = only_stage(scenario_, i);
      const PlayedStage& played = played_for(only, i);
      if (const auto* no = std::get_if<estimate::Infeasible>(&played.outcome)) {
        OptionAnswer answer = refused(i, *no);
        answer.search = played.search;
        return answer;
      }
      const OptionAnswer settled = settle(only, option_, std::get<Run>(played.outcome));
      if (!settled.feasible()) return refused(i, *settled.reason);
      add(i, settled.runs.front());
    }
    total(answer_, scenario_);
    return sound(std::move(answer_), scenario_, option_);
  }

 private:
  OptionAnswer run_mix() {
    for (std::size_t i = 0; i < scenario_.stages.size(); ++i) {
      const OptionAnswer part = mixed(only_stage(scenario_, i), stage_settings(i));
      if (!part.feasible()) return refused(i, *part.reason);
      for (Run run : part.runs) add(i, std::move(run));
    }
    total(answer_, scenario_);
    return sound(std::move(answer_), scenario_, option_);
  }

  /// Islands one by one only where they cannot be used together.
  OptionAnswer mixed(const Scenario& only, Settings settings) const {
    settings.alternatives = false;
    Option together = option_;
    std::erase(together.mix->ways, planner::Way::campaign);
    if (together.mix->ways.empty()) return answer_mix(only, option_, settings);
    OptionAnswer answer = answer_mix(only, together, settings);
    const bool is_all = together.mix->ways.size() == option_.mix->ways.size();
    return answer.feasible() || is_all ? answer : answer_mix(only, option_, settings);
  }

  OptionAnswer refused(std::size_t index, const estimate::Infeasible& no) const {
    return infeasible(option_, no.constraint,
                      fmt::format("stage '{}': {}", scenario_.stages[index].name, no.explanation));
  }

  /// With progress of one stage among all.
  Settings stage_settings(std::size_t index) const {
    Settings own = settings_;
    if (settings_.progress)
      own.progress = [this, index](double share) {
        settings_.progress((static_cast<double>(index) + share) / static_cast<double>(scenario_.stages.size()));
      };
    return own;
  }

  void add(std::size_t index, Run run) {
    run.stage = scenario_.stages[index].name;
    run.share *= scenario_.stages[index].tokens / scenario_.job.tokens;
    charge(answer_, scenario_, option_, run);
    answer_.runs.push_back(std::move(run));
  }

  /// Stages of one shape share their plan.
  const PlayedStage& played_for(const Scenario& only, std::size_t index) {
    for (std::size_t i = 0; i < index; ++i)
      if (has_same_shape(scenario_.stages[i], scenario_.stages[index])) {
        played_.push_back(played_[i]);
        return played_.back();
      }
    played_.push_back(play_stage(only, option_, stage_settings(index)));
    return played_.back();
  }

  const Scenario& scenario_;
  const Option& option_;
  const Settings& settings_;
  OptionAnswer answer_;
  std::vector<PlayedStage> played_;
};

}  // namespace

Scenario only_stage(const Scenario& scenario, std::size_t stage) {
  Scenario only = scenario;
  only.job = scenario.stage_job(stage);
  only.stages.clear();
  return only;
}

OptionAnswer answer_stages(const Scenario& scenario, const Option& option, const Settings& settings) {
  return StageAnswer(scenario, option, settings).run();
}

void read_stages(const JobSpec& spec, const io::Value& at, Scenario& scenario) {
  const std::vector<io::Value> places = at.find("stages")->as_list();
  std::set<std::string> names;
  double sum = 0;
  for (std::size_t i = 0; i < spec.stages.size(); ++i) {
    const StageSpec& stage = spec.stages[i];
    JobStage read{stage.name.empty() ? fmt::format("stage {}", i + 1) : stage.name,
                  stage.sequence_length.value_or(spec.sequence_length), stage.global_batch.value_or(spec.global_batch),
                  stage.tokens.value};
    sum += read.tokens;
    if (!names.insert(read.name).second)
      places[i].error(fmt::format("a second stage named '{}'", read.name), "give each stage its own name");
    if (read.tokens < static_cast<double>(read.sequence_length) * read.global_batch)
      places[i].find("tokens")->error(
          fmt::format("the stage is shorter than one step of {} x {} tokens", read.global_batch, read.sequence_length));
    scenario.stages.push_back(std::move(read));
  }
  if (spec.tokens && std::abs(spec.tokens->value / sum - 1) > 1e-9)
    at.find("tokens")->error(fmt::format("the stages have {:g} tokens in all, the job {:g}", sum, spec.tokens->value),
                             "leave out the tokens of the job: they are the sum");
  scenario.job.tokens = sum;
}

std::optional<Seconds> read_deadline(const ScenarioSpec& spec, const io::Value& at) {
  const auto& deadline = spec.job.deadline;
  if (!deadline || deadline->after) return deadline ? deadline->after : std::nullopt;
  const io::Value value = *at.find("deadline");
  if (!spec.start) {
    value.error("a deadline by day, but nothing says when the run begins",
                "add \"start\": \"2027-01-01\" to the scenario, or --start 2027-01-01 to the question");
    return std::nullopt;
  }
  refuse_past_deadline(*deadline->day, *spec.start, value);
  return Seconds{days_between(*spec.start, *deadline->day) * seconds_per_day};
}

void refuse_past_deadline(const std::string& day, const std::string& start, const io::Value& at) {
  if (days_between(start, day) <= 0) at.error(fmt::format("the deadline {} is not after the start {}", day, start));
}

}  // namespace chipmix::scenario
