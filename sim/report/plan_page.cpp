#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/words.hpp"
#include "planner/losses.hpp"
#include "report/anchor_remark.hpp"
#include "report/answer_json.hpp"
#include "report/answers.hpp"
#include "report/assumed_remark.hpp"
#include "report/losses_text.hpp"
#include "report/number.hpp"
#include "report/quote_days.hpp"
#include "report/report_file.hpp"
#include "report/short_answer.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::report {
namespace {

using Json = nlohmann::ordered_json;
using scenario::Option;
using scenario::PlanList;
using scenario::Scenario;

constexpr std::size_t losses_shown = 2;

plan::ParallelPlan laid_out(const Scenario& scenario, const Option& option, const plan::UniformPlan& plan) {
  return plan::lay_out(plan, scenario.job.model.layers, scenario.job_of(option).global_batch, 0,
                       option.cluster->groups.front().device.ranks);
}

bool is_on_front(const PlanList& list, int index) {
  return std::find(list.front.begin(), list.front.end(), index) != list.front.end();
}

/// The run of a plan where it was anchored.
const scenario::Run* anchored_run(const PlanList& list, int index) {
  const bool is_known = index >= 0 && static_cast<std::size_t>(index) < list.runs.size();
  return is_known && list.runs[index] ? &*list.runs[index] : nullptr;
}

/// Everything about one plan of the list.
struct Row {
  const Scenario& scenario;
  const Option& option;
  const PlanList& list;
  int index;

  const planner::Found& found() const { return list.search.best[index]; }
  const planner::Found& best() const { return list.search.best[list.order.front()]; }
  const planner::JobCost& job_cost() const { return list.costs[index]; }
  plan::ParallelPlan plan() const { return laid_out(scenario, option, found().plan); }
  double rate() const { return scenario.job_of(option).tokens_per_step() / found().step_time; }
  double slowdown() const { return found().step_time / best().step_time - 1; }
  bool is_best() const { return index == list.order.front(); }
  std::vector<planner::Loss> losses() const {
    return is_best() ? std::vector<planner::Loss>{} : planner::losses(found().times, best().times);
  }
  Money cost() const { return {job_cost().money, scenario.currency}; }
  double kilowatt_hours() const { return chipmix::kilowatt_hours(Joules{job_cost().joules}); }
  double days() const { return chipmix::days(Seconds{job_cost().seconds}); }
};

std::vector<Column> columns(const Scenario& scenario) {
  return {numeric("rank"),
          {"plan"},
          numeric("step time", "s"),
          numeric("tokens/s", "", "tokens_per_s"),
          droppable(numeric("days"), machine_only),
          numeric("cost", "", "cost_" + scenario.currency.code),
          droppable(numeric("energy", "kWh"), machine_only),
          numeric("slower by", "", "slowdown"),
          droppable({"loses on"}, 1)};
}

std::vector<Cell> cells(const Row& row, std::size_t number) {
  const bool priced = row.option.rent().has_value(), metered = row.scenario.electricity.has_value();
  return {{static_cast<double>(number), grouped(static_cast<double>(number))},
          plan::to_text(row.plan()),
          {row.found().step_time, seconds(Seconds{row.found().step_time})},
          {row.rate(), scaled(row.rate())},
          {row.days(), significant(row.days())},
          priced ? Cell{row.cost().amount, money(row.cost())} : Cell{},
          metered ? Cell{row.kilowatt_hours(), significant(row.kilowatt_hours())} : Cell{},
          {row.slowdown(), percent(row.slowdown())},
          losses_text(row.losses(), losses_shown)};
}

Json entry(const Row& row) {
  Json json = {{"plan", plan_json(row.plan())},
               {"step_time_s", row.found().step_time},
               {"tokens_per_s", row.rate()},
               {"days", row.days()}};
  if (row.option.rent()) json["cost"] = row.cost().amount;
  if (row.scenario.electricity) json["energy_kwh"] = row.kilowatt_hours();
  json["pareto"] = is_on_front(row.list, row.index);
  json["loses_on"] = losses_json(row.losses());
  if (const scenario::Run* run = anchored_run(row.list, row.index)) json["anchored"] = anchored_json(*run);
  json["plan_file"] =
      Json::parse(scenario::plan_file_text(scenario::plan_file_of(row.plan(), row.scenario.job_of(row.option))));
  return json;
}

std::string effort_remark(const Option& option, const planner::SearchResult& search) {
  return fmt::format("{} {}, {} fit in memory (a share of {} kept free), {} played to the end, {}.",
                     grouped(static_cast<double>(search.considered)), noun(search.considered, "legal plan"),
                     grouped(static_cast<double>(search.fitting)), percent(option.space.headroom),
                     grouped(static_cast<double>(search.evaluated)), seconds(Seconds{search.seconds}));
}

/// What stopping before the end leaves open.
std::string gap_remark(const planner::SearchResult& search) {
  if (search.best.empty()) return "Stopped before it found a plan that fits.";
  return fmt::format("Stopped early: a plan not examined could take at most {} less time than the best one here.",
                     percent(search.gap()));
}

/// "Infeasible: the nearest plan takes 61.2 d, 11.2 d more than the deadline of 50 d, and costs ...".
std::string shortfall_remark(const Scenario& scenario, const PlanList& list) {
  const planner::JobCost& nearest = list.costs[list.shortfall->nearest];
  const auto in_currency = [&](double amount) { return money({amount, scenario.currency}); };
  std::vector<std::string> parts;
  if (list.shortfall->seconds > 0)
    parts.push_back(fmt::format("takes {}, {} more than the deadline of {}", duration(Seconds{nearest.seconds}),
                                duration(Seconds{list.shortfall->seconds}),
                                duration(Seconds{*list.constraints.deadline})));
  if (list.shortfall->money > 0)
    parts.push_back(fmt::format("costs {}, {} more than the budget of {}", in_currency(nearest.money),
                                in_currency(list.shortfall->money), in_currency(*list.constraints.budget)));
  return fmt::format("Infeasible: the nearest plan {}.", fmt::join(parts, " and "));
}

std::vector<std::string> remarks(const Scenario& scenario, const Option& option, const PlanList& list) {
  const planner::SearchResult& search = list.search;
  std::vector<std::string> lines = {effort_remark(option, search)};
  if (!search.complete) lines.push_back(gap_remark(search));
  if (option.practice != practice::Practice::ideal)
    lines.emplace_back(
        "Step times and tokens/s assume these plans without interruption; days, costs, deadline and budget are those "
        "of the billed run, "
        "as in estimate and compare.");
  if (list.shortfall) lines.push_back(shortfall_remark(scenario, list));
  if (search.considered == 0)
    lines.push_back("No combination of degrees in the search divides ranks, layers, heads and batch.");
  else if (search.best.empty() && search.complete)
    lines.push_back("Nothing fits; nearest: " + search.nearest_miss + ".");
  return lines;
}

Json search_json(const planner::SearchResult& search, int jobs) {
  return {{"considered", search.considered}, {"fitting", search.fitting},
          {"evaluated", search.evaluated},   {"complete", search.complete},
          {"bound_s", search.bound},         {"gap", search.gap()},
          {"seconds", search.seconds},       {"jobs", jobs}};
}

}  // namespace

Page plan_page(const Scenario& scenario, const Option& option, const PlanList& list, int jobs) {
  Page page;
  page.title = scenario.name + ": plans for " + option.label;
  Table table;
  table.columns = columns(scenario);
  Json plans = Json::array();
  for (int index : list.order) {
    const Row row{scenario, option, list, index};
    table.add(cells(row, table.rows.size() + 1));
    plans.push_back(entry(row));
  }
  page.tables.push_back(std::move(table));
  page.remarks = remarks(scenario, option, list);
  if (const scenario::Run* best = anchored_run(list, list.order.empty() ? -1 : list.order.front()))
    for (std::string& remark : anchor_remarks({{"the best plan", best}}, scenario))
      page.remarks.push_back(std::move(remark));
  add_assumed(scenario.job.model, page.remarks);
  const int index = scenario.find(option.name);
  add_public_prices(scenario, page.remarks, index);
  for (std::string& remark : quote_remarks(scenario, report_day(), index)) page.remarks.push_back(std::move(remark));
  Json json = {{"schema_version", schema_version},
               {"scenario", scenario.name},
               {"option", option.name},
               {"objective", planner::name(list.constraints.objective)},
               {"plans", std::move(plans)}};
  if (list.shortfall)
    json["shortfall"] = {{"days", days(Seconds{list.shortfall->seconds})}, {"cost", list.shortfall->money}};
  json["search"] = search_json(list.search, jobs);
  page.json = json.dump(2);
  add_defaults(scenario, page, index);
  return page;
}

}  // namespace chipmix::report
