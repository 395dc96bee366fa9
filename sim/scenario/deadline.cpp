#include "scenario/deadline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "base/words.hpp"
#include "plan/legal.hpp"
#include "scenario/answer.hpp"
#include "scenario/legal_counts.hpp"
#include "scenario/stages.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::scenario {
namespace {

/// Search limits: numbers of devices that are searched, and how far beyond the option's own they go.
constexpr int most_searches = 10, most_times = 16, most_beyond = 4;
/// Numbers are tried from this share of what would do if time went down as they go up: more devices may each hold less,
/// and save recomputation.
constexpr double gain = 0.9;

hardware::NodeGroup& group_of(Option& option) { return option.cluster->groups.front(); }

/// More devices for one option, each number answered by a search of its own.
class MoreDevices {
 public:
  MoreDevices(const Scenario& scenario, int option, const OptionAnswer& answer, const Settings& settings)
      : scenario_(scenario), index_(option), answer_(answer), settings_(settings) {
    looks_beyond_ = settings.alternatives;
    settings_.intervals = settings_.alternatives = false;
    settings_.progress = {};
    Option& own = scenario_.options[option];
    if (own.measured_step) {  // of other sizes it is the share of peak that carries over
      own.mfu = answer.mfu;
      own.measured_step.reset();
    }
    const hardware::NodeGroup& group = group_of(scenario_.options[option]);
    each_ = group.node.devices;
    now_ = group.devices / each_;
  }

  /// Into `deadline`: a number, or why there is none.
  void find(DeadlineAnswer& deadline) {
    const int most = now_ * most_times;
    const double ideal = now_ * (answer_.duration / *scenario_.deadline);
    found_.too_few = now_ * each_;
    for (int servers = round_above(std::max(now_, static_cast<int>(gain * ideal)));
         servers <= most && searched_ < most_searches; servers = round_above(servers)) {
      if (!is_legal(servers)) continue;
      const auto answer = with(servers);
      if (!answer.feasible() || answer.duration > *scenario_.deadline) {
        found_.too_few = servers * each_;
        continue;
      }
      take(answer, servers);
      look_beyond(servers);
      found_.searched = searched_;
      deadline.enough = found_;
      return;
    }
    deadline.why_not = searched_ == 0 ? "no legal plan with more devices"
                                      : fmt::format("{} of up to {} devices searched, none is fast enough",
                                                    counted(searched_, "larger number"), found_.too_few);
  }

 private:
  /// The next number with at most four significant binary digits: 16, 18, 20, ... 30, 32, 36. Others divide into few
  /// plans, or none.
  static int round_above(int servers) {
    int step = 1;
    while ((servers + 1) / step >= 16) step *= 2;
    return (servers / step + 1) * step;
  }

  void take(const OptionAnswer& answer, int servers) {
    found_.devices = servers * each_;
    found_.duration = answer.duration;
    found_.probability = probability_below(*scenario_.deadline / answer.duration, answer_.p10, answer_.p90);
    found_.cost = answer.priced() ? std::optional(answer.bill.total().amount) : std::nullopt;
  }

  /// Larger numbers than the smallest in time, where one of them costs less.
  void look_beyond(int servers) {
    if (!found_.cost || !looks_beyond_) return;
    for (int tried = 0; tried < most_beyond; ++tried) {
      servers = round_above(servers);
      if (!is_legal(servers)) continue;
      const auto answer = with(servers);
      if (!answer.priced() || answer.duration > *scenario_.deadline) continue;
      const double cost = answer.bill.total().amount;
      if (cost < (found_.cheaper ? found_.cheaper->cost : *found_.cost))
        found_.cheaper = EnoughDevices::Cheaper{servers * each_, answer.duration, cost};
    }
  }

  bool is_legal(int servers) {
    resize(servers);
    const Option& option = scenario_.options[index_];
    for (std::size_t i = 0; i < std::max<std::size_t>(1, scenario_.stages.size()); ++i) {
      const workload::TrainingJob job = scenario_.job_of(option, i);
      const hardware::NodeGroup& group = option.cluster->groups.front();
      const bool is_fixed = option.plan && (scenario_.stages.empty() || plan::is_legal(*option.plan, job, group));
      if (is_fixed ? !plan::is_legal(*option.plan, job, group) : !has_legal_plan(option.space, job, group))
        return false;
    }
    return true;
  }

  void resize(int servers) {
    Option& option = scenario_.options[index_];
    group_of(option).devices = servers * each_;
    if (option.plan) {
      plan::Degrees& degrees = option.plan->degrees;
      degrees.data = group_of(option).ranks() / (degrees.tensor * degrees.context * option.plan->pipeline);
    }
  }

  OptionAnswer with(int servers) {
    resize(servers);
    ++searched_;
    return answer(scenario_, index_, settings_);
  }

  Scenario scenario_;
  int index_;
  const OptionAnswer& answer_;
  Settings settings_;
  int each_ = 1, now_ = 1;  ///< devices of a server; servers of the option
  int searched_ = 0;
  EnoughDevices found_;
  bool looks_beyond_ = true;
};

DeadlineAnswer in_time(const Scenario& scenario, const OptionAnswer& answer) {
  DeadlineAnswer result;
  result.late = std::max(Seconds{}, answer.duration - *scenario.deadline);
  result.probability = probability_below(*scenario.deadline / answer.duration, answer.p10, answer.p90);
  return result;
}

DeadlineAnswer in_time(const Scenario& scenario, int index, const OptionAnswer& answer, const Settings& settings) {
  DeadlineAnswer result = in_time(scenario, answer);
  if (result.is_met()) return result;
  const Option& option = scenario.options[index];
  if (!option.cluster)
    result.why_not = "made of phases on other options' clusters";
  else if (option.mix)
    result.why_not = "a mix of islands: change the number of one of them";
  else if (answer.devices < option.cluster->groups.front().node.devices)
    result.why_not = "less than one server";
  else
    MoreDevices(scenario, index, answer, settings).find(result);
  return result;
}

BudgetAnswer within_budget(const Scenario& scenario, const OptionAnswer& answer) {
  const Money budget = scenario.rates.convert(*scenario.budget, scenario.currency);
  const double cost = answer.bill.total().amount;
  return {std::max(0.0, cost - budget.amount),
          probability_below(budget.amount / cost, answer.cost_p10, answer.cost_p90)};
}

}  // namespace

double probability_below(double limit, double p10, double p90) {
  static const double z90 = uncertainty::normal_quantile(0.9);
  const double sigma = limit >= 1 ? std::log(p90) / z90 : -std::log(p10) / z90;
  if (sigma <= 0) return limit >= 1 ? 1 : 0;
  return 0.5 * std::erfc(-std::log(limit) / sigma / std::sqrt(2.0));
}

double larger_cost(const OptionAnswer& answer) {
  if (!answer.deadline || !answer.deadline->enough || !answer.deadline->enough->cost)
    return std::numeric_limits<double>::infinity();
  const EnoughDevices& enough = *answer.deadline->enough;
  return enough.cheaper ? std::min(*enough.cost, enough.cheaper->cost) : *enough.cost;
}

double cost_in_time(const OptionAnswer& answer) {
  const bool is_late = answer.deadline && !answer.deadline->is_met();
  return answer.priced() && !is_late ? answer.bill.total().amount : larger_cost(answer);
}

std::optional<LargerInTime> larger_in_time(const Comparison& comparison) {
  std::optional<LargerInTime> least;
  for (const OptionAnswer& one : comparison.options) {
    const double cost = larger_cost(one);
    if (!std::isfinite(cost) || (least && least->cost <= cost)) continue;
    const EnoughDevices& enough = *one.deadline->enough;
    const bool is_next = enough.cheaper && enough.cheaper->cost == cost;
    least = {&one, is_next ? enough.cheaper->devices : enough.devices, cost};
  }
  return least;
}

bool meets_targets(const OptionAnswer& answer) {
  return answer.feasible() && (!answer.deadline || answer.deadline->is_met()) &&
         (!answer.budget || answer.budget->is_met());
}

std::string target_text(const Scenario& scenario) {
  std::string text;
  if (scenario.deadline)
    text = fmt::format("within {:.4g} {}", days(*scenario.deadline), noun(days(*scenario.deadline), "day"));
  if (!scenario.budget) return text;
  const double budget = scenario.budget->amount;
  const auto [size, unit] = budget >= 1e6   ? std::pair{1e6, " M"}
                            : budget >= 1e4 ? std::pair{1e3, " k"}
                                            : std::pair{1.0, ""};
  return text + fmt::format("{}for at most {:.4g}{} {}", text.empty() ? "" : " and ", budget / size, unit,
                            scenario.budget->currency.code);
}

void hold_to_targets(Comparison& comparison, const Scenario& scenario, const Settings& settings) {
  if (!scenario.deadline && !scenario.budget) return;
  Settings own = settings;
  own.jobs = jobs_inside(settings.jobs, static_cast<int>(comparison.options.size()));
  parallel_for(static_cast<int>(comparison.options.size()), settings.jobs, [&](int i) {
    OptionAnswer& answer = comparison.options[i];
    if (!answer.feasible()) return;
    if (scenario.deadline) answer.deadline = in_time(scenario, i, answer, own);
    if (scenario.budget && answer.priced()) answer.budget = within_budget(scenario, answer);
  });
}

void hold_to_targets(OptionAnswer& answer, const Scenario& scenario) {
  if (!answer.feasible()) return;
  if (scenario.deadline) answer.deadline = in_time(scenario, answer);
  if (scenario.budget && answer.priced()) answer.budget = within_budget(scenario, answer);
}

}  // namespace chipmix::scenario
