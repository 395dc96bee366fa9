#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/account_table.hpp"
#include "report/anchor_remark.hpp"
#include "report/answer_json.hpp"
#include "report/answers.hpp"
#include "report/assumed_remark.hpp"
#include "report/coverage_remark.hpp"
#include "report/deadline_table.hpp"
#include "report/evidence_tables.hpp"
#include "report/mix_tables.hpp"
#include "report/number.hpp"
#include "report/plan_precision.hpp"
#include "report/quote_days.hpp"
#include "report/report_file.hpp"
#include "report/short_answer.hpp"
#include "report/stage_table.hpp"
#include "scenario/cost_swings.hpp"
#include "scenario/number_formats.hpp"

namespace chipmix::report {
namespace {

using scenario::OptionAnswer;
using scenario::Scenario;

/// What a figure is of.
constexpr const char *best_plan = "best plan's steps", *steady_rate = "steady rate", *billed_run = "billed run";

Table summary(const Scenario& scenario, const OptionAnswer& a) {
  Table table;
  table.columns = {{"figure"}, numeric("value"), numeric("P10 to P90"), {"of"}};
  const char* basis = billed_run;
  const auto add = [&](const std::string& what, double value, std::string text, std::string range = "") {
    table.add({what, {value, std::move(text)}, range.empty() ? Cell{} : Cell{std::move(range)}, basis});
  };
  const auto cost_span = [&](double value, auto show) {
    return show(value * a.cost_p10) + " - " + show(value * a.cost_p90);
  };
  const auto span = [&](double value, auto show) { return show(value * a.p10) + " - " + show(value * a.p90); };
  const auto time = [](double s) { return duration(Seconds{s}); };
  if (a.runs.size() == 1) {
    const scenario::Run& run = a.runs.front();
    const double step = run.estimate.step_time.value();
    const auto in_seconds = [](double s) { return report::seconds(Seconds{s}); };
    const double practice = run.account.factor(practice::Scope::steady);
    const double rate = scenario.job.tokens / run.steady.value();
    const auto rates = [&](const std::string& at, double factor) {
      add("tokens per second, " + at, rate * factor, scaled(rate * factor));
      add("share of peak (MFU), " + at, a.mfu * factor, percent(a.mfu * factor));
    };
    basis = best_plan;
    add("step time, best plan", step, in_seconds(step),
        in_seconds(step * run.interval.p10) + " - " + in_seconds(step * run.interval.p90));
    rates("best plan", practice);
    basis = steady_rate;
    const double steady = step * practice;
    const bool is_anchored = run.anchored.has_value();
    const double down = run.interval.p10, up = run.interval.p90;
    add("step time, steady", steady, in_seconds(steady),
        is_anchored ? in_seconds(steady * down) + " - " + in_seconds(steady * up) : "");
    rates("steady", 1);
  } else {
    basis = steady_rate;
    add("share of peak (MFU), steady", a.mfu, percent(a.mfu));
  }
  basis = billed_run;
  add("tokens per second", a.tokens_per_s, scaled(a.tokens_per_s));
  const double per_device = scenario.job.tokens / a.device_time.value();
  add("tokens per second and device", per_device, grouped(per_device));
  add("duration", a.duration.value(), duration(a.duration), span(a.duration.value(), time));
  add("device-hours", hours(a.device_time), grouped(hours(a.device_time)));
  if (a.priced()) {
    const auto amount = [&](double value) { return money(Money{value, scenario.currency}); };
    add("cost", a.bill.total().amount, amount(a.bill.total().amount), cost_span(a.bill.total().amount, amount));
    const double per_1t = cost_per_1t(a, scenario).amount;
    add("cost per 1T tokens", per_1t, amount(per_1t), cost_span(per_1t, amount));
  }
  if (a.energy) add("electricity (facility)", kilowatt_hours(*a.energy), energy(*a.energy));
  return table;
}

Table time_table(const estimate::Estimate& estimate) {
  Table table;
  table.title = "Time of one step";
  table.columns = {{"account"}, numeric("time", "s", "seconds"), numeric("share"), {"law", "", Align::left, "why"}};
  for (const auto& entry : estimate.time.entries())
    table.add({entry.account,
               {entry.amount.value(), seconds(entry.amount)},
               {entry.amount / estimate.step_time, fixed(entry.amount / estimate.step_time * 100, 1) + " %"},
               entry.why});
  table.add({"total", {estimate.step_time.value(), seconds(estimate.step_time)}, {1.0, "100.0 %"}, ""});
  return table;
}

/// First, fullest and last stage: the others lie between.
std::vector<std::size_t> telling_stages(const std::vector<estimate::StageMemory>& memory) {
  std::size_t fullest = 0;
  for (std::size_t i = 0; i < memory.size(); ++i)
    if (memory[i].peak() > memory[fullest].peak()) fullest = i;
  std::vector<std::size_t> list = {0};
  if (fullest != 0) list.push_back(fullest);
  if (memory.size() > 1 && fullest != memory.size() - 1) list.push_back(memory.size() - 1);
  return list;
}

Table memory_table(const estimate::Estimate& estimate) {
  Table table;
  table.title = fmt::format("Peak memory of a rank, of {}", bytes(estimate.memory.front().capacity));
  table.columns = {numeric("stage"), {"account"}, numeric("memory", "gib"), {"why"}};
  for (std::size_t index : telling_stages(estimate.memory)) {
    const auto& stage = estimate.memory[index];
    for (const auto& entry : stage.use.entries())
      table.add({{1.0 * stage.stage, std::to_string(stage.stage)},
                 entry.account,
                 {gib(entry.amount), bytes(entry.amount)},
                 entry.why});
    table.add({{1.0 * stage.stage, std::to_string(stage.stage)},
               "total",
               {gib(stage.peak()), bytes(stage.peak())},
               percent(stage.peak() / stage.capacity) + " of capacity"});
  }
  return table;
}

Table bill_table(const economics::Bill& bill) {
  Table table;
  table.title = "Money";
  table.columns = {{"account"}, numeric("amount"), {"why"}};
  for (const auto& entry : bill.entries())
    table.add({economics::name(entry.account), {entry.amount.amount, money_exact(entry.amount)}, entry.why});
  table.add({"total", {bill.total().amount, money_exact(bill.total())}, ""});
  return table;
}

Table swing_table(const uncertainty::StepInterval& interval) {
  Table table;
  table.title = "What the interval is made of: step time at the ends of each figure's range";
  table.columns = {{"figure"}, numeric("at low"), numeric("at high"), {"source"}};
  for (const auto& swing : interval.swings) {
    if (table.rows.size() == 6 || swing.width() < 0.002) break;
    table.add({swing.figure,
               {swing.at_low, fmt::format("{:+.1f} %", (swing.at_low - 1) * 100)},
               {swing.at_high, fmt::format("{:+.1f} %", (swing.at_high - 1) * 100)},
               swing.source});
  }
  return table;
}

Table cost_swing_table(const Scenario& scenario, const OptionAnswer& answer) {
  Table table;
  table.title = "What moves the cost, one figure at a time";
  table.columns = {{"figure"}, numeric("at low"), numeric("at high"), {"source"}};
  const auto change = [](double factor) { return Cell{factor, fmt::format("{:+.1f} %", (factor - 1) * 100)}; };
  for (const scenario::CostSwing& swing : scenario::cost_swings(scenario, answer))
    table.add({swing.figure, change(swing.at_low), change(swing.at_high), swing.source});
  return table;
}

std::string plan_text(const Scenario& scenario, const OptionAnswer& answer, const scenario::Run& run) {
  const std::size_t index = static_cast<std::size_t>(&run - answer.runs.data());
  return scenario::plan_text(run.plan, scenario.host(scenario.options[scenario.find(answer.name)], index));
}

/// The ways of a mix, with the costs in their own scale.
void add_mix(Page& page, const Scenario& scenario, const OptionAnswer& answer) {
  if (answer.ways.empty()) return;
  const scenario::Option& option = scenario.options[scenario.find(answer.name)];
  std::vector<double> amounts;
  for (const OptionAnswer& way : answer.ways)
    if (way.priced()) amounts.push_back(cost_per_1t(way, scenario).amount);
  page.tables.push_back(ways_table(scenario, option, answer, {amounts, scenario.currency}));
  if (!answer.worth.empty()) page.tables.push_back(worth_table(answer));
  if (const std::string remark = mix_remark(option, answer); !remark.empty()) page.remarks.push_back(remark);
}

/// The whole run: its steps, and what interrupts them.
Table goodput_table(const scenario::Run& run) {
  const goodput::Interruptions& all = *run.interruptions;
  Table table;
  table.title = fmt::format("What interrupts it: an interruption every {}, a checkpoint every {}", duration(all.mtbf),
                            duration(all.interval));
  table.columns = {{"account"}, numeric("time", "s"), numeric("share"), {"law"}};
  const auto add = [&](const char* account, double share, const char* law) {
    const Seconds time = run.steady * share;
    table.add({account, {time.value(), duration(time)}, {share / all.factor(), percent(share / all.factor())}, law});
  };
  add("steps", 1, "steps at the steady rate");
  add("checkpoints", all.checkpoints, "time for which each checkpoint blocks the job");
  add("lost work", all.lost, "done since the last stored checkpoint when the job is interrupted");
  add("recovery", all.recovery, "until the job works again, interruptions meanwhile included");
  if (all.shrunk > 0) add("fewer replicas", all.shrunk, "until those that failed are repaired");
  if (all.waiting > 0)
    add("waiting for servers", all.waiting, "while more servers are unavailable than there are spares");
  if (all.unheld > 0) add("devices taken away", all.unheld, "spot devices; no rent is paid for this time");
  add("total", all.factor(), "");
  return table;
}

/// What a disturbance does, account by account.
Table damage_table(const scenario::Run& run) {
  Table table;
  table.title = "What the disturbance costs: one step with and without it";
  table.columns = {{"account"}, numeric("without", "s"), numeric("with", "s"), numeric("difference")};
  const Seconds all = run.undisturbed->total();
  const auto add = [&](const std::string& account, Seconds without, Seconds with) {
    const double share = (with - without) / all;
    table.add({account,
               {without.value(), seconds(without)},
               {with.value(), seconds(with)},
               {share, fmt::format("{:+.1f} %", 100 * share)}});
  };
  for (const auto& entry : run.estimate.time.entries()) {
    const Seconds without = run.undisturbed->total(entry.account);
    if (std::abs((entry.amount - without) / all) >= 5e-4) add(entry.account, without, entry.amount);
  }
  for (const auto& entry : run.undisturbed->entries())
    if (run.estimate.time.total(entry.account).value() == 0) add(entry.account, entry.amount, Seconds{});
  add("total", all, run.estimate.step_time);
  return table;
}

void add_run(Page& page, const scenario::Run& run) {
  page.tables.push_back(account_table(run));
  if (run.interruptions) page.tables.push_back(goodput_table(run));
  if (run.undisturbed) page.tables.push_back(damage_table(run));
  page.tables.push_back(time_table(run.estimate));
  page.tables.push_back(memory_table(run.estimate));
  page.tables.push_back(swing_table(run.interval));
}

/// Where a step's time goes, and memory beside capacity, stage by stage.
std::vector<Page::Chart> charts(const estimate::Estimate& estimate) {
  Page::Chart time{"Time of one step", {}}, memory{"Peak memory of a rank, of its capacity", {}};
  double from = 0;
  for (const auto& entry : estimate.time.entries()) {
    if (entry.amount.value() <= 0) continue;
    const double to = from + entry.amount.value();
    time.bars.push_back({entry.account, from, to, percent(entry.amount / estimate.step_time)});
    from = to;
  }
  for (const std::size_t index : telling_stages(estimate.memory)) {
    const auto& stage = estimate.memory[index];
    const double share = stage.peak() / stage.capacity;
    memory.bars.push_back({fmt::format("stage {}", stage.stage), 0, share, percent(share)});
  }
  memory.bars.push_back({"capacity", 0, 1, bytes(estimate.memory.front().capacity)});
  return {time, memory};
}

}  // namespace

Page estimate_page(const Scenario& scenario, const OptionAnswer& answer, const validation::OptionEvidence& evidence) {
  Page page;
  const int index = scenario.find(answer.name);
  page.title = scenario.name + ": " + answer.label;
  page.json = estimate_json(scenario, answer, evidence).dump(2);
  if (!answer.feasible()) {
    page.tables.push_back(
        {"", {{"option"}, {"cannot run", "", Align::left, "reason"}}, {{answer.label, answer.reason->explanation}}});
    add_mix(page, scenario, answer);
    add_assumed(scenario.job.model, page.remarks);
    add_public_prices(scenario, page.remarks, index);
    add_defaults(scenario, page, index);
    return page;
  }
  if (std::string text = target_remark(scenario, answer); !text.empty()) page.lead.push_back(std::move(text));
  page.tables.push_back(summary(scenario, answer));
  if (answer.runs.size() == 1) page.charts = charts(answer.runs.front().estimate);
  if (!scenario.stages.empty()) page.tables.push_back(stage_table(scenario, {&answer}));
  for (const scenario::Run& run : answer.runs) {
    if (!scenario.stages.empty()) continue;  // their plans stand in the table
    page.remarks.push_back(
        fmt::format("Plan on {} {}: {}.", run.devices, run.device, plan_text(scenario, answer, run)));
    if (answer.runs.size() == 1) add_run(page, run);
  }
  for (std::string& remark : precision_remarks(scenario, answer)) page.remarks.push_back(std::move(remark));
  if (std::string text = coverage_remark(scenario, answer); !text.empty()) page.remarks.push_back(std::move(text));
  add_mix(page, scenario, answer);
  if (answer.priced()) {
    page.tables.push_back(bill_table(answer.bill));
    page.tables.push_back(cost_swing_table(scenario, answer));
  }
  for (const validation::RunEvidence& one : evidence) {
    page.tables.push_back(nearest_table(one));
    page.remarks.push_back(fmt::format("Published runs like it on {}: {}.", one.asked.device, sentence(one)));
  }
  if (Table whole = nearest_whole_table({answer}, {evidence}); !whole.rows.empty())
    page.tables.push_back(std::move(whole));
  for (Table& table : trace_tables(longest_runs({&answer}))) page.tables.push_back(std::move(table));
  for (std::string& remark : anchor_remarks(longest_runs({&answer}), scenario))
    page.remarks.push_back(std::move(remark));
  if (std::string text = project_remark(scenario, {&answer}); !text.empty()) page.remarks.push_back(std::move(text));
  add_assumed(scenario.job.model, page.remarks);
  add_public_prices(scenario, page.remarks, index);
  for (std::string& remark : quote_remarks(scenario, report_day(), index)) page.remarks.push_back(std::move(remark));
  if (!evidence.empty())
    page.remarks.emplace_back(
        "Their errors: predicted over measured step time, less 1, from a fit without any run of the same project.");
  add_defaults(scenario, page, index);
  return page;
}

}  // namespace chipmix::report
