#include "report/energy_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

using economics::Boundary;
using validation::EnergyPrediction;
using validation::EnergyRow;
using validation::EnergyScore;
using validation::EnergySummary;
using Json = nlohmann::ordered_json;
using EnergyScores = std::map<std::string, EnergyScore>;

/// Errors that are only rounding are none.
double rounded(double value) { return std::abs(value) < 1e-9 ? 0 : value; }
Cell energy_share(double value) { return {rounded(value), percent(rounded(value))}; }
Cell lean(double value) { return {rounded(value), (rounded(value) > 0 ? "+" : "") + percent(rounded(value))}; }

std::vector<Cell> energy_row(const std::string& name, const EnergyScore& s) {
  if (s.rows == 0) return {name, 0, {}, {}, {}, {}, {}};
  return {name,
          s.rows,
          energy_share(s.median),
          energy_share(s.mean),
          lean(s.bias),
          energy_share(s.left_out_mean),
          lean(s.left_out_bias)};
}

std::vector<Column> energy_columns(const char* what) {
  return {Column{what},
          numeric("rows"),
          numeric("median"),
          numeric("mean"),
          numeric("bias"),
          numeric("mean, family left out", "", "left_out_mean"),
          droppable(numeric("bias, family left out", "", "left_out_bias"), 1)};
}

Table energy_group_table(const char* title, const char* what, const EnergyScores& scores) {
  Table table{title, energy_columns(what)};
  std::vector<std::pair<std::string, EnergyScore>> order(scores.begin(), scores.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second.left_out_mean > b.second.left_out_mean; });
  for (const auto& [name, score] : order) table.add(energy_row(name, score));
  return table;
}

Table row_table(const std::vector<EnergyRow>& rows, const std::vector<EnergyPrediction>& predictions) {
  Table table{"Every row",
              {Column{"row", "", Align::left, "id"}, Column{"status"}, droppable(Column{"device"}, 3),
               Column{"boundary"}, Column{"unit"}, numeric("measured"), numeric("predicted"), numeric("error"),
               droppable(numeric("error, family left out", "", "left_out_error"), 2), Column{"phase or reason"}}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const EnergyPrediction& p = predictions[i];
    const Cell measured = p.measured > 0 ? Cell{p.measured, significant(p.measured)} : Cell{};
    const char* boundary = economics::name(rows[i].boundary);
    if (p.supported)
      table.add({rows[i].id,
                 "ok",
                 rows[i].device,
                 boundary,
                 p.unit,
                 measured,
                 {p.predicted, significant(p.predicted)},
                 lean(p.error()),
                 lean(p.left_out_error()),
                 p.reason});
    else
      table.add({rows[i].id, "unsupported", rows[i].device, boundary, p.unit, measured, {}, {}, {}, p.reason});
  }
  return table;
}

Json energy_score_json(const EnergyScore& s) {
  return {{"rows", s.rows},
          {"median", s.median},
          {"mean", s.mean},
          {"bias", s.bias},
          {"left_out", {{"median", s.left_out_median}, {"mean", s.left_out_mean}, {"bias", s.left_out_bias}}}};
}

Json energy_groups_json(const EnergyScores& scores) {
  Json json = Json::object();
  for (const auto& [name, score] : scores) json[name] = energy_score_json(score);
  return json;
}

Json row_json(const EnergyRow& row, const EnergyPrediction& p) {
  const auto if_ok = [&](double value) { return p.supported ? Json(value) : Json(nullptr); };
  return {{"id", row.id},
          {"status", p.supported ? "ok" : "unsupported"},
          {"reason", p.reason},
          {"boundary", economics::name(row.boundary)},
          {"device", row.device},
          {"family", p.family},
          {"phase", name(p.phase)},
          {"measured", p.measured > 0 ? Json(p.measured) : Json(nullptr)},
          {"predicted", if_ok(p.predicted)},
          {"left_out", if_ok(p.left_out)},
          {"unit", p.unit},
          {"source", row.url.empty() ? Json(row.title) : Json(row.url)}};
}

}  // namespace

Page energy_page(const std::vector<EnergyRow>& rows, const std::vector<EnergyPrediction>& predictions) {
  const EnergySummary summary = validation::summarise(rows, predictions);
  Page page;
  page.title = fmt::format("Predictions for {} of {} rows of measured power and energy", summary.all.rows, rows.size());
  Table all = energy_group_table("By boundary, worst first", "measured at", summary.by_boundary);
  all.add(energy_row("all", summary.all));
  page.tables = {
      energy_group_table("By device family, worst first", "devices", summary.by_family), std::move(all),
      energy_group_table("By phase, worst first", "phase", summary.by_phase),
      energy_group_table("By boundary and grade of the record, worst first", "measured at", summary.by_grade),
      row_table(rows, predictions)};
  page.remarks = {
      "Watts are of one device: at the device alone, with its share of the server, with the network (IT), or with "
      "cooling and losses (facility).",
      "Error: predicted / measured - 1. Family left out: what is fitted (weights of phases, idle host, fans) taken "
      "from "
      "other families of devices alone."};
  Json json = {{"schema_version", 1}, {"energy", Json::array()}};
  for (std::size_t i = 0; i < rows.size(); ++i) json["energy"].push_back(row_json(rows[i], predictions[i]));
  json["summary"] = energy_score_json(summary.all);
  json["summary"].update({{"unsupported", static_cast<int>(rows.size()) - summary.all.rows},
                          {"by_boundary", energy_groups_json(summary.by_boundary)},
                          {"by_family", energy_groups_json(summary.by_family)},
                          {"by_phase", energy_groups_json(summary.by_phase)},
                          {"by_grade", energy_groups_json(summary.by_grade)}});
  page.json = json.dump(2);
  return page;
}

}  // namespace chipmix::report
