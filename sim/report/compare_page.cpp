#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/answer_json.hpp"
#include "report/answers.hpp"
#include "report/number.hpp"
#include "report/published_table.hpp"
#include "report/time_shares.hpp"

namespace chipmix::report {
namespace {

using scenario::OptionAnswer;
using scenario::Scenario;

std::string plan_text(const OptionAnswer& answer) {
  if (answer.runs.size() == 1) return plan::to_text(answer.runs.front().plan);
  std::string text;
  for (const scenario::Run& run : answer.runs)
    text += fmt::format("{}{:.0f} % {}", text.empty() ? "" : ", ", run.share * 100, run.device);
  return text;
}

/// The published cost that belongs to an option, in the scenario's currency.
Cell published(const Scenario& scenario, const OptionAnswer& answer) {
  for (const auto& figure : scenario.published)
    if (figure.option && *figure.option == answer.name) {
      const Money money = scenario.rates.convert(figure.cost_per_1t_tokens, scenario.currency);
      return {money.amount, significant(money.amount / 1e6)};
    }
  return {};
}

Cell relative(const OptionAnswer& answer) {
  if (answer.relative_cost <= 0) return {};
  return {answer.relative_cost, fmt::format("{:+.1f} %", (answer.relative_cost - 1) * 100)};
}

Table options_table(const Scenario& scenario, const scenario::Comparison& comparison) {
  const std::string& currency = scenario.currency.code;
  const std::string& baseline = comparison.options[comparison.baseline].name;
  Table table;
  table.columns = {{"option"}, {"plan"}, numeric("devices"), numeric("tokens/s per device", "", "tokens_per_s_per_device"),
                   numeric("share of peak", "", "mfu"), numeric("days", "", "days"),
                   numeric("device-hours per 1T", "", "device_hours_per_1t_tokens"),
                   numeric("M " + currency + " per 1T", "", "cost_per_1t_tokens_" + currency),
                   numeric("P10 to P90", "", "cost_p90_per_1t_tokens_" + currency),
                   numeric("published", "", "published_cost_per_1t_tokens_" + currency),
                   numeric("vs " + baseline, "", "relative_cost"), {"evidence"}};
  for (const OptionAnswer& a : comparison.options) {
    if (!a.feasible()) {
      table.add({a.label, "cannot run: " + a.reason->explanation, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}});
      continue;
    }
    const double per_device = scenario.job.tokens / a.device_time.value();
    const double device_hours = device_hours_per_1t(a, scenario);
    Cell cost, interval;
    if (a.priced()) {
      const double amount = cost_per_1t(a, scenario).amount;
      cost = {amount, fixed(amount / 1e6, 2)};
      interval = {amount * a.p90, fmt::format("{:.2f}-{:.2f}", amount * a.p10 / 1e6, amount * a.p90 / 1e6)};
    }
    table.add({a.label, plan_text(a), {1.0 * a.devices, grouped(a.devices)}, {per_device, grouped(per_device)},
               {a.mfu, percent(a.mfu)}, {days(a.duration), significant(days(a.duration))},
               {device_hours, grouped(device_hours)}, cost, interval, published(scenario, a), relative(a),
               name(a.evidence)});
  }
  return table;
}

Table why_table(const Scenario& scenario, const scenario::Comparison& comparison) {
  Table table;
  table.title = "Why: price of the peak, and where the time goes";
  table.columns = {{"option"}, numeric(scenario.currency.code + " per peak PFLOP-hour", "", "price_per_peak_pflop_hour")};
  for (const char* share : share_names) table.columns.push_back(numeric(share));
  table.columns.push_back(numeric("fullest rank", "", "memory_share"));
  for (const OptionAnswer& a : comparison.options) {
    if (!a.feasible() || a.runs.size() != 1) continue;
    const scenario::Run& run = a.runs.front();
    Cell price;
    if (a.priced()) {
      const double peak_hours = (run.estimate.peak * run.duration).value() / 1e15 / seconds_per_hour;
      price = {a.bill.total().amount / peak_hours, significant(a.bill.total().amount / peak_hours)};
    }
    std::vector<Cell> row = {a.label, price};
    for (double share : time_shares(run.estimate)) row.push_back({share, percent(share)});
    const double fill = fullest_rank(run.estimate);
    row.push_back({fill, percent(fill)});
    table.add(std::move(row));
  }
  return table;
}

Table cases_table(const scenario::Comparison& comparison) {
  Table table;
  table.title = "What was assumed, and what the cost would be instead";
  table.columns = {{"assumed"}, {"instead"}};
  for (const OptionAnswer& a : comparison.options) table.columns.push_back(numeric(a.name));
  for (const auto& effect : comparison.cases) {
    std::vector<Cell> row = {effect.assumed, effect.label};
    for (const auto& factor : effect.cost_factor)
      row.push_back(factor ? Cell{*factor, std::abs(*factor - 1) < 5e-4 ? "same" : fmt::format("{:+.1f} %", (*factor - 1) * 100)}
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
  return text + fmt::format("; {} tokens in {} steps of {} sequences x {}.", scaled(scenario.job.tokens),
                            grouped(scenario.job.steps()), grouped(scenario.job.global_batch),
                            grouped(scenario.job.sequence_length));
}

void add_energy_remark(const scenario::Comparison& comparison, std::vector<std::string>& remarks) {
  std::string text;
  for (const OptionAnswer& a : comparison.options) {
    if (!a.energy) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", a.name, report::energy(*a.energy));
    if (a.carbon) text += fmt::format(" ({} t CO2)", grouped(a.carbon->value() / 1000));
  }
  if (!text.empty()) remarks.push_back("Electricity of the run: " + text + ".");
}

}  // namespace

Page compare_page(const Scenario& scenario, const scenario::Comparison& comparison) {
  Page page;
  page.title = scenario.name;
  page.tables = {options_table(scenario, comparison), why_table(scenario, comparison)};
  if (!scenario.published.empty()) page.tables.push_back(published_table(scenario, comparison));
  if (!comparison.cases.empty()) page.tables.push_back(cases_table(comparison));
  page.remarks.push_back(comparison.recommendation);
  page.remarks.push_back(model_remark(scenario));
  page.remarks.push_back("Times and costs are of uninterrupted training: failures, restarts and idle devices are not in them.");
  add_energy_remark(comparison, page.remarks);
  page.json = compare_json(scenario, comparison).dump(2);
  return page;
}

}  // namespace chipmix::report
