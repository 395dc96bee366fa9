#include "report/account_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

using practice::Scope;
using Json = nlohmann::ordered_json;

std::string times(double factor) { return fmt::format("x {:.3f}", factor); }

const practice::Row* row_of(const scenario::Run& run, practice::Item item) {
  for (const practice::Row& row : run.account.rows())
    if (row.item == item) return &row;
  return nullptr;
}

}  // namespace

Table account_table(const scenario::Run& run) {
  Table table;
  table.title = "From the best plan to the bill";
  table.columns = {{"account"},   numeric("factor"),          numeric("low to high"),  numeric("time", "s"),
                   {"counts as"}, droppable({"evidence"}, 1), droppable({"source"}, 2)};
  Seconds time = run.useful;
  table.add({"best plan found, its steps", {}, {}, {time.value(), duration(time)}, {}, {}, {}});
  for (const practice::Row& row : run.account.rows()) {
    const Seconds added = time * (row.factor - 1);
    const std::string range = row.range ? fmt::format("{:.3f}-{:.3f}", row.range->low, row.range->high) : "";
    table.add({practice::label(row.item),
               {row.factor, times(row.factor)},
               range,
               {added.value(), (added.value() < 0 ? "-" : "+") + duration(Seconds{std::abs(added.value())})},
               practice::name(practice::scope_of(row.item)),
               name(row.grade),
               row.source});
    time += added;
  }
  table.add({"billed", {time / run.useful, times(time / run.useful)}, {}, {time.value(), duration(time)}, {}, {}, {}});
  return table;
}

Table account_table(const scenario::Comparison& comparison) {
  Table table;
  table.title = "From the best plan to the bill, factors on time";
  table.columns = {{"account"}};
  std::vector<const scenario::Run*> runs;
  for (const scenario::OptionAnswer& a : comparison.options)
    if (a.feasible() && a.runs.size() == 1) {
      runs.push_back(&a.runs.front());
      table.columns.push_back(numeric(a.name));
    }
  const auto add = [&](const char* label, const auto& factor) {
    std::vector<Cell> cells = {label};
    bool is_known = false;
    for (const scenario::Run* run : runs) {
      const std::optional<double> value = factor(*run);
      cells.push_back(value ? Cell{*value, times(*value)} : Cell{});
      is_known = is_known || value;
    }
    if (is_known) table.add(std::move(cells));
  };
  for (const practice::Item item : practice::all_items)
    add(practice::label(item), [&](const scenario::Run& run) {
      const practice::Row* row = row_of(run, item);
      return row ? std::optional(row->factor) : std::nullopt;
    });
  add("billed", [](const scenario::Run& run) { return std::optional(run.account.factor(Scope::billed)); });
  return table;
}

Json account_json(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer) {
  Json rows = Json::array();
  if (answer.runs.size() == 1)
    for (const practice::Row& row : answer.runs.front().account.rows())
      rows.push_back({{"account", practice::key(row.item)},
                      {"scope", practice::name(practice::scope_of(row.item))},
                      {"factor", row.factor},
                      {"low", row.range ? Json(row.range->low) : Json(nullptr)},
                      {"high", row.range ? Json(row.range->high) : Json(nullptr)},
                      {"evidence", name(row.grade)},
                      {"source", row.source}});
  const int option = scenario.find(answer.name);
  return {{"practice", option < 0 ? Json(nullptr) : Json(practice::name(scenario.options[option].practice))},
          {"best_plan",
           {{"days", days(answer.best_duration)},
            {"cost", answer.priced() ? Json(answer.best_cost) : Json(nullptr)},
            {"mfu", answer.best_mfu}}},
          {"account", std::move(rows)}};
}

}  // namespace chipmix::report
