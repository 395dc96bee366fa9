// Questions for benchmarks: an option of a scenario that ships with the project, or of a small one written here.
#pragma once

#include <stdexcept>
#include <string>

#include "plan/plan.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::bench {

struct Question {
  workload::TrainingJob job;
  hardware::Cluster cluster;
  planner::SearchSpace space;
  plan::ParallelPlan plan;  ///< empty where the option is to be searched
};

inline Question question(const io::Document& document, const std::string& option_name) {
  scenario::Library library;
  const scenario::Scenario scenario = scenario::read_scenario(document, library);
  const int index = scenario.find(option_name);
  if (index < 0) throw std::logic_error("no option " + option_name);
  const scenario::Option& option = scenario.options[index];
  Question question{scenario.job_of(option), *option.cluster, option.space, {}};
  const workload::TrainingJob& job = question.job;
  if (option.plan)
    question.plan =
        plan::lay_out(*option.plan, job.model.layers, job.global_batch, 0, option.cluster->groups.front().device.ranks);
  return question;
}

inline io::Document shipped(const std::string& scenario) {
  return io::Document::load(CHIPMIX_SOURCE_DIR "/scenarios/" + scenario + ".json");
}

/// A scenario of one option, "it".
inline io::Document written(const std::string& job, const std::string& cluster, const std::string& plan) {
  return io::Document::parse("bench", R"({"name": "bench", "currency": "USD", "job": )" + job +
                                          R"(, "options": [{"name": "it", "cluster": )" + cluster + R"(, "plan": )" +
                                          plan + "}]}");
}

}  // namespace chipmix::bench
