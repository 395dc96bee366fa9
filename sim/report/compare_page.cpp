#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "base/words.hpp"
#include "report/account_table.hpp"
#include "report/anchor_remark.hpp"
#include "report/answer_json.hpp"
#include "report/answers.hpp"
#include "report/assumed_remark.hpp"
#include "report/coverage_remark.hpp"
#include "report/deadline_table.hpp"
#include "report/evidence_tables.hpp"
#include "report/mix_tables.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"
#include "report/own_remark.hpp"
#include "report/published_table.hpp"
#include "report/quote_days.hpp"
#include "report/report_file.hpp"
#include "report/short_answer.hpp"
#include "report/stage_table.hpp"
#include "report/surety_table.hpp"
#include "report/time_shares.hpp"
#include "scenario/number_formats.hpp"

namespace chipmix::report {
namespace {

using scenario::OptionAnswer;
using scenario::Scenario;

std::string plan_text(const Scenario& scenario, const OptionAnswer& answer) {
  const int option = scenario.find(answer.name);
  if (!answer.way.empty()) return answer.way + ", see below";
  if (answer.runs.size() == 1) return scenario::plan_text(answer.runs.front().plan, scenario.options[option]);
  if (!scenario.stages.empty()) return counted(static_cast<double>(scenario.stages.size()), "stage") + ", see below";
  std::string text;
  for (const scenario::Run& run : answer.runs)
    text += fmt::format("{}{:.0f}% {}", text.empty() ? "" : ", ", run.share * 100, run.device);
  return text;
}

/// The published cost that belongs to an option, in the scenario's currency.
Cell published(const Scenario& scenario, const OptionAnswer& answer) {
  for (const auto& figure : scenario.published)
    if (figure.option && *figure.option == answer.name && figure.cost_per_1t_tokens) {
      const Money money = scenario.rates.convert(*figure.cost_per_1t_tokens, scenario.currency);
      return {money.amount, report::money(money)};
    }
  return {};
}

Cell relative(const OptionAnswer& answer) {
  if (answer.relative_cost <= 0) return {};
  return {answer.relative_cost, fmt::format("{:+.1f} %", (answer.relative_cost - 1) * 100)};
}

/// The scale of the totals.
MoneyScale total_scale(const Scenario& scenario, const scenario::Comparison& comparison) {
  std::vector<double> amounts;
  for (const OptionAnswer& a : comparison.options)
    if (a.priced()) amounts.push_back(a.bill.total().amount);
  return {amounts, scenario.currency};
}

MoneyScale cost_scale(const Scenario& scenario, const scenario::Comparison& comparison) {
  std::vector<double> amounts;
  for (const OptionAnswer& a : comparison.options)
    if (a.priced()) amounts.push_back(cost_per_1t(a, scenario).amount);
  return {amounts, scenario.currency};
}

/// With spaces at which no line is broken.
std::string unbroken(const std::string& unit) {
  const auto space = unit.find(' ');
  return space == std::string::npos ? unit : unit.substr(0, space) + "\u00A0" + unit.substr(space + 1);
}

std::vector<Column> option_columns(const std::string& currency, const std::string& total, const std::string& unit,
                                   const std::string& baseline) {
  Column plan{"plan"};
  plan.least = 19;  // "recompute-selective"
  const std::string per_1t = fmt::format("_per_1t_tokens_{}", currency);
  return {{"option"},
          plan,
          droppable(numeric("devices"), 3),
          numeric(unbroken(total), "", "cost_" + currency),
          droppable(numeric("", "", "cost_p10_" + currency), machine_only),
          numeric("P10 to P90", "", "cost_p90_" + currency),
          droppable(numeric("best plan, uninterrupted", "", "best_plan_cost_" + currency), 1),
          numeric("days", "", "days"),
          droppable(numeric("tokens/s per device", "", "tokens_per_s_per_device"), 5),
          droppable(numeric("share of peak", "", "mfu"), 4),
          droppable(numeric("", "", "device_hours_per_1t_tokens"), machine_only),
          droppable(numeric(fmt::format("{} per 1T", unbroken(unit)), "", "cost" + per_1t), 2),
          droppable(numeric("", "", "cost_p10" + per_1t), machine_only),
          droppable(numeric("", "", "cost_p90" + per_1t), machine_only),
          droppable(numeric("published", "", "published_cost" + per_1t), machine_only),
          numeric("vs " + baseline, "", "relative_cost"),
          droppable({"evidence"}, 4),
          droppable({"reason"}, machine_only)};
}

Table options_table(const Scenario& scenario, const scenario::Comparison& comparison) {
  const MoneyScale scale = cost_scale(scenario, comparison), whole = total_scale(scenario, comparison);
  Table table;
  table.columns =
      option_columns(scenario.currency.code, whole.unit(), scale.unit(), comparison.options[comparison.baseline].name);
  for (const OptionAnswer& a : comparison.options) {
    if (!a.feasible()) {
      std::vector<Cell> row(table.columns.size());
      row[0] = a.label;
      row[1] = "cannot run";
      row.back() = a.reason->explanation;
      table.add(std::move(row));
      continue;
    }
    const double per_device = scenario.job.tokens / a.device_time.value();
    const double device_hours = device_hours_per_1t(a, scenario);
    Cell total, total_low, total_high, best, cost, low, high;
    if (a.priced()) {
      const double all = a.bill.total().amount;
      total = {all, whole.text(all)};
      total_low = {all * a.cost_p10, whole.text(all * a.cost_p10)};
      total_high = {all * a.cost_p90, fmt::format("{}-{}", total_low.text, whole.text(all * a.cost_p90))};
      best = {a.best_cost, whole.text(a.best_cost)};
      const double amount = cost_per_1t(a, scenario).amount;
      cost = {amount, scale.text(amount)};
      low = {amount * a.cost_p10, scale.text(amount * a.cost_p10)};
      high = {amount * a.cost_p90, scale.text(amount * a.cost_p90)};
    }
    table.add({a.label,
               plan_text(scenario, a),
               {1.0 * a.devices, grouped(a.devices)},
               total,
               total_low,
               total_high,
               best,
               {days(a.duration), significant(days(a.duration))},
               {per_device, grouped(per_device)},
               {a.mfu, percent(a.mfu)},
               {device_hours, grouped(device_hours)},
               cost,
               low,
               high,
               published(scenario, a),
               relative(a),
               name(a.evidence),
               {}});
  }
  return table;
}

Table why_table(const Scenario& scenario, const scenario::Comparison& comparison) {
  Table table;
  table.title = "Why: price of the peak, and where the time goes";
  table.columns = {{"option"},
                   numeric(scenario.currency.code + " per PFLOP/s hour of peak", "", "price_per_peak_pflop_hour")};
  for (const char* share : share_names) table.columns.push_back(numeric(share));
  table.columns.back().drop = 1;  // the last share is what remains of the others
  table.columns.push_back(droppable(numeric("fullest rank", "", "memory_share"), 2));
  for (const OptionAnswer& a : comparison.options) {
    if (!a.feasible() || a.runs.size() != 1) continue;
    const scenario::Run& run = a.runs.front();
    Cell price;
    if (a.priced()) {
      const double peak_hours = (run.estimate.peak * run.duration).value() / 1e15 / seconds_per_hour;
      price = {a.bill.total().amount / peak_hours, significant(a.bill.total().amount / peak_hours)};
    }
    std::vector<Cell> row = {a.label, price};
    for (double share : time_shares(run.estimate)) row.push_back({share, fixed(share * 100, 1) + " %"});
    const double fill = fullest_rank(run.estimate);
    row.push_back({fill, percent(fill)});
    table.add(std::move(row));
  }
  return table;
}

Table cases_table(const scenario::Comparison& comparison) {
  Table table;
  table.title = "Assumptions, and the cost under other values";
  table.columns = {{"assumed"}, {"instead"}};
  for (const OptionAnswer& a : comparison.options) table.columns.push_back(numeric(a.name));
  for (const auto& effect : comparison.cases) {
    std::vector<Cell> row = {effect.assumed, effect.label};
    for (const auto& factor : effect.cost_factor)
      row.push_back(
          factor ? Cell{*factor, std::abs(*factor - 1) < 5e-4 ? "same" : fmt::format("{:+.1f} %", (*factor - 1) * 100)}
                 : Cell{});
    table.add(std::move(row));
  }
  return table;
}

/// " (published: 290 G and 28.8 G)", or what of it was published.
std::string published_counts(const workload::ModelSpec& model) {
  if (!model.published) return "";
  const auto count = [](double number) { return number > 0 ? scaled(number) : std::string("not stated"); };
  return fmt::format(" (published: {} and {})", count(model.published->total), count(model.published->active));
}

std::string model_remark(const Scenario& scenario) {
  const auto count = workload::count_parameters(scenario.job.model);
  std::string text = fmt::format("Model: {}, {} parameters, {} active per token", scenario.job.model.name,
                                 scaled(count.total), scaled(count.active));
  text += published_counts(scenario.job.model);
  if (!scenario.stages.empty()) return text + "; " + stages_text(scenario) + ".";
  text += fmt::format("; {} tokens in {} {} of {} {} x {}", scaled(scenario.job.tokens), grouped(scenario.job.steps()),
                      noun(std::round(scenario.job.steps()), "step"), grouped(scenario.job.global_batch),
                      noun(scenario.job.global_batch, "sequence"), grouped(scenario.job.sequence_length));
  for (const scenario::Option& option : scenario.options)
    if (!option.batches.empty())
      text += fmt::format("; {} of {}", grouped(scenario.job_of(option).global_batch), option.label);
  return text + ".";
}

/// "Weakest evidence behind each option: assumed (A, B), datasheet (C)."
void add_evidence_remark(const scenario::Comparison& comparison, std::vector<std::string>& remarks) {
  std::map<Evidence, std::vector<std::string>> options;
  for (const OptionAnswer& a : comparison.options)
    if (a.feasible()) options[a.evidence].push_back(a.name);
  std::string text;
  for (const auto& [grade, names] : options)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", name(grade), fmt::join(names, ", "));
  if (!text.empty()) remarks.push_back("Weakest evidence behind each option: " + text + ".");
}

void add_energy_remark(const scenario::Comparison& comparison, std::vector<std::string>& remarks) {
  std::string text;
  for (const OptionAnswer& a : comparison.options) {
    if (!a.energy) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", a.name, report::energy(*a.energy));
    if (a.carbon) text += fmt::format(" ({} t CO2)", grouped(a.carbon->value() / 1000));
  }
  if (!text.empty()) remarks.push_back("Electricity of the run, at the facility's meter: " + text + ".");
}

/// Whether failures are in the answer, and what they take.
std::string interruption_remark(const scenario::Comparison& comparison) {
  std::string shares;
  bool is_uninterrupted = false, is_interrupted = false;
  for (const OptionAnswer& a : comparison.options)
    for (const scenario::Run& run : a.runs) {
      (run.interruptions ? is_interrupted : is_uninterrupted) = true;
      if (!run.interruptions || a.runs.size() != 1) continue;
      shares += fmt::format("{}{} {} (every {})", shares.empty() ? "" : ", ", a.name,
                            percent(run.interruptions->goodput()), duration(run.interruptions->mtbf));
    }
  if (shares.empty() && is_interrupted) return {};
  if (shares.empty()) return "Times and costs assume the best plan without interruptions: no real run reaches them.";
  return fmt::format("Share of the run spent in steps, and how often the run is interrupted: {}.{}", shares,
                     is_uninterrupted ? " Options not named are assumed to run without interruption." : "");
}

/// Cost of the options, and the days of each, phase by phase.
std::vector<Page::Chart> charts(const Scenario& scenario, const scenario::Comparison& comparison) {
  Page::Chart costs{"Cost per 1T tokens, " + scenario.currency.code, {}}, calendar{"Days of training", {}};
  for (const OptionAnswer& a : comparison.options) {
    if (!a.feasible()) continue;
    if (a.priced()) {
      const Money cost = cost_per_1t(a, scenario);
      costs.bars.push_back({a.label, 0, cost.amount, money(cost)});
    }
    double from = 0;
    for (const scenario::Run& run : a.runs) {
      const double to = from + days(run.duration);
      const std::string name = a.runs.size() == 1  ? a.label
                               : run.stage.empty() ? "  " + run.device
                                                   : a.label + ": " + run.stage;
      calendar.bars.push_back({name, from, to, significant(days(run.duration)) + " d"});
      from = to;
    }
  }
  return {costs, calendar};
}

std::vector<const OptionAnswer*> pointers(const scenario::Comparison& comparison) {
  std::vector<const OptionAnswer*> answers;
  for (const OptionAnswer& a : comparison.options) answers.push_back(&a);
  return answers;
}

/// Stages, deadline and budget, where the job has them.
void add_job_tables(const Scenario& scenario, const scenario::Comparison& comparison, Page& page) {
  const std::vector<const OptionAnswer*> answers = pointers(comparison);
  const auto add = [&](Table table, std::size_t place) {
    if (!table.rows.empty())
      page.tables.insert(page.tables.begin() + static_cast<std::ptrdiff_t>(place), std::move(table));
  };
  add(stage_table(scenario, answers), 1);
  add(deadline_table(scenario, comparison), 1);
}

}  // namespace

Page compare_page(const Scenario& scenario, const scenario::Comparison& comparison,
                  const std::vector<validation::OptionEvidence>& evidence) {
  Page page;
  page.title = scenario.name;
  page.tables = {options_table(scenario, comparison), account_table(comparison), why_table(scenario, comparison)};
  add_job_tables(scenario, comparison, page);
  if (!evidence.empty()) page.tables.push_back(evidence_table(comparison.options, evidence));
  if (Table whole = nearest_whole_table(comparison.options, evidence); !whole.rows.empty())
    page.tables.push_back(std::move(whole));
  for (const OptionAnswer& a : comparison.options) {
    if (a.ways.empty()) continue;
    const scenario::Option& option = scenario.options[scenario.find(a.name)];
    page.tables.push_back(ways_table(scenario, option, a, cost_scale(scenario, comparison)));
    if (!a.worth.empty()) page.tables.push_back(worth_table(a));
    if (const std::string remark = mix_remark(option, a); !remark.empty()) page.remarks.push_back(remark);
  }
  if (Table sure = surety_table(scenario, comparison); !sure.rows.empty()) page.tables.push_back(std::move(sure));
  for (Table table : {published_table(scenario, comparison), published_hours_table(scenario, comparison)})
    if (!table.rows.empty()) page.tables.push_back(std::move(table));
  if (!comparison.cases.empty()) page.tables.push_back(cases_table(comparison));
  add_defaults(scenario, page);
  if (std::string text = change_remark(scenario, comparison); !text.empty())
    page.remarks.insert(page.remarks.begin(), std::move(text));
  page.remarks.insert(page.remarks.begin(), comparison.recommendation);
  for (const OptionAnswer& a : comparison.options)
    if (!a.feasible()) page.remarks.push_back(fmt::format("{} cannot run: {}.", a.label, a.reason->explanation));
  if (std::string text = own_remark(scenario); !text.empty()) page.remarks.push_back(std::move(text));
  if (std::string text = project_remark(scenario, pointers(comparison)); !text.empty())
    page.remarks.push_back(std::move(text));
  page.remarks.push_back(model_remark(scenario));
  add_assumed(scenario.job.model, page.remarks);
  add_public_prices(scenario, page.remarks);
  for (std::string& remark : quote_remarks(scenario, report_day())) page.remarks.push_back(std::move(remark));
  for (std::string& remark : practice_remarks(scenario, comparison)) page.remarks.push_back(std::move(remark));
  for (std::string& remark : anchor_remarks(scenario, comparison)) page.remarks.push_back(std::move(remark));
  if (std::string text = interruption_remark(comparison); !text.empty()) page.remarks.push_back(std::move(text));
  for (const OptionAnswer& a : comparison.options)
    if (std::string text = coverage_remark(scenario, a); !text.empty()) page.remarks.push_back(std::move(text));
  for (std::string& remark : evidence_remarks(comparison.options, evidence)) page.remarks.push_back(std::move(remark));
  add_evidence_remark(comparison, page.remarks);
  add_energy_remark(comparison, page.remarks);
  page.charts = charts(scenario, comparison);
  page.json = compare_json(scenario, comparison, evidence).dump(2);
  return page;
}

}  // namespace chipmix::report
