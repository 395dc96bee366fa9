#include <fmt/format.h>

#include "report/account_table.hpp"
#include "report/decision/front.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

/// "1.6 to 4.2 times that".
std::string factor(double value) { return fmt::format("{:.1f}", value); }

/// What a whole project takes beside its final run, of the recommended option.
std::string project(const Matter& matter, const OptionAnswer& best) {
  const auto range = project_range(matter.scenario, {&best});
  if (!range || !best.priced()) return {};
  return matter.say(Text::project_words, {factor(range->low), factor(range->high),
                                          money_span(matter, total(best) * range->low, total(best) * range->high)});
}

/// Of what its rows charge for devices, the share for time in which they do not train.
double idle_share(const OptionAnswer& answer) {
  using economics::Account;
  double all = 0, idle = 0;
  for (const economics::Row& row : answer.bill.entries()) {
    if (economics::facts(row.account).kind == economics::Kind::energy) continue;
    all += row.amount.amount;
    const bool is_idle = row.account == Account::rent_interrupted || row.account == Account::owned_interrupted ||
                         row.account == Account::upkeep_interrupted;
    if (is_idle) idle += row.amount.amount;
  }
  return all > 0 ? idle / all : 0;
}

/// What real runs reach of what the best plan does, and what of the money goes into time without training.
std::string practice(const Matter& matter, const OptionAnswer& best) {
  const scenario::Option& option = matter.option(best);
  const bool has_account = !best.runs.empty() && !best.runs.front().account.rows().empty();
  if (!best.priced() || !has_account) return {};
  const std::string idle = percent(idle_share(best));
  if (option.mfu || option.measured_step)
    return matter.say(Text::own_rate_words, {percent(best.mfu), percent(best.best_mfu), idle});
  return matter.say(Text::practice_words, {matter.say.fixed_words(practice::name(option.practice)), percent(best.mfu),
                                           percent(best.best_mfu), idle});
}

void put(std::vector<std::string>& list, std::string text) {
  if (!text.empty()) list.push_back(std::move(text));
}

}  // namespace

std::vector<std::string> option_basis(const Matter& matter) {
  const OptionAnswer* best = matter.best();
  if (!best) return {};
  std::vector<std::string> list{matter.say(Text::range_words)};
  put(list, practice(matter, *best));
  put(list, project(matter, *best));
  return list;
}

std::vector<std::string> portfolio_basis(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  if (!result.decision) return {};
  std::vector<std::string> list;
  if (result.prices && result.prices->p90 > result.prices->p10) list.push_back(matter.say(Text::price_range_words));
  const Sourced<double>& project = matter.scenario.practice.project;
  if (project.range)
    list.push_back(matter.say(Text::project_of_jobs, {factor(project.range->low), factor(project.range->high)}));
  return list;
}

}  // namespace chipmix::report
