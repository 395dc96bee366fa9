#include "report/stage_table.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/words.hpp"
#include "report/answer_json.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"
#include "scenario/number_formats.hpp"

namespace chipmix::report {

using Json = nlohmann::ordered_json;
using scenario::OptionAnswer;
using scenario::Run;
using scenario::Scenario;

namespace {

const hardware::Cluster& cluster_of(const Scenario& scenario, const OptionAnswer& answer) {
  return *scenario.options[scenario.find(answer.name)].cluster;
}

std::string plan_text(const Scenario& scenario, const OptionAnswer& answer, const Run& run) {
  const std::string plan = scenario::plan_text(run.plan, scenario.options[scenario.find(answer.name)]);
  return run.stage_note.empty() ? plan : fmt::format("{} ({})", plan, run.stage_note);
}

/// What a run adds to the bill.
double cost_of(const OptionAnswer& answer, std::size_t run) {
  double sum = 0;
  for (const economics::Row& row : answer.bill.entries())
    if (row.holder.run == static_cast<int>(run)) sum += row.amount.amount;
  return sum;
}

MoneyScale scale_of(const Scenario& scenario, const std::vector<const OptionAnswer*>& answers) {
  std::vector<double> amounts;
  for (const OptionAnswer* a : answers)
    if (a->priced())
      for (std::size_t i = 0; i < a->runs.size(); ++i) amounts.push_back(cost_of(*a, i));
  return {amounts, scenario.currency};
}

std::vector<Column> columns(const Scenario& scenario, const MoneyScale& scale) {
  const std::string& currency = scenario.currency.code;
  Column plan{"plan"};
  plan.least = 19;  // "recompute-selective"
  return {{"option"},
          {"stage"},
          droppable(numeric("tokens", "", "tokens"), 3),
          droppable(numeric("sequence", "", "sequence_length"), 2),
          droppable(numeric("batch", "", "global_batch"), 4),
          numeric("days", "", "days"),
          droppable(numeric("", "", "days_p10"), machine_only),
          droppable(numeric("P10 to P90", "", "days_p90"), 3),
          numeric("share of peak", "", "mfu"),
          numeric(scale.unit(), "", "cost_" + currency),
          droppable(numeric("", "", "cost_p10_" + currency), machine_only),
          droppable(numeric("P10 to P90", "", "cost_p90_" + currency), 1),
          plan};
}

/// At the steady rate.
double mfu(const Run& run) {
  return run.estimate.model_flops / (run.estimate.peak * run.estimate.step_time) * (run.useful / run.steady);
}

}  // namespace

Table stage_table(const Scenario& scenario, const std::vector<const OptionAnswer*>& answers) {
  const MoneyScale scale = scale_of(scenario, answers);
  Table table;
  table.title = "The stages of the job";
  table.columns = columns(scenario, scale);
  if (scenario.stages.empty()) return table;
  const auto range = [](double low, double high, auto show) { return Cell{high, show(low) + "-" + show(high)}; };
  const auto some = [](double number) { return significant(number); };
  const auto money = [&](double amount) { return scale.text(amount); };
  for (const OptionAnswer* a : answers) {
    if (!a->feasible()) continue;
    for (std::size_t i = 0; i < a->runs.size(); ++i) {
      const Run& run = a->runs[i];
      const scenario::JobStage& stage = scenario.stages[i];
      const double batch = static_cast<double>(run.plan.sequences());
      const double time = days(run.duration), low = time * run.p10, high = time * run.p90;
      Cell cost, cost_low, cost_high;
      if (a->priced()) {
        // Its own share of a cost whose errors the stages of an option have in common.
        const double own = cost_of(*a, i);
        cost = {own, money(own)};
        cost_low = {own * a->cost_p10, money(own * a->cost_p10)};
        cost_high = range(own * a->cost_p10, own * a->cost_p90, money);
      }
      table.add({a->label,
                 run.stage,
                 {stage.tokens, scaled(stage.tokens)},
                 {1.0 * stage.sequence_length, grouped(stage.sequence_length)},
                 {batch, grouped(batch)},
                 {time, some(time)},
                 {low, some(low)},
                 range(low, high, some),
                 {mfu(run), percent(mfu(run))},
                 cost,
                 cost_low,
                 cost_high,
                 plan_text(scenario, *a, run)});
    }
  }
  return table;
}

Json stages_json(const Scenario& scenario, const OptionAnswer& answer) {
  if (scenario.stages.empty() || !answer.feasible()) return nullptr;
  Json list = Json::array();
  for (std::size_t i = 0; i < answer.runs.size(); ++i) {
    const Run& run = answer.runs[i];
    const scenario::JobStage& stage = scenario.stages[i];
    Json cost = nullptr;
    if (answer.priced())
      cost = {{"total", cost_of(answer, i)},
              {"p10", cost_of(answer, i) * answer.cost_p10},
              {"p90", cost_of(answer, i) * answer.cost_p90},
              {"currency", scenario.currency.code}};
    list.push_back({{"name", run.stage},
                    {"tokens", stage.tokens},
                    {"sequence_length", stage.sequence_length},
                    {"global_batch", run.plan.sequences()},
                    {"device", run.device},
                    {"devices", run.devices},
                    {"share", run.share},
                    {"step_time_s", run.estimate.step_time.value()},
                    {"mfu", mfu(run)},
                    {"days", days(run.duration)},
                    {"days_p10", days(run.duration) * run.p10},
                    {"days_p90", days(run.duration) * run.p90},
                    {"cost", std::move(cost)},
                    {"goodput", run.interruptions ? Json(run.interruptions->goodput()) : Json(nullptr)},
                    {"plan", plan_json(run.plan, cluster_of(scenario, answer))},
                    {"plan_note", run.stage_note.empty() ? Json(nullptr) : Json(run.stage_note)}});
  }
  return list;
}

std::string stages_text(const Scenario& scenario) {
  std::string text;
  for (const scenario::JobStage& stage : scenario.stages)
    text += fmt::format("{}{} tokens in steps of {} {} x {} ({})", text.empty() ? "" : ", then ", scaled(stage.tokens),
                        grouped(stage.global_batch), noun(stage.global_batch, "sequence"),
                        grouped(stage.sequence_length), stage.name);
  return text;
}

}  // namespace chipmix::report
