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
    text += fmt::format("{}{}: {} the predicted time of its plan's steps ({})", text.empty() ? "Anchored on " : "; on ",
                        anchor.name, times_text(anchor.seconds / anchor.predicted), seconds(Seconds{anchor.predicted}));
  return text + ".";
}

std::string carried_text(const NamedRuns& runs) {
  std::string text;
  for (const auto& [name, run] : runs)
    if (run->anchored)
      text += fmt::format(
          "{}{} {}, its error correlates by {:.2f}, the measurement leaves {:.0f} % of the interval's width",
          text.empty() ? "Beyond the assumed practice, your measurement changes times by: " : "; ", name,
          times_text(run->anchored->factor), run->anchored->carried.correlation, 100 * run->anchored->carried.left);
  return text + ".";
}

std::string assumed_text(const practice::Kinship& kinship) {
  const auto part = [](const Sourced<double>& share) { return fmt::format("{:.0f} %", 100 * share.value); };
  return fmt::format(
      "The anchor carries over what errors of published steps share, in parts of their variance: the same team {}, "
      "stack {}, device under that stack {}, network {}, and with those the same accounts of time {}; {} is specific "
      "to each run.",
      part(kinship.team), part(kinship.stack), part(kinship.device), part(kinship.network), part(kinship.work),
      part(kinship.run));
}

/// A measured step that is further off than it counts for other plans and clusters.
std::string far_off_text(const scenario::Anchors& anchors, practice::Practice practice) {
  std::string text;
  for (std::size_t i = 0; i < anchors.list().size(); ++i)
    if (anchors.is_far_off(i, practice))
      text += fmt::format(
          "{}{}",
          text.empty() ? "Further off than any published run, so counted with a smaller error elsewhere: " : "; ",
          anchors.list()[i].name);
  return text.empty() ? text : text + ". Are these the plan, batch and length that ran?";
}

/// Measured steps that cannot all be true.
std::string contradiction_text(const scenario::Anchors& anchors) {
  const double apart = anchors.contradiction();
  if (!(apart > 1)) return {};
  std::string text;
  for (const Anchor& anchor : anchors.list())
    text += fmt::format("{}{}", text.empty() ? "" : ", ", times_text(anchor.seconds / anchor.predicted));
  return fmt::format(
      "The measured steps contradict each other ({} of what is predicted): they are {:.1f} times as far apart as what "
      "they share allows, so what they explain counts for 1/{:.1f} of that, and the interval is wider. Did each run "
      "use the plan, batch and length stated for it?",
      text, apart, apart * apart);
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
  if (std::string text = contradiction_text(anchors); !text.empty()) remarks.push_back(std::move(text));
  return remarks;
}

std::vector<std::string> anchor_remarks(const scenario::Scenario& scenario, const scenario::Comparison& comparison) {
  std::vector<const scenario::OptionAnswer*> answers;
  for (const scenario::OptionAnswer& answer : comparison.options) answers.push_back(&answer);
  return anchor_remarks(longest_runs(answers), scenario);
}

namespace {

constexpr std::size_t most_operators = 15, most_operators_in_json = 500;

/// Measured over predicted.
Cell ratio_cell(double measured, double predicted) {
  return predicted > 0 ? Cell{measured / predicted, times_text(measured / predicted)} : Cell{};
}

Cell seconds_cell(double value) { return {value, seconds(Seconds{value})}; }

Table kinds_table(const Anchor& anchor) {
  Table table;
  table.title = "Traced step and its prediction: " + anchor.name;
  table.columns = {
      {"work"}, numeric("traced", "s"), numeric("predicted", "s"), numeric("traced over predicted"), {"note"}};
  const auto row = [&](const std::string& name, double measured, double predicted, const std::string& note) {
    table.add({name, seconds_cell(measured), seconds_cell(predicted), ratio_cell(measured, predicted), note});
  };
  for (const scenario::TracedPart& part : anchor.parts) row(part.name, part.measured, part.predicted, part.note);
  row("step", anchor.seconds, anchor.predicted, "concurrent kernels count in full above");
  for (const scenario::TracedPart& part : anchor.beside) row(part.name, part.measured, part.predicted, part.note);
  return table;
}

Table operators_table(const Anchor& anchor) {
  Table table;
  table.title = "Operators of the traced step, the longest first";
  table.columns = {{"operator"},        {"kind"},
                   numeric("calls"),    numeric("traced", "s"),
                   numeric("law", "s"), numeric("traced over law")};
  for (std::size_t i = 0; i < std::min(anchor.operators.size(), most_operators); ++i) {
    const scenario::TracedWork& one = anchor.operators[i];
    table.add({one.name,
               one.kind,
               {one.calls, fmt::format("{:.0f}", one.calls)},
               seconds_cell(one.measured),
               one.predicted ? seconds_cell(*one.predicted) : Cell{},
               one.predicted ? ratio_cell(one.measured, *one.predicted) : Cell{}});
  }
  if (anchor.operators.size() > most_operators)
    table.title += fmt::format(" ({} of {}; all in JSON)", most_operators, anchor.operators.size());
  return table;
}

nlohmann::ordered_json parts_json(const std::vector<scenario::TracedPart>& list) {
  nlohmann::ordered_json parts = nlohmann::ordered_json::array();
  for (const scenario::TracedPart& part : list) {
    parts.push_back({{"work", part.name}, {"measured_s", part.measured}, {"predicted_s", part.predicted}});
    if (part.predicted > 0) parts.back()["ratio"] = part.measured / part.predicted;
  }
  return parts;
}

nlohmann::ordered_json operators_json(const Anchor& anchor) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < std::min(anchor.operators.size(), most_operators_in_json); ++i) {
    const scenario::TracedWork& one = anchor.operators[i];
    list.push_back({{"operator", one.name}, {"kind", one.kind}, {"calls", one.calls}, {"measured_s", one.measured}});
    if (!one.predicted) continue;
    list.back()["law_s"] = *one.predicted;
    if (*one.predicted > 0) list.back()["ratio"] = one.measured / *one.predicted;
  }
  return list;
}

/// The first run that is anchored, if there is one.
const Run* anchored_run(const NamedRuns& runs) {
  const auto found =
      std::find_if(runs.begin(), runs.end(), [](const auto& one) { return one.second->anchored.has_value(); });
  return found == runs.end() ? nullptr : found->second;
}

}  // namespace

std::vector<Table> trace_tables(const NamedRuns& runs) {
  std::vector<Table> tables;
  const Run* run = anchored_run(runs);
  if (!run) return tables;
  for (const Anchor& anchor : run->anchored->on->list()) {
    if (anchor.parts.empty()) continue;
    tables.push_back(kinds_table(anchor));
    if (!anchor.operators.empty()) tables.push_back(operators_table(anchor));
  }
  return tables;
}

nlohmann::ordered_json anchored_json(const Run& run) {
  nlohmann::ordered_json anchors = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < run.anchored->on->list().size(); ++i) {
    const Anchor& anchor = run.anchored->on->list()[i];
    anchors.push_back({{"name", anchor.name},
                       {"measured_s", anchor.seconds},
                       {"predicted_s", anchor.predicted},
                       {"ratio", anchor.seconds / anchor.predicted},
                       {"gain", run.anchored->carried.gains[i]}});
    if (anchor.parts.empty()) continue;
    anchors.back()["traced"] = parts_json(anchor.parts);
    anchors.back()["beside"] = parts_json(anchor.beside);
    anchors.back()["operators"] = operators_json(anchor);
  }
  return {{"factor", run.anchored->factor},
          {"correlation", run.anchored->carried.correlation},
          {"width_left", run.anchored->carried.left},
          {"contradiction", run.anchored->on->contradiction()},
          {"step_p10", run.interval.p10},
          {"step_p90", run.interval.p90},
          {"on", std::move(anchors)}};
}

}  // namespace chipmix::report
