#include "report/executive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "report/account_table.hpp"
#include "report/evidence_tables.hpp"
#include "report/figures/figures.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"
#include "report/own_remark.hpp"
#include "report/surety_table.hpp"
#include "report/time_shares.hpp"

namespace chipmix::report {
namespace {

/// Peak of the power to provide for an option's runs, in MW.
double megawatts(const Scenario& scenario, const OptionAnswer& answer) {
  const scenario::Option& option = scenario.options[scenario.find(answer.name)];
  double most = 0;
  for (std::size_t i = 0; i < answer.runs.size(); ++i) {
    const scenario::Option& host = scenario.host(option, i);
    double sum = 0;
    for (std::size_t group = 0; group < answer.runs[i].used.size(); ++group)
      sum += economics::provisioned(host.cluster->groups[group], scenario.electricity) * answer.runs[i].used[group];
    most = std::max(most, sum);
  }
  return most / 1000;
}

/// Paid when devices are bought.
double bought(const economics::Bill& bill) { return bill.purchases().amount; }

bool has_several_vendors(const scenario::Option& option) {
  std::set<std::string> vendors;
  if (option.cluster)
    for (const auto& group : option.cluster->groups) vendors.insert(group.device.vendor);
  return vendors.size() > 1;
}

/// Devices of an option's kind that can be bought or rented at a time; without limit where nothing says one.
int supply(const Scenario& scenario, const std::string& option) {
  constexpr int unlimited = std::numeric_limits<int>::max();
  if (!scenario.procurement) return unlimited;
  for (const scenario::Supply& one : scenario.procurement->supplies) {
    if (scenario.options[one.option].name != option) continue;
    const int bought = one.spec.buy ? one.spec.buy->cap.value_or(unlimited) : 0;
    const int rented = one.spec.rent ? one.spec.rent->cap.value_or(unlimited) : 0;
    return std::max(bought, rented);
  }
  return unlimited;
}

/// What a reader should ask about before signing.
std::string flags(const Scenario& scenario, const OptionAnswer& answer, const validation::OptionEvidence& evidence) {
  constexpr double nearly_full = 0.93, wide = 1.5;
  std::vector<std::string> list;
  if (!answer.priced()) list.emplace_back("has no price");
  if (const int cap = supply(scenario, answer.name); cap < answer.devices)
    list.push_back(fmt::format("only {} can be had", grouped(cap)));
  if (answer.evidence == Evidence::assumed) list.emplace_back("rests on assumed figures");
  if (!evidence.empty() && weakest(evidence).is_nothing_alike()) list.emplace_back("nothing like it was ever compared");
  if (answer.cost_p90 / answer.cost_p10 > wide) list.emplace_back("wide range");
  if (has_several_vendors(scenario.options[scenario.find(answer.name)]))
    list.emplace_back("several vendors in one job");
  const bool is_uninterrupted =
      std::any_of(answer.runs.begin(), answer.runs.end(), [](const auto& run) { return !run.interruptions; });
  if (is_uninterrupted) list.emplace_back("failures not counted");
  for (const scenario::Run& run : answer.runs)
    if (const double fill = fullest_rank(run.estimate); fill > nearly_full)
      list.push_back("memory " + percent(fill) + " full");
  return fmt::format("{}", fmt::join(list, "; "));
}

Table option_table(const Scenario& scenario, const Comparison& comparison,
                   const std::vector<validation::OptionEvidence>& evidence) {
  std::vector<double> costs, per_1t;
  for (const OptionAnswer& a : comparison.options)
    if (a.priced()) costs.push_back(a.bill.total().amount), per_1t.push_back(cost_per_1t(a, scenario).amount);
  const MoneyScale whole(costs, scenario.currency), part(per_1t, scenario.currency);
  Table table;
  table.title = "The options";
  table.columns = {{"option"},
                   numeric(whole.unit() + ", central"),
                   numeric("P10 to P90"),
                   numeric(part.unit() + " per 1T tokens"),
                   numeric("vs " + comparison.options[comparison.baseline].name),
                   numeric("days"),
                   numeric("best plan, uninterrupted, " + whole.unit()),
                   numeric("devices"),
                   numeric("MW"),
                   numeric("paid at purchase, " + whole.unit()),
                   {"ask about"}};
  for (std::size_t i = 0; i < comparison.options.size(); ++i) {
    const OptionAnswer& a = comparison.options[i];
    std::vector<Cell> row(table.columns.size());
    row[0] = a.label;
    row.back() = a.feasible() ? flags(scenario, a, i < evidence.size() ? evidence[i] : validation::OptionEvidence{})
                              : "cannot run: " + a.reason->explanation;
    if (a.priced()) {
      const double cost = a.bill.total().amount, each = cost_per_1t(a, scenario).amount, first = bought(a.bill);
      row[1] = {cost, whole.text(cost)};
      row[2] = {cost * a.cost_p90, whole.text(cost * a.cost_p10) + "–" + whole.text(cost * a.cost_p90)};
      row[3] = {each, part.text(each)};
      if (a.relative_cost > 0) row[4] = {a.relative_cost, fmt::format("{:+.1f} %", (a.relative_cost - 1) * 100)};
      row[9] = {first, first > 0 ? whole.text(first) : "none"};
    }
    if (a.feasible()) {
      row[5] = {days(a.duration), significant(days(a.duration))};
      if (a.priced()) row[6] = {a.best_cost, whole.text(a.best_cost)};
      row[7] = {1.0 * a.devices, grouped(a.devices)};
      row[8] = {megawatts(scenario, a), significant(megawatts(scenario, a))};
    }
    table.add(std::move(row));
  }
  return table;
}

/// "Runner-up: B, 4.2 % dearer, 3.1 days faster."
std::string runner_up_remark(const Comparison& comparison) {
  const OptionAnswer *best = cheapest(comparison), *next = runner_up(comparison);
  if (!best || !next) return {};
  const double more = next->bill.total().amount / best->bill.total().amount - 1;
  const double later = days(next->duration) - days(best->duration);
  return fmt::format("Runner-up: {}, {:.0f} % dearer and {} days {}.", next->label, 100 * more,
                     significant(std::abs(later)), later > 0 ? "slower" : "faster");
}

std::vector<const OptionAnswer*> all_of(const Comparison& comparison) {
  std::vector<const OptionAnswer*> list;
  for (const OptionAnswer& answer : comparison.options) list.push_back(&answer);
  return list;
}

}  // namespace

Section executive(const Scenario& scenario, const Comparison& comparison,
                  const std::vector<validation::OptionEvidence>& evidence) {
  Section section{"Summary", {}};
  for (std::string words : {runner_up_remark(comparison), change_remark(scenario, comparison), own_remark(scenario),
                            project_remark(scenario, all_of(comparison))})
    if (!words.empty()) section.words.push_back(std::move(words));
  const bool can_run = std::any_of(comparison.options.begin(), comparison.options.end(),
                                   [](const OptionAnswer& answer) { return answer.feasible(); });
  if (can_run && !cheapest(comparison))
    section.words.emplace_back("The scenario has no prices: this is a report of performance alone, without costs.");
  if (scenario.procurement) section.words.emplace_back(options_one_by_one);
  section.first.push_back(option_table(scenario, comparison, evidence));
  section.first.push_back(evidence_table(comparison.options, evidence));
  add(section, cost_bars(scenario, comparison));
  return section;
}

}  // namespace chipmix::report
