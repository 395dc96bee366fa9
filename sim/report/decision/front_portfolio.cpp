#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
#include "report/decision/front.hpp"
#include "report/number.hpp"
#include "report/purchase_remarks.hpp"

namespace chipmix::report {
namespace {

using procurement::Decision;
using procurement::Problem;

constexpr double days_of_month = 8766.0 / 24 / 12;
constexpr std::size_t best_shown = 3;

std::string question(const Matter& matter) {
  const auto& purchases = *matter.scenario.procurement;
  std::vector<std::string> limits;
  if (purchases.limits.budget) limits.push_back(matter.say.money(*purchases.limits.budget));
  if (purchases.limits.power) limits.push_back(significant(purchases.limits.power->value() / 1e6) + " MW");
  if (purchases.limits.vendor_share)
    limits.push_back(matter.say(Text::share_of_a_vendor, {percent(*purchases.limits.vendor_share)}));
  const std::string within = limits.empty() ? "" : matter.say(Text::within, {matter.say.list(limits)});
  const bool is_one = purchases.jobs.size() == 1;
  return is_one ? matter.say(Text::question_one_job,
                             {purchases.jobs.front().name, std::to_string(purchases.months), within})
                : matter.say(Text::question_jobs,
                             {std::to_string(purchases.jobs.size()), std::to_string(purchases.months), within});
}

/// "2,048 × H20 and 512 × H800".
std::string bought(const Matter& matter, const Problem& problem, const Decision& decision) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k)
    if (const int devices = decision.bought(static_cast<int>(k)); devices > 0)
      parts.push_back(fmt::format("{} × {}", grouped(devices), matter.kind(k)));
  return matter.say.list(parts);
}

std::string rented(const Matter& matter, const Problem& problem, const Decision& decision) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const double months = std::accumulate(decision.rented[k].begin(), decision.rented[k].end(), 0.0);
    if (months > least_devices) parts.push_back(matter.say(Text::device_months, {grouped(months), matter.kind(k)}));
  }
  return matter.say.list(parts);
}

/// "32 × MI250X": of what is owned today, what is sold before it works.
std::string sold_at_once(const Matter& matter, const Problem& problem, const Decision& decision) {
  std::vector<std::string> parts;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k)
    if (const auto& fleet = problem.kinds[k].fleet)
      if (const int devices = fleet->devices - decision.kept(static_cast<int>(k), 0); devices > 0)
        parts.push_back(fmt::format("{} × {}", grouped(devices), matter.kind(k)));
  return matter.say.list(parts);
}

/// "Buy 512 × H20; rent 3,228 device-months of H800".
std::string order_words(const Matter& matter, const Problem& problem, const Decision& decision) {
  const std::string buy = bought(matter, problem, decision), rent = rented(matter, problem, decision);
  const std::string text = buy.empty()    ? matter.say(Text::rent_only, {rent})
                           : rent.empty() ? matter.say(Text::buy_only, {buy})
                                          : matter.say(Text::buy_and_rent, {buy, rent});
  const std::string sale = sold_at_once(matter, problem, decision);
  return sale.empty() ? text : matter.say(Text::and_sell, {text, sale});
}

std::string answer_sentence(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  if (!result.decision) return matter.say(Text::no_purchase);
  const std::string what = order_words(matter, result.problem, *result.decision);
  std::string text = matter.say(Text::portfolio_answer, {what, matter.money(result.decision->cost),
                                                         std::to_string(last_working_month(*result.decision))});
  const auto others = alternatives(matter);
  for (const Alternative& one : others)
    if (!one.is_chosen) {
      text += matter.say(Text::portfolio_beside, {matter.money(one.cost - result.decision->cost)});
      break;
    }
  return text + matter.say(Text::full_stop);
}

/// Probability of the worlds in which this order costs no more than any other order does.
std::optional<double> confidence(const scenario::Risk& risk) {
  constexpr double rounding = 1 + 1e-9;
  double sum = 0;
  for (std::size_t world = 0; world < risk.worlds.size(); ++world) {
    if (!risk.cost[0][world]) continue;
    const bool is_least = std::all_of(risk.cost.begin(), risk.cost.end(), [&](const auto& other) {
      return !other[world] || *risk.cost[0][world] <= *other[world] * rounding;
    });
    if (is_least) sum += risk.probability[world];
  }
  return sum;
}

Headline surety(const Matter& matter, const Decision& decision) {
  constexpr double proven = 1e-6;
  if (matter.findings.risk)
    return {matter.say(Text::confidence), fmt::format("{:.0f} %", 100 * *confidence(*matter.findings.risk)),
            matter.say(Text::of_futures, {std::to_string(matter.findings.risk->worlds.size())})};
  const double gap = decision.cost > 0 ? (decision.cost - decision.bound) / decision.cost : 0;
  if (gap < proven) return {matter.say(Text::confidence), matter.say(Text::proven), matter.say(Text::proven_note)};
  return {matter.say(Text::confidence), "≤ " + percent(gap), matter.say(Text::gap_note)};
}

std::string finish(const Matter& matter, int month) {
  const std::string day = day_after(matter.scenario.start, month * days_of_month);
  return day.empty() ? matter.say(Text::month_n, {std::to_string(month)}) : day;
}

std::vector<Headline> headlines(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  if (!result.decision) return {};
  const Decision& decision = *result.decision;
  std::vector<Headline> list;
  const bool has_range = result.prices && result.prices->p90 > result.prices->p10;
  list.push_back({matter.say(Text::expected_total), matter.money(decision.cost),
                  has_range ? matter.say(Text::p10_p90, {money_span(matter, result.prices->p10, result.prices->p90)})
                            : matter.say(Text::paid_out, {matter.money(decision.spent())})});
  const int month = last_working_month(decision);
  list.push_back({matter.say(Text::finished_by), finish(matter, month),
                  matter.say(Text::of_months, {std::to_string(result.problem.months)})});
  list.push_back({matter.say(Text::peak_power), significant(portfolio_megawatts(result.problem, decision)) + " MW",
                  matter.say(Text::largest_month)});
  list.push_back(surety(matter, decision));
  for (const Alternative& one : alternatives(matter))
    if (!one.is_chosen) {
      list.push_back({matter.say(Text::saving_next), matter.money(one.cost - decision.cost),
                      matter.say(Text::beside_other, {one.name})});
      return list;
    }
  list.push_back({matter.say(Text::cash), matter.money(decision.spent()), matter.say(Text::cash_by_month_caption)});
  return list;
}

}  // namespace

int last_working_month(const Decision& decision) {
  for (std::size_t month = decision.shifts.size(); month > 0; --month)
    if (!decision.shifts[month - 1].empty()) return static_cast<int>(month);
  return 0;
}

double portfolio_megawatts(const Problem& problem, const Decision& decision) {
  double most = 0;
  for (int month = 0; month < problem.months; ++month) {
    double sum = 0;
    for (std::size_t k = 0; k < problem.kinds.size(); ++k)
      sum += problem.kinds[k].kilowatts * (decision.owned(static_cast<int>(k), month) + decision.rented[k][month]);
    most = std::max(most, sum);
  }
  return most / 1000;
}

std::vector<Alternative> alternatives(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  std::vector<Alternative> list;
  if (!result.decision) return list;
  list.push_back({matter.say(Text::this_plan), result.decision->cost, true});
  const auto put = [&](const scenario::WhatIf& one) {
    const bool is_same = one.cost && *one.cost <= result.decision->cost * (1 + 1e-9);
    if (one.cost && !is_same) list.push_back({matter.say.fixed_words(one.change), *one.cost});
  };
  for (const scenario::Way& way : result.ways) put(as_change(way));
  if (result.runner_up) put(*result.runner_up);
  if (matter.findings.risk)
    for (std::size_t order = 1; order < matter.findings.risk->worlds.size(); ++order)
      put({matter.say(Text::order_for, {matter.findings.risk->worlds[order]}), matter.findings.risk->cost[order][0]});
  std::stable_sort(list.begin(), list.end(), [](auto& a, auto& b) { return a.cost < b.cost; });
  return list;
}

Figure alternatives_chart(const Matter& matter, std::size_t most, bool is_column) {
  Figure figure;
  figure.title = matter.say(Text::ways_by_cost);
  figure.caption = matter.say(Text::ways_caption);
  figure.data.columns = {{matter.say(Text::way)}, numeric(matter.say(Text::expected_total))};
  std::vector<Bar> list;
  const auto& prices = matter.findings.purchases->prices;
  for (const Alternative& one : alternatives(matter)) {
    if (list.size() >= most) break;
    Bar bar{one.name, 0, one.cost, 0, matter.money(one.cost), one.is_chosen ? design::one : design::grey};
    if (one.is_chosen && prices) bar.low = prices->p10, bar.high = prices->p90;
    bar.is_emphasised = one.is_chosen;
    list.push_back(std::move(bar));
    figure.data.add({one.name, {one.cost, grouped(one.cost)}});
  }
  figure.svg = bars({figure.title, figure.caption}, list, is_column);
  return figure;
}

namespace {

/// How likely this order keeps its dates.
std::string kept_dates(const Matter& matter) {
  const auto& risk = matter.findings.risk;
  if (!risk || !matter.findings.purchases->decision) return {};
  if (risk->worst(0)) return matter.say(Text::in_time_always);
  return matter.say(Text::in_time_with, {fmt::format("{:.0f}", 100 * risk->in_time(0))});
}

/// Of the orders made for other futures the cheapest that does the jobs in all of them, where this one does not.
std::string safer_order(const Matter& matter) {
  if (!matter.findings.risk || matter.findings.risk->worst(0)) return {};
  const scenario::Risk& risk = *matter.findings.risk;
  const auto robust = risk.robust();
  if (!robust || !risk.cost[*robust][0]) return {};
  const std::size_t best = *robust;
  const double planned = risk.cost[0][0].value_or(0), cost = *risk.cost[best][0];
  return matter.say(Text::safer_order,
                    {risk.worlds[best], matter.money(cost), matter.say.change(cost - planned, matter.scenario.currency),
                     order_words(matter, risk.problems[best], *risk.orders[best])});
}

}  // namespace

FrontPage portfolio_decision(const Matter& matter) {
  FrontPage decision{question(matter), answer_sentence(matter)};
  decision.firmness = kept_dates(matter);
  if (std::string safer = safer_order(matter); !safer.empty())
    decision.firmness += (matter.say.is_chinese() ? "" : " ") + safer;
  decision.headlines = headlines(matter);
  decision.basis = portfolio_basis(matter);
  decision.options = alternatives_chart(matter, best_shown, true);
  decision.risks = portfolio_risks(matter);
  decision.asked = portfolio_asked(matter);
  return decision;
}

}  // namespace chipmix::report
