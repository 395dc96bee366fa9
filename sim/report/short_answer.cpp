#include "report/short_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/words.hpp"
#include "report/account_table.hpp"
#include "report/anchor_remark.hpp"
#include "report/answers.hpp"
#include "report/assumed_remark.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"
#include "report/plan_precision.hpp"
#include "report/published_table.hpp"
#include "report/quote_days.hpp"
#include "report/report_file.hpp"
#include "report/surety_table.hpp"
#include "report/time_shares.hpp"
#include "scenario/number_formats.hpp"

namespace chipmix::report {
namespace {

using scenario::Comparison;
using scenario::OptionAnswer;
using scenario::Scenario;

/// Indices of the options: cheapest first, then the fastest of those without a price, then those that cannot run.
std::vector<std::size_t> in_order(const Comparison& comparison) {
  std::vector<std::size_t> order(comparison.options.size());
  std::iota(order.begin(), order.end(), 0);
  const auto rank = [](const OptionAnswer& a) { return a.priced() ? 0 : a.feasible() ? 1 : 2; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    const OptionAnswer &a = comparison.options[i], &b = comparison.options[j];
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return a.priced() ? a.bill.total().amount < b.bill.total().amount : a.duration < b.duration;
  });
  return order;
}

std::string late_text(const scenario::DeadlineAnswer& deadline) {
  const std::string probability = fmt::format("{:.0f} %", 100 * deadline.probability);
  return deadline.is_met() ? fmt::format("yes, {}", probability)
                           : fmt::format("{} d late, {}", significant(days(deadline.late)), probability);
}

std::string over_text(const scenario::BudgetAnswer& budget, const MoneyScale& scale) {
  const std::string probability = fmt::format("{:.0f} %", 100 * budget.probability);
  return budget.is_met() ? fmt::format("yes, {}", probability)
                         : fmt::format("{} {} over, {}", scale.text(budget.over), scale.unit(), probability);
}

Table costs_table(const Scenario& scenario, const Comparison& comparison, const std::vector<std::size_t>& order) {
  std::vector<double> amounts;
  for (const OptionAnswer& a : comparison.options)
    if (a.priced()) amounts.push_back(a.bill.total().amount);
  const MoneyScale scale(amounts, scenario.currency);
  const bool has_surety = amounts.size() > 1;
  Table table;
  table.columns = {{"option"}, numeric(scale.unit()), numeric("P10 to P90"), numeric("days"), numeric("P10 to P90")};
  if (scenario.deadline)
    table.columns.push_back(numeric(fmt::format("in {} d", significant(days(*scenario.deadline)))));
  if (scenario.budget) table.columns.push_back(numeric("in budget"));
  if (has_surety) table.columns.push_back(numeric("cheapest in"));
  for (const std::size_t i : order) {
    const OptionAnswer& a = comparison.options[i];
    std::vector<Cell> row = {a.label, a.feasible() ? Cell() : Cell("cannot run"), Cell(), Cell(), Cell()};
    if (a.priced()) {
      const double all = a.bill.total().amount;
      row[1] = scale.text(all);
      row[2] = scale.text(all * a.cost_p10) + "-" + scale.text(all * a.cost_p90);
    }
    if (a.feasible()) {
      row[3] = significant(days(a.duration));
      row[4] = significant(days(a.duration) * a.p10) + "-" + significant(days(a.duration) * a.p90);
    }
    if (scenario.deadline) row.push_back(a.deadline ? Cell(late_text(*a.deadline)) : Cell());
    if (scenario.budget) row.push_back(a.budget ? Cell(over_text(*a.budget, scale)) : Cell());
    if (has_surety) row.push_back(a.surety ? Cell(fmt::format("{:.0f} %", 100 * a.surety->cheapest)) : Cell());
    table.add(std::move(row));
  }
  return table;
}

/// The plan of each run of the option on a line of its own.
std::string plans_text(const Scenario& scenario, const OptionAnswer& a) {
  if (!a.feasible()) return a.reason->explanation;
  std::string text;
  for (const scenario::Run& run : a.runs) {
    const auto& host = scenario.host(scenario.options[scenario.find(a.name)], &run - a.runs.data());
    const std::string plan = scenario::plan_text(run.plan, host);
    text += fmt::format("{}{}{}", text.empty() ? "" : "\n", run.stage.empty() ? "" : run.stage + ": ", plan);
  }
  return a.way.empty() ? text : a.way + ": " + text;
}

std::string fullest_text(const OptionAnswer& a) {
  double fullest = 0;
  for (const scenario::Run& run : a.runs) fullest = std::max(fullest, fullest_rank(run.estimate));
  return a.feasible() ? fmt::format("{:.0f} % used", 100 * fullest) : "does not fit";
}

std::string evidence_text(const validation::OptionEvidence& evidence) {
  if (evidence.empty()) return "-";
  const validation::RunEvidence& least = validation::weakest(evidence);
  if (least.is_nothing_alike()) return "no published run is like it";
  std::string text = counted(least.runs, "run") + " of " + counted(least.projects, "project");
  if (least.errors)
    text += fmt::format(", median error {:+d} %", static_cast<int>(std::lround(100 * least.errors->median)));
  if (!least.nearest.empty()) text += "; nearest " + least.nearest.front().run.id;
  return text;
}

Table plans_table(const Scenario& scenario, const Comparison& comparison, const std::vector<std::size_t>& order,
                  const std::vector<validation::OptionEvidence>& evidence) {
  Table table;
  Column option{"option"}, plan{"plan"}, near{"published runs like it"};
  plan.least = 20;
  near.least = 16;
  table.columns = {option, numeric("memory"), plan, near};
  for (const std::size_t i : order) {
    const OptionAnswer& a = comparison.options[i];
    table.add({a.label, fullest_text(a), plans_text(scenario, a),
               a.feasible() && i < evidence.size() ? evidence_text(evidence[i]) : "-"});
  }
  return table;
}

/// "/options/0/cluster/fabric": its last key; of a stage's batch both.
std::string key_of(const scenario::Default& one) {
  const std::string last = one.key.substr(one.key.rfind('/') + 1);
  return one.key.starts_with("/job/") ? one.key.substr(5) : last;
}

/// JSON as a person writes it.
std::string value_text(const std::string& json) {
  const auto value = nlohmann::ordered_json::parse(json);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return grouped(value.get<double>());
  if (!value.is_array()) return json;
  std::string text;
  for (const auto& one : value) {
    text += text.empty() ? "" : ", ";
    if (one.is_object() && one.contains("link"))
      text += fmt::format("{} x {}", grouped(one.value("count", 0.0)), one.value("link", std::string()));
    else
      text += one.is_string() ? one.get<std::string>() : one.dump();
  }
  return text;
}

/// Index of the option that a key stands in; -1 where it is the file's.
int option_of(const scenario::Default& one, const Scenario& scenario) {
  constexpr std::string_view prefix = "/options/";
  if (!one.key.starts_with(prefix)) return -1;
  const std::size_t index = std::stoul(one.key.substr(prefix.size()));
  return index < scenario.options.size() ? static_cast<int>(index) : -1;
}

}  // namespace

Table defaults_table(const Scenario& scenario, int only) {
  struct Taken {
    std::string key, value, reason;
    std::vector<std::string> options;
  };
  std::vector<Taken> list;
  for (const scenario::Default& one : scenario.defaults) {
    const int index = option_of(one, scenario);
    if (one.is_name || !concerns(scenario, only, index)) continue;
    const Taken taken{key_of(one), value_text(one.value), one.reason, {}};
    auto same = std::find_if(list.begin(), list.end(), [&](const Taken& other) {
      return other.key == taken.key && other.value == taken.value && other.reason == taken.reason;
    });
    if (same == list.end()) same = list.insert(list.end(), taken);
    const std::string option = index < 0 ? std::string() : scenario.options[index].label;
    if (!option.empty() && (same->options.empty() || same->options.back() != option)) same->options.push_back(option);
  }
  Table table;
  table.title = "Assumed, because not stated";
  Column value{"value"}, why{"why"};
  value.least = why.least = 20;
  table.columns = {{"what"}, value, why};
  for (const Taken& taken : list) {
    const bool is_some = only < 0 && !taken.options.empty() && taken.options.size() < scenario.options.size();
    table.add({taken.key, taken.value,
               is_some ? fmt::format("{} ({})", taken.reason, fmt::join(taken.options, "; ")) : taken.reason});
  }
  for (std::vector<Cell>& row : precision_rows(scenario, only)) table.add(std::move(row));
  return table;
}

void add_defaults(const Scenario& scenario, Page& page, int only) {
  if (Table taken = defaults_table(scenario, only); !taken.rows.empty()) page.tables.push_back(std::move(taken));
}

Page short_answer_page(const Scenario& scenario, const Comparison& comparison,
                       const std::vector<validation::OptionEvidence>& evidence) {
  const Page whole = compare_page(scenario, comparison, evidence);
  const std::vector<std::size_t> order = in_order(comparison);
  Page page;
  page.title = scenario.name;
  page.tables = {costs_table(scenario, comparison, order), plans_table(scenario, comparison, order, evidence)};
  for (Table table : {published_table(scenario, comparison), published_hours_table(scenario, comparison)})
    if (!table.rows.empty()) page.tables.push_back(std::move(table));
  add_defaults(scenario, page);
  page.lead = {comparison.recommendation};
  if (std::string text = change_remark(scenario, comparison); !text.empty()) page.remarks.push_back(std::move(text));
  add_assumed(scenario.job.model, page.remarks);
  add_public_prices(scenario, page.remarks);
  for (std::string& remark : quote_remarks(scenario, report_day())) page.remarks.push_back(std::move(remark));
  for (std::string& remark : practice_remarks(scenario, comparison)) page.remarks.push_back(std::move(remark));
  for (std::string& remark : anchor_remarks(scenario, comparison)) page.remarks.push_back(std::move(remark));
  std::vector<const OptionAnswer*> shown;
  for (const OptionAnswer& a : comparison.options) shown.push_back(&a);
  if (std::string text = project_remark(scenario, shown); !text.empty()) page.remarks.push_back(std::move(text));
  page.remarks.emplace_back("All tables: --details. Every figure: --format json.");
  page.charts = whole.charts;
  page.json = whole.json;
  return page;
}

}  // namespace chipmix::report
