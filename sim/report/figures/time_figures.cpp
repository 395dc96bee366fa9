#include <fmt/format.h>

#include <algorithm>

#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"
#include "report/time_shares.hpp"

namespace chipmix::report {
namespace {

/// The parts of a run one after another; what interruptions take is drawn at its end.
std::vector<Span> parts(const Matter& matter, const scenario::Run& run, double from, const std::string& colour) {
  const double steps = from + days(run.moving), lost = steps + days(run.steady), end = from + days(run.duration);
  std::vector<Span> list;
  const auto put = [&](double a, double b, const std::string& shade, Text what) {
    if (b > a)
      list.push_back({a, b, shade, matter.say(Text::what_on, {matter.say(what), run.device, matter.say.days(b - a)})});
  };
  put(from, steps, design::accounts[1], Text::moving);
  put(steps, lost, colour, Text::training);
  put(lost, end, design::grey, Text::losses);
  return list;
}

}  // namespace

Figure training_calendar(const Matter& matter) {
  Figure figure;
  figure.title = matter.say(Text::calendar);
  figure.caption = matter.say(Text::calendar_caption);
  figure.data.columns = {{matter.say(Text::option)},
                         {matter.say(Text::device)},
                         numeric(matter.say(Text::moving)),
                         numeric(matter.say(Text::training)),
                         numeric(matter.say(Text::days_unit))};
  std::vector<SpanRow> rows;
  double end = 0;
  bool has_parts = false;
  for (const OptionAnswer* a : matter.order) {
    if (!a->feasible()) continue;
    has_parts = has_parts || a->runs.size() > 1;
    SpanRow row{a->label, {}, matter.say.days(days(a->duration))};
    double from = 0;
    for (const scenario::Run& run : a->runs) {
      for (Span& span : parts(matter, run, from, matter.colour(*a))) row.spans.push_back(std::move(span));
      from += days(run.duration);
      figure.data.add({a->label,
                       run.device,
                       {days(run.moving), significant(days(run.moving))},
                       {days(run.steady), significant(days(run.steady))},
                       {days(run.duration), significant(days(run.duration))}});
    }
    end = std::max(end, from);
    rows.push_back(std::move(row));
  }
  if (!has_parts) return {};
  figure.svg = spans({figure.title, figure.caption}, matter.say(Text::days_unit), end, rows);
  return figure;
}

Figure step_shares(const Matter& matter) {
  Figure figure;
  figure.title = matter.say(Text::step_shares);
  figure.caption = matter.say(Text::step_shares_caption);
  figure.data.columns = {{matter.say(Text::option)}};
  std::vector<std::string> names;
  for (const char* share : share_names) names.push_back(matter.say.fixed_words(share));
  for (const std::string& name : names) figure.data.columns.push_back(numeric(name));
  std::vector<Stack> list;
  for (const OptionAnswer* a : matter.order) {
    if (!a->feasible() || a->runs.size() != 1) continue;
    const auto shares = time_shares(a->runs.front().estimate);
    list.push_back({a->label, {shares.begin(), shares.end()}, duration(a->runs.front().estimate.step_time)});
    std::vector<Cell> row = {a->label};
    for (double share : shares) row.push_back({share, fixed(share * 100, 1) + " %"});
    figure.data.add(std::move(row));
  }
  figure.svg = stacks({figure.title, figure.caption}, names, list);
  return figure;
}

}  // namespace chipmix::report
