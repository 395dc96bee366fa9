#include "report/whole_runs_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/answer_json.hpp"
#include "report/number.hpp"
#include "validation/groups.hpp"

namespace chipmix::report {
namespace {

using practice::Scope;
using validation::WholePrediction;
using validation::WholeRun;
using validation::WholeScore;
using Json = nlohmann::ordered_json;

Cell whole_share(double value, bool known) { return known ? Cell{value, percent(value)} : Cell{}; }

std::vector<Column> whole_columns(const char* what) {
  Column name{what};
  name.least = 24;
  return {name,
          numeric("runs"),
          numeric("median"),
          numeric("mean"),
          numeric("bias"),
          numeric("in P10-P90"),
          droppable(numeric("P90/P10"), 1)};
}

std::vector<Cell> whole_row(const std::string& name, const WholeScore& s) {
  const bool any = s.predicted > 0;
  return {name,
          s.runs,
          whole_share(s.median, any),
          whole_share(s.mean, any),
          any ? Cell{s.bias, fmt::format("{:+.2f}", s.bias)} : Cell{},
          whole_share(s.coverage.value_or(0), s.coverage.has_value()),
          s.width ? Cell{*s.width, fmt::format("{:.2f}", *s.width)} : Cell{}};
}

Table overall(const validation::WholeScored& shipped, const validation::WholeScored* left_out) {
  Table table;
  table.title = "Errors of device-hours";
  table.columns = whole_columns("fit");
  if (left_out) table.rows.push_back(whole_row("publisher left out", left_out->all));
  table.rows.push_back(whole_row("as shipped", shipped.all));
  return table;
}

Table groups(const char* title, const char* what, const std::map<std::string, WholeScore>& scores) {
  Table table;
  table.title = title;
  table.columns = whole_columns(what);
  std::vector<std::pair<double, std::string>> worst_first;
  for (const auto& [name, score] : scores) worst_first.emplace_back(-score.mean, name);
  std::sort(worst_first.begin(), worst_first.end());
  for (const auto& [mean, name] : worst_first) table.rows.push_back(whole_row(name, scores.at(name)));
  return table;
}

Table run_table(const std::vector<WholeRun>& runs, const std::vector<WholePrediction>& predictions) {
  Table table;
  table.title = "Runs, largest error first; device-hours in the published scope";
  Column name{"run"};
  name.least = 16;
  table.columns = {name,
                   Column{"scope"},
                   droppable(Column{"plan found"}, 2),
                   droppable(numeric("devices"), 3),
                   numeric("best plan"),
                   numeric("predicted"),
                   numeric("P10"),
                   numeric("P90"),
                   numeric("published"),
                   numeric("error")};
  std::vector<std::size_t> order(runs.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto off = [&](std::size_t i) {
    const auto& p = predictions[i];
    return p.device_hours > 0 && runs[i].device_hours ? std::abs(std::log(p.device_hours / *runs[i].device_hours)) : 99;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return off(a) > off(b); });
  for (const std::size_t i : order) {
    const auto& p = predictions[i];
    const auto hours = [](double value) { return value > 0 ? Cell{value, grouped(value)} : Cell{}; };
    const double published = runs[i].device_hours.value_or(0);
    table.rows.push_back({runs[i].id, p.status == validation::Status::ok ? practice::name(p.scope) : p.reason, p.plan,
                          p.devices, hours(p.best_hours), hours(p.device_hours), hours(p.p10), hours(p.p90),
                          hours(published),
                          whole_share(p.device_hours / published - 1, p.device_hours > 0 && published > 0)});
  }
  return table;
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json whole_score_json(const WholeScore& s) {
  return {{"runs", s.runs},
          {"predicted", s.predicted},
          {"median", s.median},
          {"mean", s.mean},
          {"bias_log", s.bias},
          {"coverage", or_null(s.coverage)},
          {"p90_over_p10", or_null(s.width)}};
}

Json scored_json(const validation::WholeScored& scored) {
  const auto list = [](const std::map<std::string, WholeScore>& groups) {
    Json json = Json::object();
    for (const auto& [name, score] : groups) json[name] = whole_score_json(score);
    return json;
  };
  return {{"all", whole_score_json(scored.all)},
          {"by_class", list(scored.kind)},
          {"by_scope", list(scored.scope)},
          {"by_device", list(scored.device)},
          {"by_project", list(scored.project)}};
}

Json ledger_json(const WholePrediction& p) {
  Json rows = Json::array();
  double hours = p.best_hours;
  for (const practice::Row& row : p.account.rows()) {
    if (practice::scope_of(row.item) > p.scope) continue;
    rows.push_back({{"item", practice::key(row.item)},
                    {"label", practice::label(row.item)},
                    {"scope", practice::name(practice::scope_of(row.item))},
                    {"factor", row.factor},
                    {"device_hours", hours * (row.factor - 1)},
                    {"low", row.range ? Json(row.range->low) : Json(nullptr)},
                    {"high", row.range ? Json(row.range->high) : Json(nullptr)},
                    {"grade", name(row.grade)},
                    {"source", row.source}});
    hours *= row.factor;
  }
  return rows;
}

Json run_json(const WholeRun& run, const WholePrediction& p, const validation::LeftOut& errors) {
  const bool ok = p.status == validation::Status::ok;
  const auto held = errors.find(run.id);
  return {{"id", run.id},
          {"status", validation::name(p.status)},
          {"reason", p.reason.empty() ? Json(nullptr) : Json(p.reason)},
          {"project", run.project},
          {"scope", practice::name(p.scope)},
          {"practice", practice::name(p.practice)},
          {"class", run.model.moe ? "MoE" : "dense"},
          {"device", p.device},
          {"die", p.device.empty() ? Json(nullptr) : Json(validation::die_of(p.device))},
          {"devices", p.devices},
          {"plan", p.plan},
          {"best_plan_device_hours", p.best_hours},
          {"best_plan_mfu", p.best_mfu},
          {"predicted", ok ? Json{{"device_hours", p.device_hours}, {"p10", p.p10}, {"p90", p.p90}} : Json(nullptr)},
          {"measured", {{"device_hours", or_null(run.device_hours)}}},
          {"left_out_log_error", held == errors.end() ? Json(nullptr) : or_null(held->second.left_out)},
          {"ledger", ok ? ledger_json(p) : Json::array()},
          {"assumed", p.assumed}};
}

}  // namespace

Page whole_runs_page(const std::vector<WholeRun>& runs, const std::vector<WholePrediction>& predictions,
                     const validation::LeftOut& errors) {
  const validation::WholeScored shipped = score(runs, predictions);
  const validation::WholeScored held = score(runs, predictions, &errors);
  const bool is_held = held.all.predicted > 0;
  const validation::WholeScored& shown = is_held ? held : shipped;
  Page page;
  page.title = fmt::format("Predictions for {} published whole runs", runs.size());
  page.tables = {overall(shipped, is_held ? &held : nullptr),
                 groups("By what the hours include, worst first", "scope", shown.scope),
                 groups("By class of model, worst first", "class", shown.kind),
                 groups("By die, worst first", "die", shown.device), run_table(runs, predictions)};
  page.remarks.push_back(
      "Error: predicted / published - 1; median and mean of its absolute value. Bias: mean of ln(predicted / "
      "published).");
  if (is_held) page.remarks.push_back("Publisher left out: fitted without any run of the publisher of the row.");
  Json list = Json::array();
  for (std::size_t i = 0; i < runs.size(); ++i) list.push_back(run_json(runs[i], predictions[i], errors));
  Json summary = scored_json(shipped);
  summary["left_out"] = is_held ? scored_json(held) : Json(nullptr);
  page.json =
      Json{{"schema_version", schema_version}, {"runs", std::move(list)}, {"summary", std::move(summary)}}.dump(1);
  return page;
}

}  // namespace chipmix::report
