#include "report/procure_page.hpp"

#include <fmt/format.h>

#include "procurement/summary.hpp"
#include "report/assumed_remark.hpp"
#include "report/number.hpp"
#include "report/procure_json.hpp"
#include "report/purchase_remarks.hpp"
#include "report/purchase_ways.hpp"
#include "report/quote_days.hpp"
#include "report/report_file.hpp"

namespace chipmix::report {
namespace {

using procurement::Decision;
using procurement::Kind;
using procurement::Problem;
using scenario::Procurement;
using scenario::Scenario;

double total(const std::vector<double>& months) {
  double sum = 0;
  for (double month : months) sum += month;
  return sum;
}

std::string paid(const Scenario& scenario, double amount) { return money({amount, scenario.currency}); }

/// "512 in month 3, 256 in month 4"; sales are at a month's end.
std::string moved(const Problem& problem, const Decision& decision, std::size_t kind,
                  int (Decision::*devices)(int, int) const) {
  std::string text;
  for (int month = 0; month < problem.months; ++month)
    if (const int now = (decision.*devices)(static_cast<int>(kind), month); now > 0)
      text += fmt::format("{}{} in month {}", text.empty() ? "" : ", ", grouped(now), month + 1);
  return text;
}

Table supply_table(const Scenario& scenario, const Problem& problem, const Decision& decision, std::string title) {
  Table table;
  table.title = std::move(title);
  table.columns = {{"kind"},          numeric("bought"),
                   {"arrives"},       {"sold at the end"},
                   numeric("of cap"), numeric("device-months rented"),
                   numeric("price"),  numeric("sold for"),
                   numeric("rent"),   numeric("electricity"),
                   numeric("kW")};
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const Kind& kind = problem.kinds[k];
    const int bought = decision.bought(static_cast<int>(k));
    const double rented = total(decision.rented[k]);
    const bool has_cap = kind.purchase && kind.purchase->cap;
    const auto [price, sold] = procurement::traded(problem, decision, k);
    double rent = 0;
    for (double devices : decision.rented[k]) rent += devices > 0 ? kind.rent(devices) - kind.electricity * devices : 0;
    double held = rented;  // device-months that draw power
    for (int month = 0; month < problem.months; ++month) held += decision.owned(static_cast<int>(k), month);
    const double electricity = kind.electricity * held;
    table.add({kind.name,
               {1.0 * bought, grouped(bought)},
               moved(problem, decision, k, &Decision::arrived),
               moved(problem, decision, k, &Decision::sold),
               has_cap && *kind.purchase->cap > 0
                   ? Cell{1.0 * bought / *kind.purchase->cap, percent(1.0 * bought / *kind.purchase->cap)}
                   : Cell{},
               {rented, grouped(rented)},
               {price, paid(scenario, price)},
               {sold, paid(scenario, sold)},
               {rent, paid(scenario, rent)},
               {electricity, paid(scenario, electricity)},
               {kind.kilowatts * bought, grouped(kind.kilowatts * bought)}});
  }
  return table;
}

/// "512 x A for 70 % of the month, 1024 x B for 30 %".
std::string work(const Problem& problem, const std::vector<procurement::Shift>& shifts) {
  std::string text;
  for (const procurement::Shift& shift : shifts)
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", problem.columns[shift.column].label,
                        shift.share > 0.995
                            ? ""
                            : fmt::format(" for {:.0f} %{}", 100 * shift.share, text.empty() ? " of the month" : ""));
  return text.empty() ? "-" : text;
}

std::string held(const Problem& problem, const Decision& decision, int month, bool is_owned) {
  std::string text;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const double devices = is_owned ? decision.owned(static_cast<int>(k), month) : decision.rented[k][month];
    if (devices > least_devices)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(devices), problem.kinds[k].name);
  }
  return text.empty() ? "-" : text;
}

/// Months until nothing is held, paid or done any more.
int last_month(const Problem& problem, const Decision& decision) {
  for (int month = problem.months; month > 0; --month) {
    if (decision.cash[month - 1] != 0 || !decision.shifts[month - 1].empty()) return month;
    for (std::size_t k = 0; k < problem.kinds.size(); ++k)
      if (decision.owned(static_cast<int>(k), month - 1) > 0) return month;
  }
  return 0;
}

Table schedule_table(const Scenario& scenario, const Problem& problem, const Decision& decision) {
  Table table;
  table.title = "Month by month";
  table.columns = {numeric("month"), {"owned"}, {"rented, on average"}, {"at work"}};
  for (const auto& job : problem.works) table.columns.push_back(numeric(job.name + " done"));
  table.columns.push_back(numeric("cash"));
  std::vector<double> done(problem.works.size(), 0);
  for (int month = 0; month < last_month(problem, decision); ++month) {
    std::vector<Cell> row{{month + 1.0, std::to_string(month + 1)},
                          held(problem, decision, month, true),
                          held(problem, decision, month, false),
                          work(problem, decision.shifts[month])};
    for (std::size_t j = 0; j < problem.works.size(); ++j) {
      for (const procurement::Shift& shift : decision.shifts[month])
        if (month >= problem.works[j].from && month < problem.works[j].by)
          done[j] += shift.share * problem.columns[shift.column].tokens[j] / problem.works[j].tokens;
      row.push_back({done[j], percent(std::min(1.0, done[j]))});
    }
    row.push_back({decision.cash[month], paid(scenario, decision.cash[month])});
    table.add(std::move(row));
  }
  return table;
}

Table worth_table(const Scenario& scenario, const Procurement& result) {
  Table table;
  table.title = "What each limit costs";
  table.columns = {{"change"}, numeric("total then"), numeric("saving")};
  const auto add = [&](const scenario::WhatIf& one) {
    if (!one.cost)
      return table.add({one.change, one.is_open ? "not decided in the search time" : "nothing can be done", {}});
    const double saved = result.decision->cost - *one.cost;
    table.add({one.change, {*one.cost, paid(scenario, *one.cost)}, {saved, paid(scenario, saved)}});
  };
  for (const scenario::WhatIf& one : result.worth) add(one);
  if (result.runner_up) add(*result.runner_up);
  return table;
}

Table clusters_table(const Scenario& scenario, const Procurement& result) {
  Table table;
  table.title = "Clusters that were simulated";
  table.columns = {{"job"}, {"kind"}, numeric("devices"), numeric("T tokens a month"), {"plan"}};
  for (const scenario::Candidate& one : result.candidates) {
    const double tokens = one.tokens_per_s * 8766 / 12 * 3600 / 1e12;
    std::string names, counts;
    int devices = 0;
    for (std::size_t i = 0; i < one.supplies.size(); ++i) {
      const char* join = i == 0 ? "" : " + ";
      names += join + result.problem.kinds[one.supplies[i]].name;
      counts += join + grouped(one.devices[i]);
      devices += one.devices[i];
    }
    table.add({scenario.procurement->jobs[one.job].name,
               names,
               {1.0 * devices, counts},
               tokens > 0 ? Cell{tokens, significant(tokens)} : Cell{},
               one.plan});
  }
  return table;
}

/// Device-months that are owned and in no cluster at work, and the share of all that are owned.
std::string idle_remark(const Problem& problem, const Decision& decision) {
  double owned = 0, idle = 0;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k)
    for (int month = 0; month < problem.months; ++month) {
      const double there = decision.owned(static_cast<int>(k), month);
      double used = 0;
      for (const procurement::Shift& shift : decision.shifts[month])
        used += shift.share * std::min<double>(there, problem.columns[shift.column].devices[k]);
      for (const procurement::Move& move : decision.moves)
        if (move.month == month) used += move.share * std::min<double>(there, problem.columns[move.column].devices[k]);
      owned += there;
      idle += there - used;
    }
  if (owned < least_devices) return {};
  constexpr double rounding = 1e-9;
  if (idle < rounding * owned) idle = 0;
  return fmt::format("Devices owned but idle: {} of {} device-months ({}).", grouped(idle), grouped(owned),
                     percent(idle / owned));
}

Table risk_table(const Scenario& scenario, const scenario::Risk& risk) {
  Table table;
  table.title = "What each order costs if the future differs from the plan";
  table.columns = {{"ordered for"}};
  for (std::size_t world = 0; world < risk.worlds.size(); ++world)
    table.columns.push_back(numeric(fmt::format("{} ({:.0f} %)", risk.worlds[world], 100 * risk.probability[world])));
  table.columns.push_back(numeric("expected"));
  table.columns.push_back(numeric("worst"));
  table.columns.push_back({"buys"});
  table.columns.push_back({"rents, device-months"});
  const auto cell = [&](const std::optional<double>& cost) {
    return cost ? Cell{*cost, paid(scenario, *cost)} : Cell{"missed"};
  };
  for (std::size_t decision = 0; decision < risk.worlds.size(); ++decision) {
    std::vector<Cell> row{risk.worlds[decision]};
    for (const auto& cost : risk.cost[decision]) row.push_back(cell(cost));
    row.push_back(cell(risk.expected(decision)));
    row.push_back(cell(risk.worst(decision)));
    const auto& order = risk.orders[decision];
    row.push_back(order ? bought_text(risk.problems[decision], *order) : "-");
    row.push_back(order ? rented_text(risk.problems[decision], *order) : "-");
    table.add(std::move(row));
  }
  return table;
}

void add_infeasible(const Scenario& scenario, const Procurement& result, Page& page) {
  page.remarks.push_back("No purchase or rental completes the jobs within all limits.");
  for (const scenario::WhatIf& one : result.conflicts)
    page.remarks.push_back(
        one.is_open
            ? fmt::format("The search time was too short to tell whether the jobs can be done without {}.", one.change)
            : fmt::format("Without {} the jobs can be done for {}{}.", one.change, paid(scenario, *one.cost),
                          one.needed.empty() ? "" : "; it takes " + one.needed));
  if (result.conflicts.empty())
    page.remarks.push_back(
        "The limits are not the reason: even without them, clusters of the given sizes cannot do the jobs.");
}

}  // namespace

Page procure_page(const Scenario& scenario, const Procurement& result, const std::optional<scenario::Risk>& risk) {
  Page page;
  page.title = scenario.name + ": what to buy and rent";
  if (result.decision) {
    page.tables = {ways_table(scenario, result),
                   supply_table(scenario, result.problem, *result.decision, "What to buy and rent"),
                   schedule_table(scenario, result.problem, *result.decision), worth_table(scenario, result)};
    page.lead.push_back(purchase_headline(scenario, result, risk));
    page.lead.push_back(planning_remark(scenario, result));
    if (risk)
      if (std::string text = robust_remark(scenario, *risk); !text.empty()) page.lead.push_back(std::move(text));
    if (result.prices->p90 > result.prices->p10)
      page.remarks.push_back(fmt::format("Over the ranges of prices the same decision costs {} to {} (P10 to P90).",
                                         paid(scenario, result.prices->p10), paid(scenario, result.prices->p90)));
    if (std::string text = resale_remark(result.problem, *result.decision); !text.empty()) page.remarks.push_back(text);
    for (std::string& remark : brief_remarks(scenario, result)) page.remarks.push_back(std::move(remark));
    page.remarks.push_back("Months count from 1 in these tables: month 1 is month 0 of the scenario's file.");
    if (std::string text = idle_remark(result.problem, *result.decision); !text.empty()) page.remarks.push_back(text);
  } else {
    add_infeasible(scenario, result, page);
  }
  if (risk) {
    page.tables.push_back(risk_table(scenario, *risk));
    if (const auto robust = risk->robust(); robust && *robust > 0)
      page.tables.push_back(supply_table(scenario, risk->problems[*robust], *risk->orders[*robust],
                                         fmt::format("The robust order, made as if '{}'", risk->worlds[*robust])));
  }
  page.tables.push_back(clusters_table(scenario, result));
  page.json = procure_json(scenario, result, risk);
  add_assumed(scenario.job.model, page.remarks);
  add_public_prices(scenario, page.remarks);
  for (std::string& remark : quote_remarks(scenario, report_day(), -1, true)) page.remarks.push_back(std::move(remark));
  return page;
}

}  // namespace chipmix::report
