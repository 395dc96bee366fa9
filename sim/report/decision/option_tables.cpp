#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/decision/chapters.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"
#include "report/time_shares.hpp"
#include "scenario/number_formats.hpp"

namespace chipmix::report {
namespace {

MoneyScale scale_of(const Matter& matter) {
  std::vector<double> costs;
  for (const OptionAnswer* a : matter.order)
    if (a->priced()) costs.push_back(total(*a));
  return {costs, matter.scenario.currency, matter.say.language()};
}

bool is_anything_bought(const Matter& matter) {
  return std::any_of(matter.order.begin(), matter.order.end(),
                     [](const OptionAnswer* a) { return a->bill.purchases().amount > 0; });
}

/// What to check before signing.
std::string checks(const Matter& matter, const OptionAnswer& answer) {
  constexpr double nearly_full = 0.93;
  const auto& evidence = matter.findings.evidence;
  const std::size_t index = static_cast<std::size_t>(&answer - matter.comparison().options.data());
  std::vector<std::string> list;
  if (!answer.feasible()) return matter.say(Text::cannot_run, {answer.reason->explanation});
  if (!answer.priced()) list.push_back(matter.say(Text::no_price));
  if (answer.deadline && !answer.deadline->is_met()) list.push_back(matter.say(Text::late));
  if (answer.budget && !answer.budget->is_met()) list.push_back(matter.say(Text::over_budget));
  if (index < evidence.size() && !evidence[index].empty() && weakest(evidence[index]).is_nothing_alike())
    list.push_back(matter.say(Text::nothing_alike));
  else if (answer.evidence == Evidence::assumed)
    list.push_back(matter.say(Text::assumed_figures));
  double fullest = 0;
  for (const scenario::Run& run : answer.runs) fullest = std::max(fullest, fullest_rank(run.estimate));
  if (fullest > nearly_full) list.push_back(matter.say(Text::memory_full, {percent(fullest)}));
  return fmt::format("{}", fmt::join(list, matter.say.is_chinese() ? "；" : "; "));
}

std::string plan_words(const Matter& matter, const OptionAnswer& answer) {
  const scenario::Option& option = matter.option(answer);
  if (!answer.feasible()) return matter.say(Text::cannot_run, {answer.reason->explanation});
  if (answer.runs.size() == 1)
    return matter.say.plan(scenario::plan_text(answer.runs.front().plan, matter.scenario.host(option, 0)));
  std::string text;
  for (std::size_t i = 0; i < answer.runs.size(); ++i) {
    const scenario::Run& run = answer.runs[i];
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", run.stage.empty() ? run.device : run.stage,
                        scenario::plan_text(run.plan, matter.scenario.host(option, i)));
  }
  return matter.say.plan(text);
}

/// The rent or price of an option's devices at which it costs what the cheapest other one does.
Cell price_tie(const Matter& matter, const OptionAnswer& answer) {
  const auto& factor = answer.surety->price_factor;
  if (!factor) return {};
  const std::string change = fmt::format("{:+.0f} %", (*factor - 1) * 100);
  const scenario::Option& option = matter.option(answer);
  if (option.rents.size() != 1 || !option.rent()) return {*factor, change};
  const Money hour = option.rent()->value * Seconds{seconds_per_hour} * *factor;
  return {*factor, fmt::format("{}/h ({})", matter.say.money(hour), change)};
}

Cell share_cell(const std::optional<double>& share) {
  return share ? Cell{*share, fmt::format("{:.0f} %", 100 * *share)} : Cell{};
}

}  // namespace

Table options_table(const Matter& matter) {
  const MoneyScale scale = scale_of(matter);
  const bool is_bought = is_anything_bought(matter);
  Table table;
  table.title = matter.say(Text::the_options);
  table.columns = {{matter.say(Text::option)},
                   numeric(matter.say(Text::total) + ", " + scale.unit()),
                   numeric(matter.say(Text::range)),
                   numeric(matter.say(Text::against, {matter.baseline().label})),
                   numeric(matter.say(Text::days_unit)),
                   numeric(matter.say(Text::devices)),
                   numeric("MW")};
  if (is_bought) table.columns.push_back(numeric(matter.say(Text::at_purchase) + ", " + scale.unit()));
  table.columns.push_back({matter.say(Text::check_before)});
  for (const OptionAnswer* a : matter.order) {
    std::vector<Cell> row(table.columns.size());
    row[0] = a->label;
    if (a->priced()) {
      const double cost = total(*a), bought = a->bill.purchases().amount;
      row[1] = {cost, scale.text(cost)};
      row[2] = {cost * a->cost_p90, scale.text(cost * a->cost_p10) + "–" + scale.text(cost * a->cost_p90)};
      if (a->relative_cost > 0 && a != &matter.baseline())
        row[3] = {a->relative_cost, fmt::format("{:+.1f} %", (a->relative_cost - 1) * 100)};
      if (is_bought) row[7] = {bought, bought > 0 ? scale.text(bought) : "–"};
    }
    if (a->feasible()) {
      row[4] = {days(a->duration), significant(days(a->duration))};
      row[5] = {1.0 * a->devices, grouped(a->devices)};
      row[6] = {megawatts(matter.scenario, *a), significant(megawatts(matter.scenario, *a))};
    }
    row.back() = checks(matter, *a);
    table.add(std::move(row));
  }
  return table;
}

Table plans_table(const Matter& matter) {
  Table table;
  table.title = matter.say(Text::plans);
  table.columns = {{matter.say(Text::option)},
                   {matter.say(Text::plan)},
                   numeric(matter.say(Text::days_unit)),
                   numeric(matter.say(Text::range)),
                   numeric(matter.say(Text::share_of_peak)),
                   numeric(matter.say(Text::memory))};
  for (const OptionAnswer* a : matter.order) {
    std::vector<Cell> row(table.columns.size());
    row[0] = a->label;
    row[1] = plan_words(matter, *a);
    if (a->feasible()) {
      const double length = days(a->duration);
      double fullest = 0;
      for (const scenario::Run& run : a->runs) fullest = std::max(fullest, fullest_rank(run.estimate));
      row[2] = {length, significant(length)};
      row[3] = {length * a->p90, significant(length * a->p10) + "–" + significant(length * a->p90)};
      row[4] = {a->mfu, percent(a->mfu)};
      row[5] = {fullest, percent(fullest)};
    }
    table.add(std::move(row));
  }
  return table;
}

Table certainty_table(const Matter& matter) {
  Table table;
  table.title = matter.say(Text::certainty);
  table.columns = {{matter.say(Text::option)},
                   numeric(matter.say(Text::cheapest_in)),
                   numeric(matter.say(Text::beats, {matter.baseline().label})),
                   numeric(matter.say(Text::break_even_price)),
                   numeric(matter.say(Text::break_even_rate))};
  for (const OptionAnswer* a : matter.order) {
    if (!a->surety) continue;
    const auto& mfu = a->surety->mfu;
    const Cell rate = mfu ? Cell{*mfu, matter.say(Text::now, {percent(*mfu), percent(a->mfu)})} : Cell{};
    table.add({a->label, share_cell(a->surety->cheapest), share_cell(a->surety->beats_baseline), price_tie(matter, *a),
               rate});
  }
  return table;
}

Table payments_table(const Matter& matter, const OptionAnswer& answer) {
  Table table;
  table.title = matter.say(Text::payments, {answer.label});
  table.columns = {{matter.say(Text::account)},
                   {matter.say(Text::device)},
                   numeric(matter.say(Text::quantity)),
                   numeric(matter.say(Text::unit_price)),
                   numeric(matter.say(Text::charged)),
                   numeric(matter.say(Text::paid)),
                   {matter.say(Text::when)}};
  for (const economics::Row& row : answer.bill.entries()) {
    const scenario::Option& host = matter.scenario.options[row.holder.option];
    const bool is_at_once = economics::facts(row.account).kind == economics::Kind::capital;
    table.add({matter.say.fixed_words(name(row.account)),
               host.cluster->groups[row.holder.group].device.name,
               {row.quantity, significant(row.quantity, 4) + " " + matter.say.fixed_words(row.unit)},
               {row.unit_price.amount, matter.say.money(row.unit_price)},
               {row.amount.amount, matter.money(row.amount.amount)},
               {row.cash.amount, row.cash.amount == 0 ? "–" : matter.money(row.cash.amount)},
               matter.say(is_at_once ? Text::at_start : Text::as_it_runs)});
  }
  table.add({matter.say(Text::total),
             "",
             Cell(),
             Cell(),
             {total(answer), matter.money(total(answer))},
             {answer.bill.cash().amount, matter.money(answer.bill.cash().amount)},
             ""});
  return table;
}

}  // namespace chipmix::report
