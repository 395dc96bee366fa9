#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/answer_json.hpp"
#include "report/answers.hpp"
#include "report/number.hpp"
#include "scenario/plan_file.hpp"

namespace chipmix::report {
namespace {

plan::ParallelPlan laid_out(const scenario::Scenario& scenario, const scenario::Option& option,
                            const plan::UniformPlan& plan) {
  return plan::lay_out(plan, scenario.job.model.layers, scenario.job.global_batch, 0,
                       option.cluster->groups.front().device.ranks);
}

/// Rent of the whole job at a step time, in the scenario's currency.
Cell cost_cell(const scenario::Scenario& scenario, const scenario::Option& option, double step_time) {
  if (!option.rent) return {};
  const Seconds device_time{step_time * scenario.job.steps() * option.cluster->groups.front().devices};
  const Money cost = scenario.rates.convert(option.rent->value * device_time, scenario.currency);
  return {cost.amount, money(cost)};
}

}  // namespace

Page plan_page(const scenario::Scenario& scenario, const scenario::Option& option, const planner::SearchResult& search,
               int jobs) {
  Page page;
  page.title = scenario.name + ": plans for " + option.label;
  Table table;
  table.columns = {numeric("rank"),
                   {"plan"},
                   numeric("step time", "s"),
                   numeric("tokens/s", "", "tokens_per_s"),
                   numeric("cost", "", "cost_" + scenario.currency.code),
                   numeric("slower by", "", "slowdown")};
  nlohmann::ordered_json plans = nlohmann::ordered_json::array();
  for (const planner::Found& found : search.best) {
    const plan::ParallelPlan plan = laid_out(scenario, option, found.plan);
    const double slowdown = found.step_time / search.best.front().step_time - 1;
    const double rate = scenario.job.tokens_per_step() / found.step_time;
    const Cell cost = cost_cell(scenario, option, found.step_time);
    const double number = 1.0 + static_cast<double>(table.rows.size());
    table.add({{number, grouped(number)},
               plan::to_text(plan),
               {found.step_time, duration(Seconds{found.step_time})},
               {rate, scaled(rate)},
               cost,
               {slowdown, percent(slowdown)}});
    nlohmann::ordered_json entry = {
        {"plan", plan_json(plan)}, {"step_time_s", found.step_time}, {"tokens_per_s", rate}};
    if (const double* amount = std::get_if<double>(&cost.value)) entry["cost"] = *amount;
    entry["plan_file"] =
        nlohmann::ordered_json::parse(scenario::plan_file_text(scenario::plan_file_of(plan, scenario.job_of(option))));
    plans.push_back(std::move(entry));
  }
  page.tables.push_back(std::move(table));
  page.remarks.push_back(
      fmt::format("{} legal plans, {} fit in memory (a share of {} kept free), {} played to the end, {}.",
                  grouped(static_cast<double>(search.considered)), grouped(static_cast<double>(search.fitting)),
                  percent(option.space.headroom), grouped(static_cast<double>(search.evaluated)),
                  duration(Seconds{search.seconds})));
  if (search.considered == 0)
    page.remarks.push_back("No combination of degrees in the search divides ranks, layers, heads and batch.");
  else if (search.best.empty())
    page.remarks.push_back("Nothing fits; nearest: " + search.nearest_miss + ".");
  page.json = nlohmann::ordered_json{
      {"schema_version", schema_version},
      {"scenario", scenario.name},
      {"option", option.name},
      {"plans", std::move(plans)},
      {"search",
       {{"considered", search.considered},
        {"fitting", search.fitting},
        {"evaluated", search.evaluated},
        {"seconds", search.seconds},
        {"jobs",
         jobs}}}}.dump(2);
  return page;
}

}  // namespace chipmix::report
