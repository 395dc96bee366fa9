#include "report/anchor_remark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/number.hpp"
#include "scenario/anchors.hpp"

namespace chipmix::report {
namespace {

using scenario::Anchor;
using scenario::Run;

std::string times_text(double factor) { return fmt::format("x{:.2f}", factor); }

std::string anchors_text(const scenario::Anchors& anchors) {
  std::string text;
  for (const Anchor& anchor : anchors.list())
    text += fmt::format("{}{}: {} of its plan's steps as predicted ({})", text.empty() ? "Anchored on " : "; on ",
                        anchor.name, times_text(anchor.seconds / anchor.predicted), seconds(Seconds{anchor.predicted}));
  return text + ".";
}

std::string carried_text(const NamedRuns& runs) {
  std::string text;
  for (const auto& [name, run] : runs)
    if (run->anchored)
      text += fmt::format("{}{} {}, its error correlates by {:.2f}, its interval keeps {:.0f} % of its width",
                          text.empty() ? "On top of what is expected of the team: " : "; ", name,
                          times_text(run->anchored->factor), run->anchored->carried.correlation,
                          100 * run->anchored->carried.left);
  return text + ".";
}

std::string assumed_text(const practice::Kinship& kinship) {
  const auto part = [](const Sourced<double>& share) { return fmt::format("{:.0f} %", 100 * share.value); };
  return fmt::format(
      "Carried over is what errors of published steps had in common, as parts of their variance: the same team {}, "
      "stack {}, device under that stack {}, network {}, and there the same accounts of time {}; {} is each run's own.",
      part(kinship.team), part(kinship.stack), part(kinship.device), part(kinship.network), part(kinship.work),
      part(kinship.run));
}

/// A measured step that is further off than it counts.
std::string far_off_text(const scenario::Anchors& anchors, practice::Practice practice) {
  std::string text;
  for (std::size_t i = 0; i < anchors.list().size(); ++i)
    if (anchors.is_far_off(i, practice))
      text += fmt::format("{}{}",
                          text.empty() ? "Further off than published runs are, and counted as if it were less: " : "; ",
                          anchors.list()[i].name);
  return text.empty() ? text : text + ". Is it the plan, batch and length that ran?";
}

}  // namespace

NamedRuns longest_runs(const std::vector<const scenario::OptionAnswer*>& answers) {
  NamedRuns runs;
  for (const scenario::OptionAnswer* answer : answers) {
    if (!answer->feasible()) continue;
    const auto longest = std::max_element(answer->runs.begin(), answer->runs.end(),
                                          [](const Run& a, const Run& b) { return a.duration < b.duration; });
    runs.emplace_back(answer->label, &*longest);
  }
  return runs;
}

std::vector<std::string> anchor_remarks(const NamedRuns& runs, const scenario::Scenario& scenario) {
  const auto first =
      std::find_if(runs.begin(), runs.end(), [](const auto& one) { return one.second->anchored.has_value(); });
  if (first == runs.end()) return {};
  const scenario::Anchors& anchors = *first->second->anchored->on;
  std::vector<std::string> remarks = {anchors_text(anchors), carried_text(runs), assumed_text(anchors.kinship())};
  const practice::Practice practice = scenario.options[first->second->option].practice;
  if (std::string text = far_off_text(anchors, practice); !text.empty()) remarks.push_back(std::move(text));
  return remarks;
}

std::vector<std::string> anchor_remarks(const scenario::Scenario& scenario, const scenario::Comparison& comparison) {
  std::vector<const scenario::OptionAnswer*> answers;
  for (const scenario::OptionAnswer& answer : comparison.options) answers.push_back(&answer);
  return anchor_remarks(longest_runs(answers), scenario);
}

std::vector<Table> trace_tables(const NamedRuns& runs) {
  std::vector<Table> tables;
  const auto first =
      std::find_if(runs.begin(), runs.end(), [](const auto& one) { return one.second->anchored.has_value(); });
  if (first == runs.end()) return tables;
  for (const Anchor& anchor : first->second->anchored->on->list()) {
    if (anchor.parts.empty()) continue;
    Table table;
    table.title = "Traced step beside its prediction: " + anchor.name;
    table.columns = {
        {"work"}, numeric("traced", "s"), numeric("predicted", "s"), numeric("traced over predicted"), {"note"}};
    for (const scenario::TracedPart& part : anchor.parts)
      table.add({part.name,
                 {part.measured, seconds(Seconds{part.measured})},
                 {part.predicted, seconds(Seconds{part.predicted})},
                 part.predicted > 0 ? Cell{part.measured / part.predicted, times_text(part.measured / part.predicted)}
                                    : Cell{},
                 part.note});
    table.add({"step",
               {anchor.seconds, seconds(Seconds{anchor.seconds})},
               {anchor.predicted, seconds(Seconds{anchor.predicted})},
               {anchor.seconds / anchor.predicted, times_text(anchor.seconds / anchor.predicted)},
               "kernels that run beside one another count in full above"});
    tables.push_back(std::move(table));
  }
  return tables;
}

nlohmann::ordered_json anchored_json(const Run& run) {
  nlohmann::ordered_json anchors = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < run.anchored->on->list().size(); ++i) {
    const Anchor& anchor = run.anchored->on->list()[i];
    nlohmann::ordered_json parts = nlohmann::ordered_json::array();
    for (const scenario::TracedPart& part : anchor.parts)
      parts.push_back({{"work", part.name}, {"measured_s", part.measured}, {"predicted_s", part.predicted}});
    anchors.push_back({{"name", anchor.name},
                       {"measured_s", anchor.seconds},
                       {"predicted_s", anchor.predicted},
                       {"ratio", anchor.seconds / anchor.predicted},
                       {"gain", run.anchored->carried.gains[i]}});
    if (!anchor.parts.empty()) anchors.back()["traced"] = std::move(parts);
  }
  return {{"factor", run.anchored->factor},
          {"correlation", run.anchored->carried.correlation},
          {"width_left", run.anchored->carried.left},
          {"step_p10", run.interval.p10},
          {"step_p90", run.interval.p90},
          {"on", std::move(anchors)}};
}

}  // namespace chipmix::report
