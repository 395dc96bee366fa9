#include <fmt/format.h>

#include <algorithm>

#include "report/chart/charts.hpp"
#include "report/chart/colours.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"
#include "report/time_shares.hpp"

namespace chipmix::report {
namespace {

/// The parts of a run one after another; what interruptions take is drawn at its end.
std::vector<Span> parts(const scenario::Run& run, double from, const char* colour) {
  const double steps = from + days(run.moving), lost = steps + days(run.steady), end = from + days(run.duration);
  std::vector<Span> list;
  const auto put = [&](double a, double b, const char* shade, const char* what) {
    if (b > a) list.push_back({a, b, shade, fmt::format("{} on {}: {} days", what, run.device, significant(b - a))});
  };
  put(from, steps, palette[4], "moving");
  put(steps, lost, colour, "training");
  put(lost, end, palette[6], "failures, evaluation, idle hours");
  return list;
}

}  // namespace

Figure training_calendar(const Scenario& scenario, const Comparison& comparison) {
  Figure figure;
  figure.title = "When the training is done";
  figure.caption = "Coloured: steps. Grey: failures, start-up, evaluation, rollbacks and idle billed hours.";
  figure.data.columns = {{"option"}, {"on"}, numeric("moving, days"), numeric("steps, days"), numeric("all, days")};
  std::vector<SpanRow> rows;
  double end = 0;
  for (const OptionAnswer& a : comparison.options) {
    if (!a.feasible()) continue;
    SpanRow row{a.label, {}, significant(days(a.duration)) + " days"};
    double from = 0;
    for (const scenario::Run& run : a.runs) {
      for (Span& span : parts(run, from, colour_of(scenario, a))) row.spans.push_back(std::move(span));
      from += days(run.duration);
      figure.data.add({a.label,
                       run.device,
                       {days(run.moving), significant(days(run.moving))},
                       {days(run.steady), significant(days(run.steady))},
                       {days(run.duration), significant(days(run.duration))}});
    }
    end = std::max(end, from);
    rows.push_back(std::move(row));
  }
  figure.svg = spans({figure.title, "A row for each option, from the first day to the last"}, "days", end, rows);
  return figure;
}

Figure step_shares(const Comparison& comparison) {
  Figure figure;
  figure.title = "Where a step's time goes, % of it";
  figure.caption = "Communication counts where it is not hidden behind computation.";
  figure.data.columns = {{"option"}};
  for (const char* share : share_names) figure.data.columns.push_back(numeric(share));
  std::vector<Stack> list;
  for (const OptionAnswer& a : comparison.options) {
    if (!a.feasible() || a.runs.size() != 1) continue;
    const auto shares = time_shares(a.runs.front().estimate);
    list.push_back({a.label, {shares.begin(), shares.end()}, duration(a.runs.front().estimate.step_time)});
    std::vector<Cell> row = {a.label};
    for (double share : shares) row.push_back({share, fixed(share * 100, 1) + " %"});
    figure.data.add(std::move(row));
  }
  figure.svg = stacks({figure.title, "A bar for each option, all of it the step time"},
                      {share_names.begin(), share_names.end()}, list);
  return figure;
}

}  // namespace chipmix::report
