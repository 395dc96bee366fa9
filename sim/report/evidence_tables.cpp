#include "report/evidence_tables.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

using validation::NearRun;
using validation::OptionEvidence;
using validation::RunEvidence;
using Json = nlohmann::ordered_json;

/// "-4 %"; an error that rounds to nothing is "+0 %".
Cell error_cell(double share) { return {share, fmt::format("{:+.0f} %", std::round(100 * share) + 0.0)}; }

Cell error_cell(const std::optional<double>& log_error) {
  return log_error ? error_cell(validation::share(*log_error)) : Cell{};
}

std::string alike(const RunEvidence& evidence) {
  if (evidence.is_nothing_alike()) return "nothing like it";
  const auto& asked = evidence.asked;
  const bool is_relative = evidence.on_device == 0 && !asked.is_inferred;
  return fmt::format("{}{}, {}{}", asked.is_inferred ? "taken for " : "", asked.die, kind(asked),
                     is_relative ? ", none on the device itself" : "");
}

/// "nvidia-h100-llama3-8b (-3 %)"; of what is not comparable in brackets.
Cell nearest_cell(const RunEvidence& evidence) {
  if (evidence.nearest.empty()) return {};
  const NearRun& near = evidence.nearest.front();
  const std::string error = near.run.left_out ? " (" + error_cell(near.run.left_out).text + ")" : "";
  return near.is_comparable ? near.run.id + error : "least unlike: " + near.run.id + error;
}

std::vector<Cell> near_row(const NearRun& near) {
  const auto& run = near.run;
  return {run.id,
          run.project,
          fmt::format("{} {}", grouped(run.traits.devices), run.traits.device),
          run.traits.model,
          error_cell(run.left_out),
          near.is_comparable ? "yes" : "no"};
}

std::vector<Column> near_columns() {
  return {{"run"}, {"project"}, {"devices"}, {"model"}, numeric("error"), {"comparable"}};
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json share_json(const std::optional<double>& log_error) {
  return log_error ? Json(validation::share(*log_error)) : Json(nullptr);
}

Json near_json(const NearRun& near) {
  const auto& run = near.run;
  return {{"id", run.id},
          {"project", run.project},
          {"device", run.traits.device},
          {"stack", run.traits.stack},
          {"model", run.traits.model},
          {"kind", kind(run.traits)},
          {"devices", run.traits.devices},
          {"error", share_json(run.left_out)},
          {"error_as_shipped", share_json(run.shipped)},
          {"distance", near.distance},
          {"comparable", near.is_comparable}};
}

Json whole_json(const NearRun& near) {
  Json json = near_json(near);
  json["tokens"] = near.run.whole->tokens;
  json["device_hours"] = near.run.whole->device_hours;
  json["scope"] = practice::name(near.run.whole->scope);
  return json;
}

Json one_json(const RunEvidence& evidence) {
  const auto& errors = evidence.errors;
  const auto figure = [&](double validation::ErrorSummary::*member) {
    return errors ? Json((*errors).*member) : Json(nullptr);
  };
  Json nearest = Json::array();
  for (const NearRun& near : evidence.nearest) nearest.push_back(near_json(near));
  Json whole = Json::array();
  for (const NearRun& near : evidence.whole) whole.push_back(whole_json(near));
  return {{"device", evidence.asked.device},
          {"family", evidence.asked.die},
          {"kind", kind(evidence.asked)},
          {"comparable_runs", evidence.runs},
          {"projects", evidence.projects},
          {"runs_on_device", evidence.on_device},
          {"runs_of_family", evidence.of_family},
          {"runs_with_error", errors ? errors->runs : 0},
          {"median_error", figure(&validation::ErrorSummary::median)},
          {"half_within", figure(&validation::ErrorSummary::half_within)},
          {"error_p10", figure(&validation::ErrorSummary::p10)},
          {"error_p90", figure(&validation::ErrorSummary::p90)},
          {"sentence", sentence(evidence)},
          {"nearest", std::move(nearest)},
          {"nearest_whole_runs", std::move(whole)}};
}

}  // namespace

Table evidence_table(const std::vector<scenario::OptionAnswer>& answers, const std::vector<OptionEvidence>& evidence) {
  Table table;
  table.title = "Published runs like each option; errors from fits without the run's project";
  table.columns = {{"option"},
                   {"compared with"},
                   numeric("runs"),
                   numeric("projects"),
                   numeric("median error"),
                   numeric("half within"),
                   {"nearest run, its error"}};
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (evidence[i].empty() || !answers[i].feasible()) continue;
    const RunEvidence& one = weakest(evidence[i]);
    const std::string of = evidence[i].size() > 1 ? ", " + one.asked.device : "";
    Cell median, within;
    if (one.errors) {
      median = error_cell(one.errors->median);
      within = {one.errors->half_within, fmt::format("±{:.0f} %", 100 * one.errors->half_within)};
    }
    table.add({answers[i].label + of, alike(one), one.runs, one.projects, median, within, nearest_cell(one)});
  }
  return table;
}

Table nearest_table(const RunEvidence& evidence) {
  Table table{fmt::format("Published runs nearest to it on {}", evidence.asked.device), near_columns(), {}};
  for (const NearRun& near : evidence.nearest) table.add(near_row(near));
  return table;
}

Table nearest_table(const std::vector<scenario::OptionAnswer>& answers, const std::vector<OptionEvidence>& evidence) {
  Table table{"Published runs nearest to each option; errors from fits without the run's project", near_columns(), {}};
  table.columns.insert(table.columns.begin(), Column{"option"});
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (answers[i].runs.size() != 1) continue;  // phases run on other options' clusters
    for (const RunEvidence& one : evidence[i])
      for (const NearRun& near : one.nearest) {
        std::vector<Cell> row = near_row(near);
        row.insert(row.begin(), answers[i].label + (evidence[i].size() > 1 ? ", " + one.asked.device : ""));
        table.add(std::move(row));
      }
  }
  return table;
}

Table nearest_whole_table(const std::vector<scenario::OptionAnswer>& answers,
                          const std::vector<OptionEvidence>& evidence) {
  Table table;
  table.title = "Nearest published whole runs; errors with the publisher left out";
  table.columns = {{"option"},
                   {"whole run"},
                   droppable({"on"}, 2),
                   droppable(numeric("tokens"), 3),
                   numeric("device-hours"),
                   droppable({"hours include"}, 1),
                   numeric("error"),
                   {"comparable"}};
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    if (answers[i].runs.size() != 1) continue;  // phases run on other options' clusters
    for (const RunEvidence& one : evidence[i])
      for (const NearRun& near : one.whole) {
        const auto& run = near.run;
        table.add({answers[i].label + (evidence[i].size() > 1 ? ", " + one.asked.device : ""),
                   run.id,
                   run.traits.devices > 0 ? fmt::format("{} {}", grouped(run.traits.devices), run.traits.device)
                                          : run.traits.device,
                   {run.whole->tokens, scaled(run.whole->tokens)},
                   {run.whole->device_hours, grouped(run.whole->device_hours)},
                   practice::name(run.whole->scope),
                   error_cell(run.left_out),
                   near.is_comparable ? "yes" : "no"});
      }
  }
  return table;
}

namespace {

/// Where the best plan of an option on one kind of device passes every published run like it.
std::string beyond_published(const scenario::OptionAnswer& answer, const OptionEvidence& evidence) {
  if (!answer.feasible() || answer.runs.size() != 1 || evidence.size() != 1 || !evidence.front().fastest) return {};
  const scenario::Run& run = answer.runs.front();
  const auto& fastest = *evidence.front().fastest;
  const double planned = (run.estimate.model_flops / run.estimate.step_time / run.devices).value();
  if (planned <= fastest.flops_per_device) return {};
  const double peak = (run.estimate.peak / run.devices).value();
  return fmt::format(
      "{}: the best plan found reaches {} of peak; no published run like it passes {} ({}). At the steady "
      "rate it is {}.",
      answer.label, percent(planned / peak), percent(fastest.flops_per_device / peak), fastest.id, percent(answer.mfu));
}

}  // namespace

std::vector<std::string> evidence_remarks(const std::vector<scenario::OptionAnswer>& answers,
                                          const std::vector<OptionEvidence>& evidence) {
  std::vector<std::string> remarks;
  for (std::size_t i = 0; i < evidence.size(); ++i)
    if (std::string text = beyond_published(answers[i], evidence[i]); !text.empty()) remarks.push_back(std::move(text));
  for (std::size_t i = 0; i < evidence.size(); ++i)
    for (const RunEvidence& one : evidence[i])
      if (one.is_nothing_alike() && answers[i].runs.size() == 1)
        remarks.push_back(fmt::format("{}: {}.", answers[i].label, sentence(one)));
  return remarks;
}

Json evidence_json(const OptionEvidence& evidence) {
  if (evidence.empty()) return nullptr;
  Json json = one_json(weakest(evidence));
  if (evidence.size() == 1) return json;
  json["by_device"] = Json::array();
  for (const RunEvidence& one : evidence) json["by_device"].push_back(one_json(one));
  return json;
}

}  // namespace chipmix::report
