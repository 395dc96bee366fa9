#include "scenario/sound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenario/parts.hpp"

namespace chipmix::scenario {
namespace {

constexpr double rounding = 1e-6;                 // relative
constexpr double longest = 1e4 * 365.25 * 86400;  // s: 10,000 years

using Fault = std::optional<std::string>;

bool is_amount(double value) { return std::isfinite(value) && value >= 0; }

Fault of_interval(const char* what, double p10, double p90) {
  const bool is_ordered = p10 > 0 && p10 <= 1 + rounding && p90 >= 1 - rounding && std::isfinite(p90);
  if (is_ordered) return std::nullopt;
  return fmt::format("the interval of its {} is {:g} to {:g} times the middle: look at the ranges of its figures", what,
                     p10, p90);
}

Fault of_memory(const Run& run) {
  for (const estimate::StageMemory& stage : run.estimate.memory) {
    const double peak = stage.peak().value(), weights = stage.use.total("weights").value();
    if (std::isfinite(peak) && weights >= 0 && weights <= peak * (1 + rounding)) continue;
    return fmt::format("stage {} would take {:g} bytes, of which weights {:g}: look at the model and the plan",
                       stage.stage, peak, weights);
  }
  return std::nullopt;
}

Fault of_run(const Run& run) {
  const double step = run.estimate.step_time.value(), ledger = run.estimate.time.total().value();
  if (!(step > 0) || !std::isfinite(step))
    return fmt::format("a step on {} would take {:g} s: look at the rates of the device and its links", run.device,
                       step);
  if (std::abs(ledger / step - 1) > rounding)
    return fmt::format("a step takes {:g} s, but its accounts {:g} s", step, ledger);
  return of_memory(run);
}

/// The row of a bill that is no amount, else the dearest: its price is looked at first.
std::string dearest(const OptionAnswer& answer) {
  const auto& rows = answer.bill.entries();
  const auto worth = [](const economics::Row& row) {
    return std::isfinite(row.amount.amount) ? std::abs(row.amount.amount) : std::numeric_limits<double>::infinity();
  };
  const auto row =
      std::max_element(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return worth(a) < worth(b); });
  if (row == rows.end()) return "look at its prices";
  return fmt::format("look at the price of {:g} {} a {}", row->unit_price.amount, row->unit_price.currency.code,
                     row->unit.ends_with("s") ? row->unit.substr(0, row->unit.size() - 1) : row->unit);
}

Fault of_cost(const OptionAnswer& answer) {
  const Money cost = answer.bill.empty() ? Money{} : answer.bill.total();
  if (!is_amount(cost.amount) || !is_amount(answer.best_cost))
    return fmt::format("it would cost {:g} {}: {}", cost.amount, cost.currency.code, dearest(answer));
  return std::nullopt;
}

Fault of_peak(const OptionAnswer& answer) {
  for (const double share : {answer.mfu, answer.best_mfu})
    if (!(share > 0) || share > 1 + rounding)
      return fmt::format("it would reach {:.3g} % of the peak of {}: look at the device's rates and efficiency",
                         100 * share, answer.runs.front().device);
  return std::nullopt;
}

Fault of_time(const OptionAnswer& answer, const Scenario& scenario) {
  const double time = answer.duration.value();
  if (!std::isfinite(time) || !(time > 0) || time > longest || !std::isfinite(answer.tokens_per_s))
    return fmt::format("its {:g} tokens would take {:.3g} years: it never finishes", scenario.job.tokens,
                       time / (365.25 * 86400));
  return std::nullopt;
}

Fault of_energy(const OptionAnswer& answer) {
  const bool is_energy = !answer.energy || is_amount(answer.energy->value());
  const bool is_carbon = !answer.carbon || is_amount(answer.carbon->value());
  if (is_energy && is_carbon) return std::nullopt;
  return "its energy or carbon is not a number: look at \"electricity\"";
}

}  // namespace

std::optional<std::string> impossible(const OptionAnswer& answer, const Scenario& scenario) {
  if (!answer.feasible() || answer.runs.empty()) return std::nullopt;
  for (const Run& run : answer.runs)
    if (auto fault = of_run(run)) return fault;
  for (auto fault :
       {of_time(answer, scenario), of_peak(answer), of_cost(answer), of_energy(answer),
        of_interval("duration", answer.p10, answer.p90), of_interval("cost", answer.cost_p10, answer.cost_p90)})
    if (fault) return fault;
  return std::nullopt;
}

OptionAnswer sound(OptionAnswer answer, const Scenario& scenario, const Option& option) {
  if (auto fault = impossible(answer, scenario))
    return infeasible(option, estimate::Constraint::impossible, "no possible answer: " + *fault);
  return answer;
}

void require_sound(const Comparison& comparison) {
  double sum = 0;
  bool is_asked = false;
  const auto fault = [](std::string message) {
    throw InputError({Diagnostic{"", {}, "", std::move(message), "look at the ranges of the prices", "", 1}});
  };
  for (const OptionAnswer& one : comparison.options) {
    if (!one.surety) continue;
    const Confidence& sure = *one.surety;
    is_asked = true;
    sum += sure.cheapest;
    if (!(sure.cheapest >= 0 && sure.cheapest <= 1 + rounding) ||
        !(sure.beats_baseline.value_or(0) >= 0 && sure.beats_baseline.value_or(0) <= 1 + rounding))
      fault(fmt::format("option '{}': {:g} is not a probability", one.name, sure.cheapest));
    if (!(sure.p10 <= sure.p50 && sure.p50 <= sure.p90) || !std::isfinite(sure.p90))
      fault(
          fmt::format("option '{}': P10 {:g}, P50 {:g}, P90 {:g} of its cost", one.name, sure.p10, sure.p50, sure.p90));
  }
  if (is_asked && std::abs(sum - 1) > rounding)
    fault(fmt::format("the shares of worlds in which each option is cheapest add to {:g}", sum));
}

}  // namespace chipmix::scenario
