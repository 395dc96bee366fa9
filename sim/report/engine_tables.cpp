#include "report/engine_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/words.hpp"
#include "engine/accounts.hpp"
#include "report/number.hpp"
#include "uncertainty/draws.hpp"

namespace chipmix::report {
namespace {

using engine::Spent;

const char* kind_name(engine::Kind kind) {
  switch (kind) {
    case engine::Kind::analytical:
      return "analytical";
    case engine::Kind::event:
      return "event";
    case engine::Kind::simgrid:
      break;
  }
  return "simgrid";
}

/// Why engines that play events and the analytical one differ in an account.
std::string why(const std::string& account) {
  static const char* shared = "played: exchanges share the ports with sends, reductions and switches";
  static const std::map<std::string, const char*> reasons = {
      {engine::name(Spent::expert_communication), shared},
      {engine::name(Spent::context_communication), shared},
      {engine::name(Spent::tensor_communication), shared},
      {engine::name(Spent::pipeline_bubble), "played: what the passes take beyond the busiest stage's own work"},
      {engine::name(Spent::gradient_reduction),
       "what is left when the last pass is done; played: stages share the ports with what others send"},
      {engine::name(Spent::stragglers), "a share of the passes; with jitter the devices are played instead"}};
  const auto found = reasons.find(account);
  return found == reasons.end() ? "the same law" : found->second;
}

const estimate::Estimate* estimate_of(const scenario::EngineStep& step) {
  return std::get_if<estimate::Estimate>(&step.outcome);
}

std::vector<std::string> accounts_of(const std::vector<scenario::EngineStep>& steps) {
  std::vector<std::string> list;
  for (const auto& step : steps)
    if (const auto* estimate = estimate_of(step))
      for (const auto& entry : estimate->time.entries())
        if (std::find(list.begin(), list.end(), entry.account) == list.end()) list.push_back(entry.account);
  return list;
}

Cell time_cell(Seconds time) { return {time.value(), seconds(time)}; }

Table engines_table(const std::vector<scenario::EngineStep>& steps) {
  Table table;
  table.title = "Engines side by side: one step, account by account";
  table.columns = {{"account"}};
  for (const auto& step : steps) table.columns.push_back(numeric(kind_name(step.kind), "s"));
  table.columns.push_back({"why they differ", "", Align::left, "why"});
  const auto row = [&](const std::string& account, auto amount, std::string reason) {
    std::vector<Cell> cells = {account};
    for (const auto& step : steps) {
      const auto* estimate = estimate_of(step);
      cells.push_back(estimate ? time_cell(amount(*estimate)) : Cell{"-"});
    }
    cells.push_back(std::move(reason));
    table.add(std::move(cells));
  };
  for (const std::string& account : accounts_of(steps))
    row(
        account, [&](const estimate::Estimate& e) { return e.time.total(account); }, why(account));
  row(
      "total", [](const estimate::Estimate& e) { return e.step_time; }, "");
  std::vector<Cell> took = {"time to answer"};
  for (const auto& step : steps) took.push_back(time_cell(Seconds{step.seconds}));
  took.push_back("of this machine");
  table.add(std::move(took));
  return table;
}

void add_member(Page& page, const char* key, nlohmann::ordered_json value) {
  auto json = nlohmann::ordered_json::parse(page.json);
  json[key] = std::move(value);
  page.json = json.dump(2);
}

}  // namespace

void add_engines(const std::vector<scenario::EngineStep>& steps, Page& page) {
  page.tables.push_back(engines_table(steps));
  nlohmann::ordered_json json;
  for (const auto& step : steps) {
    nlohmann::ordered_json& own = json[kind_name(step.kind)];
    const auto* estimate = estimate_of(step);
    if (!estimate) {
      own["reason"] = std::get<estimate::Infeasible>(step.outcome).explanation;
      page.remarks.push_back(fmt::format("{}: {}.", kind_name(step.kind), own["reason"].get<std::string>()));
      continue;
    }
    own["step_time_s"] = estimate->step_time.value();
    for (const auto& entry : estimate->time.entries())
      own["accounts"][entry.account] = estimate->time.total(entry.account).value();
    own["took_s"] = step.seconds;
  }
  add_member(page, "engines", std::move(json));
}

void add_seeds(std::vector<double> all, Page& page) {
  const double mean = std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  const double p10 = uncertainty::quantile(all, 0.1), p50 = uncertainty::quantile(all, 0.5),
               p90 = uncertainty::quantile(all, 0.9), longest = *std::max_element(all.begin(), all.end());
  Table table;
  table.title =
      fmt::format("One step over {}: other devices are slow, other paths are taken", counted(all.size(), "seed"));
  table.columns = {numeric("mean", "s"), numeric("P10", "s"), numeric("P50", "s"), numeric("P90", "s"),
                   numeric("longest", "s")};
  std::vector<Cell> cells;
  for (double one : {mean, p10, p50, p90, longest}) cells.push_back(time_cell(Seconds{one}));
  table.add(std::move(cells));
  page.tables.push_back(std::move(table));
  add_member(page, "seeds",
             {{"count", all.size()},
              {"mean_s", mean},
              {"p10_s", p10},
              {"p50_s", p50},
              {"p90_s", p90},
              {"longest_s", longest}});
}

}  // namespace chipmix::report
