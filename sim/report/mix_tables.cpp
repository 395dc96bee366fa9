#include "report/mix_tables.hpp"

#include <fmt/format.h>

#include <set>

#include "report/number.hpp"
#include "scenario/number_formats.hpp"

namespace chipmix::report {
namespace {

using scenario::OptionAnswer;

std::string plan_of(const OptionAnswer& way, const scenario::Option& option) {
  if (way.runs.size() == 1) return scenario::plan_text(way.runs.front().plan, option);
  std::string text;
  for (const scenario::Run& run : way.runs)
    text += fmt::format("{}{:.0f} % {}", text.empty() ? "" : ", then ", run.share * 100, run.device);
  return text;
}

/// "at most 3 % faster possible" where a search was stopped.
std::string open_gap(const OptionAnswer& way) {
  if (!way.search || way.search->complete || way.runs.size() != 1) return "";
  const double gap = 1 - way.search->bound / way.runs.front().estimate.step_time.value();
  return fmt::format("; stopped: at most {:.0f} % faster is possible", 100 * gap);
}

}  // namespace

Table ways_table(const scenario::Scenario& scenario, const scenario::Option& option, const OptionAnswer& answer,
                 const MoneyScale& scale) {
  Table table;
  table.title = "Ways to use " + answer.label;
  Column plan{"plan"};
  plan.least = 30;
  table.columns = {{"way"},
                   plan,
                   droppable(numeric("step time", "s"), 2),
                   numeric("tokens/s", "", "tokens_per_s"),
                   droppable(numeric("days"), 1),
                   numeric(scale.unit() + " per 1T", "", "cost_per_1t_tokens_" + scenario.currency.code),
                   {"what limits it", "", Align::left, "limit"}};
  for (const OptionAnswer& way : answer.ways) {
    if (!way.feasible()) {
      table.add({way.name, "cannot run: " + way.reason->explanation, {}, {}, {}, {}, {}});
      continue;
    }
    const double step = way.runs.front().estimate.step_time.value();
    Cell cost;
    if (way.priced()) cost = {cost_per_1t(way, scenario).amount, scale.text(cost_per_1t(way, scenario).amount)};
    table.add({way.way == answer.way && !way.way.empty() ? way.name + " *" : way.name,
               plan_of(way, option),
               way.runs.size() == 1 ? Cell{step, seconds(Seconds{step})} : Cell{},
               {way.tokens_per_s, scaled(way.tokens_per_s)},
               {days(way.duration), significant(days(way.duration))},
               cost,
               way.limit + open_gap(way)});
  }
  return table;
}

Table worth_table(const OptionAnswer& answer) {
  Table table;
  table.title = "What each chip of " + answer.label + " adds, tokens per second and device";
  table.columns = {{"island"},
                   numeric("devices"),
                   numeric("alone", "", "alone_tokens_per_s"),
                   numeric("all, added to the others", "", "added_tokens_per_s"),
                   numeric("second half of them", "", "marginal_tokens_per_s")};
  for (const scenario::ChipWorth& one : answer.worth)
    table.add({one.island,
               {1.0 * one.devices, grouped(one.devices)},
               one.alone > 0 ? Cell{one.alone, grouped(one.alone)} : Cell{"does not fit"},
               {one.average, grouped(one.average)},
               one.fewer > 0 ? Cell{one.marginal, grouped(one.marginal)} : Cell{}});
  return table;
}

std::string mix_remark(const scenario::Option& option, const OptionAnswer& answer) {
  std::set<std::string> vendors;
  for (const hardware::NodeGroup& group : option.cluster->groups) vendors.insert(group.device.vendor);
  std::string text;
  const OptionAnswer* cheapest = nullptr;
  for (const OptionAnswer& way : answer.ways)
    if (way.priced() && (!cheapest || way.bill.total().amount < cheapest->bill.total().amount)) cheapest = &way;
  if (cheapest && cheapest->way.empty())
    text = fmt::format("{}: {} is cheaper than any way to use all of it. ", answer.label, cheapest->name);
  if (vendors.size() > 1)
    text += fmt::format(
        "{}: no published run of such a mix reports enough to check it; the parts are validated, the whole is not.",
        answer.label);
  return text;
}

}  // namespace chipmix::report
