#include "report/account_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "report/number.hpp"
#include "scenario/batches.hpp"
#include "validation/groups.hpp"

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

namespace {

bool has_same_rows(const scenario::Run& a, const scenario::Run& b) {
  const auto& one = a.account.rows();
  const auto& other = b.account.rows();
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](const auto& x, const auto& y) {
    return x.item == y.item && std::abs(x.factor - y.factor) < 1e-9;
  });
}

/// Runs whose accounts are alike, with the names of their options.
struct Alike {
  const scenario::Run* run = nullptr;
  std::vector<std::string> names;
};

/// Of an option with stages the longest one; phases run as the options that they name.
std::vector<Alike> alike(const scenario::Comparison& comparison) {
  std::vector<Alike> groups;
  for (const scenario::OptionAnswer& a : comparison.options) {
    if (!a.feasible() || (a.runs.size() > 1 && a.runs.front().stage.empty())) continue;
    const auto longest = std::max_element(a.runs.begin(), a.runs.end(),
                                          [](const auto& x, const auto& y) { return x.duration < y.duration; });
    const auto known = std::find_if(groups.begin(), groups.end(),
                                    [&](const Alike& group) { return has_same_rows(*group.run, *longest); });
    if (known == groups.end())
      groups.push_back({&*longest, {a.name}});
    else
      known->names.push_back(a.name);
  }
  return groups;
}

}  // namespace

Table account_table(const scenario::Comparison& comparison) {
  constexpr int shown = 5;  // columns that are not left out where there is no room
  Table table;
  table.title = "From the best plan to the bill, factors on time";
  table.columns = {{"account"}};
  std::vector<const scenario::Run*> runs;
  for (const Alike& group : alike(comparison)) {
    Column column = numeric(fmt::format("{}", fmt::join(group.names, ", ")));
    runs.push_back(group.run);
    table.columns.push_back(static_cast<int>(runs.size()) > shown ? droppable(column, 1) : column);
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

namespace {

std::string practice_words(practice::Practice practice) {
  switch (practice) {
    case practice::Practice::ideal:
      return "nobody: the best plan, uninterrupted";
    case practice::Practice::tuned:
      return "a team that tunes the system for months";
    case practice::Practice::typical:
      return "an experienced team with its usual software";
    case practice::Practice::first:
      return "a team on its first large run on the system";
  }
  throw std::logic_error("unknown practice");
}

/// A rate that the user gives, beside the best plan found.
std::string own_rate_remark(const scenario::Option& option, const scenario::OptionAnswer& a) {
  const double ratio = a.mfu / a.best_mfu;
  std::string text = fmt::format(
      "{}: the steady rate is your own, {} of peak (model FLOPs without recomputation, causal attention counted half); "
      "options without one are less certain.",
      option.label, percent(a.mfu));
  if (ratio > 1)
    text += fmt::format(
        " It is {:.2f} times that of the best plan chipmix finds ({}): check how it counts FLOPs, and for which plan.",
        ratio, percent(a.best_mfu));
  return text;
}

}  // namespace

std::vector<std::string> practice_remarks(const scenario::Scenario& scenario, const scenario::Comparison& comparison) {
  std::vector<std::string> remarks = scenario::slower_with_more(scenario, comparison);
  std::map<practice::Practice, std::vector<std::string>> who;
  std::vector<std::string> untested;
  const auto& seen = scenario.practice.seen_dies;
  for (const scenario::OptionAnswer& a : comparison.options) {
    if (!a.feasible()) continue;
    const scenario::Option& option = scenario.options[scenario.find(a.name)];
    const bool is_own = option.mfu || option.measured_step;
    if (is_own) remarks.push_back(own_rate_remark(option, a));
    if (!is_own) who[option.practice].push_back(a.name);
    if (!option.cluster || is_own || option.practice == practice::Practice::ideal) continue;
    for (const hardware::NodeGroup& group : option.cluster->groups)
      if (const std::string die = validation::die_of(group.device.id);
          std::find(seen.begin(), seen.end(), die) == seen.end() &&
          std::find(untested.begin(), untested.end(), group.device.name) == untested.end())
        untested.push_back(group.device.name);
  }
  for (const auto& [practice, names] : who)
    remarks.push_back(fmt::format("Run by {} (practice \"{}\"): {}.", practice_words(practice), name(practice),
                                  fmt::join(names, ", ")));
  if (!untested.empty())
    remarks.push_back(fmt::format(
        "No published whole run on {}: the losses between best plan and bill are those of other devices, and the "
        "interval is widened by the spread between chip designs ({:.0f} %).",
        fmt::join(untested, ", "), 100 * scenario.practice.unseen_die.value));
  return remarks;
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
          {"basis",
           {{"step_time_s", "best plan"},
            {"mfu", "steady"},
            {"tokens_per_s", "billed"},
            {"days", "billed"},
            {"device_hours", "billed"},
            {"cost", "billed"}}},
          {"steady_step_time_s", answer.runs.size() == 1 ? Json(answer.runs.front().estimate.step_time.value() *
                                                                answer.runs.front().account.factor(Scope::steady))
                                                         : Json(nullptr)},
          {"account", std::move(rows)}};
}

std::optional<Interval<double>> project_range(const scenario::Scenario& scenario,
                                              const std::vector<const scenario::OptionAnswer*>& shown) {
  const auto is_asked = [](const scenario::OptionAnswer* a) {
    return a->feasible() && !a->runs.empty() && !a->runs.front().account.rows().empty();
  };
  return std::any_of(shown.begin(), shown.end(), is_asked) ? scenario.practice.project.range : std::nullopt;
}

std::string project_remark(const scenario::Scenario& scenario,
                           const std::vector<const scenario::OptionAnswer*>& shown) {
  const Sourced<double>& project = scenario.practice.project;
  if (!project_range(scenario, shown)) return {};
  std::string text = fmt::format(
      "All figures are for the final run; a whole project, with ablations and failed runs, has taken {:.1f} to {:.1f} "
      "times its device-hours where that is published",
      project.range->low, project.range->high);
  const scenario::OptionAnswer* least = nullptr;
  for (const scenario::OptionAnswer* a : shown)
    if (a->priced() && (!least || a->bill.total().amount < least->bill.total().amount)) least = a;
  if (least) {
    const double cost = least->bill.total().amount;
    text += fmt::format(", for {} {} to {}", least->label, money({cost * project.range->low, scenario.currency}),
                        money({cost * project.range->high, scenario.currency}));
  }
  return text + fmt::format(" ({}).", project.source);
}

Json project_json(const scenario::Scenario& scenario) {
  const Sourced<double>& project = scenario.practice.project;
  return {{"low", project.range ? Json(project.range->low) : Json(nullptr)},
          {"value", project.value},
          {"high", project.range ? Json(project.range->high) : Json(nullptr)},
          {"evidence", name(project.grade)},
          {"source", project.source}};
}

}  // namespace chipmix::report
