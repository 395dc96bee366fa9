#include "cli/plan_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "io/quantity_text.hpp"

namespace chipmix::cli {
namespace {

std::optional<double> positive(const Invocation& invocation, const std::string& option, const std::string& unit) {
  const auto text = invocation.option(option);
  if (!text) return std::nullopt;
  double number = 0;
  const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (fault == std::errc() && end == text->data() + text->size() && number > 0 && std::isfinite(number)) return number;
  throw UsageError(fmt::format("{} takes a number of {} above 0, not '{}'", option, unit, *text), invocation.command);
}

std::optional<double> budget(const Invocation& invocation, const scenario::Scenario& scenario) {
  const auto text = invocation.option("--budget");
  if (!text) return std::nullopt;
  const auto amount = io::parse_quantity<Money>(*text);
  if (!amount.value) throw UsageError(fmt::format("--budget: {}; {}", amount.message, amount.hint), invocation.command);
  if (!(amount.value->amount > 0))
    throw UsageError(fmt::format("--budget takes an amount above 0, not '{}'", *text), invocation.command);
  if (!scenario.rates.can_convert(amount.value->currency, scenario.currency))
    throw UsageError(fmt::format("--budget is in {}, and the scenario has no rate to {}", amount.value->currency.code,
                                 scenario.currency.code),
                     invocation.command);
  return scenario.rates.convert(*amount.value, scenario.currency).amount;
}

planner::Objective objective(const Invocation& invocation) {
  const std::string word = invocation.option("--objective").value_or("time");  // one of the choices
  for (const auto known : {planner::Objective::cost, planner::Objective::energy})
    if (word == name(known)) return known;
  return planner::Objective::time;
}

}  // namespace

int top(const Invocation& invocation) {
  const std::string text = invocation.option("--top").value_or("10");
  int number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() || number < 1)
    throw UsageError("--top takes a whole number of at least 1, not '" + text + "'", invocation.command);
  return number;
}

std::optional<double> time_limit(const Invocation& invocation) {
  return positive(invocation, "--time-limit", "seconds");
}

planner::Constraints constraints(const Invocation& invocation, const scenario::Scenario& scenario,
                                 const scenario::Option& option) {
  planner::Constraints constraints{objective(invocation), positive(invocation, "--deadline", "days"), {}};
  if (constraints.deadline) *constraints.deadline *= seconds_per_day;
  constraints.budget = budget(invocation, scenario);
  const bool asks_cost = constraints.objective == planner::Objective::cost || constraints.budget;
  if (asks_cost && !option.rent())
    throw UsageError(fmt::format("option '{}' has no rent, so its plans have no cost", option.name),
                     invocation.command);
  if (constraints.objective == planner::Objective::energy && !scenario.electricity)
    throw UsageError("the scenario says nothing about electricity, so its plans have no energy", invocation.command);
  return constraints;
}

}  // namespace chipmix::cli
