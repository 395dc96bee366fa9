#include "scenario/deadline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.hpp"
#include "plan/legal.hpp"
#include "scenario/answer.hpp"
#include "scenario/stages.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::scenario {
namespace {

/// Effort: searches to find a number that meets the deadline, then to make it smaller; and how far they go.
constexpr int tries_up = 4, tries_down = 6;
constexpr int most_times = 16;
/// Servers looked at one after another for one with a legal plan.
constexpr int most_looked_at = 256;

hardware::NodeGroup& group_of(Option& option) { return option.cluster->groups.front(); }

/// Only what decides whether there is a legal plan at all: recompute, ZeRO and the like do not.
planner::SearchSpace outline(planner::SearchSpace space) {
  const auto one = [](auto& values, auto value) { values = {values.empty() ? value : values.front()}; };
  one(space.recompute, plan::Recompute::none);
  one(space.zero, plan::Zero::optimizer);
  one(space.head_layers, 0);
  if (space.micro_batch.empty()) space.micro_batch = {1};
  if (space.interleave.empty()) space.interleave = {1};
  return space;
}

/// More devices for one option, each number answered by a search of its own.
class MoreDevices {
 public:
  MoreDevices(const Scenario& scenario, int option, const OptionAnswer& answer, const Settings& settings)
      : scenario_(scenario), index_(option), answer_(answer), settings_(settings) {
    settings_.intervals = settings_.alternatives = false;
    settings_.progress = {};
    const hardware::NodeGroup& group = group_of(scenario_.options[option]);
    each_ = group.node.devices;
    now_ = group.devices / each_;
  }

  /// Into `deadline`: a number, or why there is none.
  void find(DeadlineAnswer& deadline) {
    int low = now_, high = 0, next = ideal(now_, answer_.duration);
    const int most = now_ * most_times;
    for (int i = 0; i < tries_up && high == 0; ++i) {
      const int count = legal_from(next, most);
      if (count == 0) break;
      const auto answer = with(count);
      if (answer.feasible() && answer.duration <= *scenario_.deadline)
        take(answer, high = count);
      else
        low = count, next = std::max(count + 1, answer.feasible() ? ideal(count, answer.duration) : 2 * count);
    }
    if (high == 0) {
      deadline.why_not =
          fmt::format("{} numbers of up to {} devices were searched, none is fast enough", searched_, low * each_);
      return;
    }
    bisect(low, high);
    found_.searched = searched_;
    deadline.enough = found_;
  }

 private:
  /// Servers that would do if time went down as they go up, rounded up.
  int ideal(int servers, Seconds duration) const {
    return std::max(servers + 1, static_cast<int>(std::ceil(servers * (duration / *scenario_.deadline))));
  }

  void bisect(int low, int high) {
    // A few servers fewer than what would do if nothing were lost is the likeliest lower end.
    int middle = std::max((low + high) / 2, static_cast<int>(0.95 * high));
    for (int i = 0; i < tries_down && high - low > 1; ++i) {
      int count = legal_from(std::max(middle, low + 1), high - 1);
      if (count == 0) count = legal_from(low + 1, std::min(middle, high - 1));
      if (count == 0) break;
      const auto answer = with(count);
      if (answer.feasible() && answer.duration <= *scenario_.deadline)
        take(answer, high = count);
      else
        low = count;
      middle = (low + high) / 2;
    }
    found_.too_few = low * each_;
  }

  void take(const OptionAnswer& answer, int servers) {
    found_.devices = servers * each_;
    found_.duration = answer.duration;
    found_.cost = answer.priced() ? std::optional(answer.bill.total().amount) : std::nullopt;
  }

  /// The first number of servers within [from, to] that has a legal plan; 0 if none of the next ones has.
  int legal_from(int from, int to) {
    for (int count = from; count <= std::min(to, from + most_looked_at); ++count)
      if (is_legal(count)) return count;
    return 0;
  }

  bool is_legal(int servers) {
    resize(servers);
    const Option& option = scenario_.options[index_];
    for (std::size_t i = 0; i < std::max<std::size_t>(1, scenario_.stages.size()); ++i) {
      workload::TrainingJob job = scenario_.stage_job(i);
      job.dtype = option.dtype;
      const hardware::NodeGroup& group = option.cluster->groups.front();
      const bool is_fixed = option.plan && (scenario_.stages.empty() || plan::is_legal(*option.plan, job, group));
      if (is_fixed ? !plan::is_legal(*option.plan, job, group)
                   : planner::candidates(outline(option.space), job, group).empty())
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
};

DeadlineAnswer in_time(const Scenario& scenario, int index, const OptionAnswer& answer, const Settings& settings) {
  DeadlineAnswer result;
  result.late = std::max(Seconds{}, answer.duration - *scenario.deadline);
  result.probability = probability_below(*scenario.deadline / answer.duration, answer.p10, answer.p90);
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

BudgetAnswer within(const Money& budget, const OptionAnswer& answer) {
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

bool meets_targets(const OptionAnswer& answer) {
  return answer.feasible() && (!answer.deadline || answer.deadline->is_met()) &&
         (!answer.budget || answer.budget->is_met());
}

std::string target_text(const Scenario& scenario) {
  std::string text;
  if (scenario.deadline) text = fmt::format("within {:.4g} days", days(*scenario.deadline));
  if (!scenario.budget) return text;
  const bool is_large = scenario.budget->amount >= 1e6;
  return text + fmt::format("{}for at most {:.4g}{} {}", text.empty() ? "" : " and ",
                            scenario.budget->amount / (is_large ? 1e6 : 1), is_large ? " M" : "",
                            scenario.budget->currency.code);
}

void hold_to_targets(Comparison& comparison, const Scenario& scenario, const Settings& settings) {
  if (!scenario.deadline && !scenario.budget) return;
  Settings own = settings;
  own.jobs = std::max(1, settings.jobs / static_cast<int>(comparison.options.size()));
  parallel_for(static_cast<int>(comparison.options.size()), settings.jobs, [&](int i) {
    OptionAnswer& answer = comparison.options[i];
    if (!answer.feasible()) return;
    if (scenario.deadline) answer.deadline = in_time(scenario, i, answer, own);
    if (scenario.budget && answer.priced())
      answer.budget = within(scenario.rates.convert(*scenario.budget, scenario.currency), answer);
  });
}

}  // namespace chipmix::scenario
