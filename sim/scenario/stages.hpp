// A job of several stages on one cluster: each is planned for itself, one after another.
#pragma once

#include "scenario/answer.hpp"

namespace chipmix::scenario {

/// The scenario as if one of its stages were the whole job.
Scenario only_stage(const Scenario& scenario, std::size_t stage);

/// An option with one cluster or a mix, all stages; a run for each (of a mix that can only be used one island by one,
/// a run for each island too). Sums: time and cost of the stages. The fixed plan is used
/// where it is legal for a stage, else that stage's plan is searched. Infeasible, with the stage's name, where one
/// cannot run.
OptionAnswer answer_stages(const Scenario& scenario, const Option& option, const Settings& settings);

/// The stages as the scenario's reader takes them from the file: checks that their tokens add up to those of the job,
/// names them, and puts the sum into the job. Each is reported at its place in `at`, the job's value.
void read_stages(const JobSpec& spec, const io::Value& at, Scenario& scenario);

/// The deadline counted from the start.
std::optional<Seconds> read_deadline(const ScenarioSpec& spec, const io::Value& at);
/// Both are days.
void refuse_past_deadline(const std::string& day, const std::string& start, const io::Value& at);

}  // namespace chipmix::scenario
