#include "scenario/neighbour.hpp"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>

#include "base/spelling.hpp"
#include "plan/schedule.hpp"
#include "scenario/plan_words.hpp"

namespace chipmix::scenario {
namespace {

using Setter = std::function<void(plan::UniformPlan&, const std::string&)>;

constexpr int least_degree = 1, most_degree = 1 << 15;

[[noreturn]] void refuse(const std::string& value, const std::string& wanted) {
  throw std::invalid_argument(fmt::format("'{}' is not {}", value, wanted));
}

int whole(const std::string& text, int low) {
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() || number < low || number > most_degree)
    refuse(text, fmt::format("a whole number from {} to {}", low, most_degree));
  return number;
}

template <class T>
T named(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& [name, value] : names_of(io::Type<T>{})) {
    if (name == text) return value;
    names.push_back(name);
  }
  refuse(text, fmt::format("one of {}", fmt::join(names, ", ")));
}

bool truth(const std::string& text) {
  if (text != "true" && text != "false") refuse(text, "true or false");
  return text == "true";
}

void set_schedule(plan::UniformPlan& plan, const std::string& text) {
  const auto kind = named<plan::ScheduleKind>(text);
  plan.chosen_schedule = plan::is_chosen(kind) ? std::optional(kind) : std::nullopt;
  if (plan.chosen_schedule) plan.interleave = plan::chunks_of(kind);
  if (!plan.chosen_schedule && kind != plan::usual_schedule(plan.interleave))
    plan.interleave = plan::traits(kind).chunks == 1 ? 1 : 2;
}

template <class Member>
Setter degree(Member member) {
  return [member](plan::UniformPlan& plan, const std::string& text) { member(plan) = whole(text, least_degree); };
}

const std::map<std::string, Setter>& setters() {
  using Plan = plan::UniformPlan;
  static const std::map<std::string, Setter> table = {
      {"tensor", degree([](Plan& p) -> int& { return p.degrees.tensor; })},
      {"pipeline", degree([](Plan& p) -> int& { return p.pipeline; })},
      {"context", degree([](Plan& p) -> int& { return p.degrees.context; })},
      {"expert", degree([](Plan& p) -> int& { return p.degrees.expert; })},
      {"interleave", degree([](Plan& p) -> int& { return p.interleave; })},
      {"micro_batch", degree([](Plan& p) -> int& { return p.micro_batch; })},
      {"head_layers", [](Plan& p, const std::string& text) { p.head_layers = whole(text, 0); }},
      {"recompute", [](Plan& p, const std::string& text) { p.recompute = named<plan::Recompute>(text); }},
      {"zero", [](Plan& p, const std::string& text) { p.zero = named<plan::Zero>(text); }},
      {"sequence_parallel", [](Plan& p, const std::string& text) { p.sequence_parallel = truth(text); }},
      {"schedule", set_schedule}};
  return table;
}

void change(plan::UniformPlan& plan, const std::string& key, const std::string& value) {
  const auto found = setters().find(key);
  if (found == setters().end()) {
    std::vector<std::string> keys;
    for (const auto& [known, setter] : setters()) keys.push_back(known);
    throw std::invalid_argument(fmt::format("no '{}' in a plan, {}", key, spelling_hint(key, keys)));
  }
  try {
    found->second(plan, value);
  } catch (const std::invalid_argument& fault) {
    throw std::invalid_argument(fmt::format("{}: {}", key, fault.what()));
  }
}

}  // namespace

plan::UniformPlan changed(const plan::UniformPlan& plan, const std::string& changes, int ranks) {
  plan::UniformPlan other = plan;
  std::optional<int> data;
  for (const auto& [key, value] : plan_words(changes)) {
    if (key == "data")
      data = whole(value, least_degree);
    else
      change(other, key, value);
  }
  const long long shards = static_cast<long long>(other.degrees.tensor) * other.degrees.context * other.pipeline;
  other.degrees.data = shards <= ranks && ranks % shards == 0 ? static_cast<int>(ranks / shards) : 1;
  if (data && *data != other.degrees.data)
    throw std::invalid_argument(fmt::format("DP{}: {} ranks leave DP{} with TP{} x CP{} x PP{}", *data, ranks,
                                            other.degrees.data, other.degrees.tensor, other.degrees.context,
                                            other.pipeline));
  return other;
}

NeighbourAnswer compare_neighbour(const Scenario& scenario, const Option& option, const plan::UniformPlan& best,
                                  const plan::UniformPlan& other) {
  const workload::TrainingJob job = scenario.job_of(option);
  const double headroom = option.plan ? 0 : option.space.headroom;
  return {planner::look_at(best, headroom, job, *option.cluster),
          planner::look_at(other, headroom, job, *option.cluster)};
}

}  // namespace chipmix::scenario
