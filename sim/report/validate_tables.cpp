#include "report/validate_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

using validation::Judged;
using validation::MemoryScore;
using validation::Prediction;
using validation::PublishedRun;
using validation::Score;
using validation::Scored;
using validation::Scores;
using validation::Verdicts;

constexpr std::size_t worst_shown = 15, noise_shown = 10, accounts_shown = 3;
constexpr const char *project_left_out = "project left out", *five_fold = "five-fold", *as_shipped = "as shipped";

Cell share(double value, bool known = true) { return known ? Cell{value, percent(value)} : Cell{}; }
Cell share(const std::optional<double>& value) { return value ? share(*value) : Cell{}; }

/// A bias with its sign.
Cell lean(double value, bool known = true) {
  return known ? Cell{value, (value > 0 ? "+" : "") + percent(value)} : Cell{};
}

Column named(const char* header) {
  Column column{header};
  column.least = 24;
  return column;
}

std::vector<Column> score_columns(const char* what) {
  return {named(what),
          numeric("runs"),
          droppable(numeric("not predicted"), 2),
          numeric("median"),
          numeric("mean"),
          numeric("bias"),
          numeric("90th percentile"),
          droppable(numeric("in P10-P90"), 1),
          droppable(numeric("half-width"), 3)};
}

std::vector<Cell> score_row(const std::string& name, const Score& s) {
  const bool any = s.predicted > 0;
  return {name,
          s.predicted,
          s.timed - s.predicted,
          share(s.median, any),
          share(s.mean, any),
          lean(s.bias, any),
          share(s.percentile_90, any),
          share(s.coverage),
          share(s.half_width)};
}

/// As shipped, beside the errors of score_row.
void add_shipped_columns(std::vector<Column>& columns) {
  columns.push_back(numeric("shipped mean"));
  columns.push_back(droppable(numeric("shipped bias"), 4));
  columns.push_back(droppable(numeric("shipped in P10-P90"), 5));
}

void add_shipped(std::vector<Cell>& row, const Score& s) {
  row.push_back(share(s.mean, s.predicted > 0));
  row.push_back(lean(s.bias, s.predicted > 0));
  row.push_back(share(s.coverage));
}

/// A group's score, or an empty one.
Score of(const Scores& scores, const std::string& name) {
  const auto found = scores.find(name);
  return found == scores.end() ? Score{} : found->second;
}

/// The names of the groups with runs that `size` is not 0 of, the largest first.
template <class Size>
std::vector<std::string> by_size(const Scores& scores, const Size& size) {
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [name, score] : scores)
    if (const std::optional<double> one = size(name, score)) order.emplace_back(-*one, name);
  std::sort(order.begin(), order.end());
  std::vector<std::string> names;
  for (auto& [key, name] : order) names.push_back(std::move(name));
  return names;
}

std::vector<Cell> memory_row(const std::string& name, const MemoryScore& m) {
  return {name, m.runs, share(m.median, m.runs > 0), share(m.mean, m.runs > 0), lean(m.bias, m.runs > 0)};
}

Cell part(int right, int all) {
  return all ? Cell{static_cast<double>(right) / all, fmt::format("{} of {}", right, all)} : Cell{};
}

std::vector<Cell> verdict_row(const std::string& name, const Verdicts& v) {
  return {name, part(v.died_said_so, v.died), part(v.ran_said_so, v.ran)};
}

std::string largest_accounts(const Prediction& prediction) {
  std::string text;
  for (std::size_t i = 0; i < std::min(accounts_shown, prediction.accounts.size()); ++i)
    text += fmt::format("{}{} {}", i ? ", " : "", prediction.accounts[i].name, percent(prediction.accounts[i].share));
  return text;
}

/// The rows furthest off, held out where that is known.
std::vector<std::size_t> worst_first(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions,
                                     const std::vector<Prediction>& held) {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto error = time_error(runs[i], held[i]);
    if (!error) error = time_error(runs[i], predictions[i]);
    if (error) order.emplace_back(-std::abs(std::log1p(*error)), i);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> rows;
  for (std::size_t k = 0; k < std::min(worst_shown, order.size()); ++k) rows.push_back(order[k].second);
  return rows;
}

}  // namespace

Table overall_table(const Judged& judged) {
  Table table{"All timed runs but LoRA", score_columns("fit"), {}};
  if (judged.left_out) table.add(score_row(project_left_out, judged.left_out->all));
  if (judged.five_fold) table.add(score_row(five_fold, judged.five_fold->all));
  table.add(score_row(as_shipped, judged.shipped.all));
  return table;
}

Table group_table(const char* title, const char* what, const Judged& judged, Scores Scored::*groups) {
  const Scores& shipped = judged.shipped.*groups;
  const Scores* held = judged.left_out ? &((*judged.left_out).*groups) : nullptr;
  Table table{title, score_columns(what), {}};
  if (held) add_shipped_columns(table.columns);
  const auto names = by_size(shipped, [&](const std::string& name, const Score& s) -> std::optional<double> {
    if (s.timed == 0) return std::nullopt;
    const Score out = held ? of(*held, name) : s;
    return out.predicted ? out.mean : s.mean;
  });
  for (const std::string& name : names) {
    auto row = score_row(name, of(held ? *held : shipped, name));
    if (held) add_shipped(row, of(shipped, name));
    table.add(std::move(row));
  }
  return table;
}

Table memory_table(const Scored& scored) {
  Table table{"Peak memory: projects, worst first, and what the peak counts",
              {named("runs of"), numeric("runs"), numeric("median"), numeric("mean"), numeric("bias")},
              {}};
  const auto size = [](const std::string&, const Score& s) {
    return s.memory.runs ? std::optional(s.memory.mean) : std::nullopt;
  };
  for (const std::string& name : by_size(scored.project, size))
    table.add(memory_row(name, of(scored.project, name).memory));
  for (const std::string& name : by_size(scored.memory_meaning, size))
    table.add(memory_row("the peak counts: " + name, of(scored.memory_meaning, name).memory));
  if (scored.memory_alone.runs) table.add(memory_row("all without a scored time", scored.memory_alone));
  if (scored.all.memory.runs) table.add(memory_row("all timed", scored.all.memory));
  return table;
}

Table verdict_table(const Scored& scored) {
  Table table{"Whether it fits: projects with a wrong prediction or an out-of-memory run, worst first",
              {named("runs of"), numeric("ran out of memory, as predicted"), numeric("ran, as predicted")},
              {}};
  const auto wrong = [](const std::string&, const Score& s) -> std::optional<double> {
    const Verdicts& v = s.verdicts;
    if (v.right() == v.all() && v.died == 0) return std::nullopt;
    return v.all() - v.right();
  };
  for (const std::string& name : by_size(scored.project, wrong))
    table.add(verdict_row(name, of(scored.project, name).verdicts));
  if (scored.all.verdicts.all()) table.add(verdict_row("all", scored.all.verdicts));
  return table;
}

Table order_table(const Judged& judged) {
  Table table{
      "Order of plans in sets of four or more similar runs", {{"fit"}, numeric("sets"), numeric("Kendall's tau")}, {}};
  const auto add = [&](const char* name, const Scored& scored) {
    if (scored.rank) table.add({name, scored.rank_sets, {*scored.rank, fmt::format("{:.2f}", *scored.rank)}});
  };
  if (judged.left_out) add(project_left_out, *judged.left_out);
  if (judged.five_fold) add(five_fold, *judged.five_fold);
  add(as_shipped, judged.shipped);
  return table;
}

Table peer_table(const Judged& judged) {
  Table table{"Other tools' published predictions of the same runs",
              {named("tool"), numeric("runs"), numeric("its median"), numeric("its mean"), numeric("its bias")},
              {}};
  if (judged.left_out) table.columns.push_back(numeric("chipmix, project left out"));
  table.columns.push_back(numeric("chipmix, as shipped"));
  for (const auto& [tool, peer] : judged.shipped.peers) {
    const Score& theirs = peer.theirs;
    std::vector<Cell> row{tool, theirs.predicted, share(theirs.median), share(theirs.mean), lean(theirs.bias)};
    if (judged.left_out) {
      const Score& held = judged.left_out->peers.at(tool).ours;
      row.push_back(share(held.mean, held.predicted > 0));
    }
    row.push_back(share(peer.ours.mean, peer.ours.predicted > 0));
    table.add(std::move(row));
  }
  return table;
}

Table noise_table(const validation::Noise& noise) {
  Table table{"Sets of runs that chipmix cannot distinguish, widest spread first",
              {named("one of them"), numeric("runs"), numeric("fastest", "", "fastest_s"),
               numeric("slowest", "", "slowest_s"), numeric("apart")},
              {}};
  for (std::size_t k = 0; k < std::min(noise_shown, noise.sets.size()); ++k) {
    const validation::Repeated& set = noise.sets[k];
    table.add({set.ids.front(),
               static_cast<int>(set.ids.size()),
               {set.fastest, seconds(Seconds{set.fastest})},
               {set.slowest, seconds(Seconds{set.slowest})},
               share(set.apart())});
  }
  return table;
}

Table worst_table(const std::vector<PublishedRun>& runs, const std::vector<Prediction>& predictions,
                  const validation::LeftOut& errors) {
  const auto held = validation::held_out(runs, predictions, errors, &validation::HeldOut::left_out);
  const bool any_held = std::any_of(held.begin(), held.end(), [](const Prediction& p) { return p.iteration_s > 0; });
  Table table{"The worst rows",
              {named("run"), numeric("measured", "", "measured_s"), numeric("predicted", "", "predicted_s")},
              {}};
  if (any_held) table.columns.push_back(numeric(project_left_out));
  table.columns.push_back(numeric(as_shipped));
  table.columns.push_back({"largest accounts"});
  for (const std::size_t i : worst_first(runs, predictions, held)) {
    const double measured = *runs[i].measured.iteration_s;
    std::vector<Cell> row{runs[i].id,
                          {measured, seconds(Seconds{measured})},
                          {predictions[i].iteration_s, seconds(Seconds{predictions[i].iteration_s})}};
    if (any_held) row.push_back(share(time_error(runs[i], held[i])));
    row.push_back(share(time_error(runs[i], predictions[i])));
    row.push_back(largest_accounts(predictions[i]));
    table.add(std::move(row));
  }
  return table;
}

}  // namespace chipmix::report
