#include <fmt/format.h>

#include "report/chart/charts.hpp"
#include "report/chart/colours.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"

namespace chipmix::report {

Figure supply_bars(const scenario::Procurement& result) {
  Figure figure;
  if (!result.decision) return figure;
  figure.title = "Devices bought, and how many there are to buy";
  figure.caption = "The pale bar is the cap of a supply, where it has one.";
  figure.data.columns = {{"kind"}, numeric("bought"), numeric("cap")};
  std::vector<Bar> list;
  const auto& problem = result.problem;
  for (std::size_t kind = 0; kind < problem.kinds.size(); ++kind) {
    if (!problem.kinds[kind].purchase) continue;
    const int bought = result.decision->bought(static_cast<int>(kind));
    const auto& cap = problem.kinds[kind].purchase->cap;
    Bar bar{problem.kinds[kind].name, 0, 1.0 * bought, 0, grouped(bought), vendor_colour(problem.kinds[kind].vendor)};
    if (cap) bar.cap = *cap, bar.text += " of " + grouped(*cap);
    list.push_back(std::move(bar));
    figure.data.add(
        {problem.kinds[kind].name, {1.0 * bought, grouped(bought)}, cap ? Cell{1.0 * *cap, grouped(*cap)} : Cell{}});
  }
  figure.svg = bars({figure.title, "A bar for each kind"}, list);
  return figure;
}

Figure delivery_calendar(const scenario::Procurement& result) {
  Figure figure;
  if (!result.decision) return figure;
  const auto& problem = result.problem;
  figure.title = "Orders, deliveries and training, by month";
  figure.caption = "Grey: ordered. Coloured: devices there. Blue rows: the jobs at work.";
  figure.data.columns = {{"what"}, numeric("after months"), numeric("until"), {"how much"}};
  std::vector<SpanRow> rows;
  const auto put = [&](SpanRow& row, double from, double to, const char* colour, const std::string& words) {
    row.spans.push_back({from, to, colour, words});
    figure.data.add({row.label, {from, fixed(from, 1)}, {to, fixed(to, 1)}, words});
  };
  for (std::size_t kind = 0; kind < problem.kinds.size(); ++kind) {
    const auto& one = problem.kinds[kind];
    SpanRow row{one.name, {}};
    for (const procurement::Holding& held : result.decision->holdings) {
      if (held.kind != static_cast<int>(kind)) continue;
      if (one.purchase->lead > 0)
        put(row, held.arrival - one.purchase->lead, held.arrival, palette[6], grouped(held.devices) + " ordered");
      put(row, held.arrival, held.sale, vendor_colour(one.vendor), grouped(held.devices) + " there");
    }
    if (!row.spans.empty()) rows.push_back(std::move(row));
  }
  for (std::size_t job = 0; job < problem.works.size(); ++job) {
    SpanRow row{problem.works[job].name, {}};
    for (int month = problem.works[job].from; month < problem.works[job].by; ++month) {
      double from = month;  // clusters take turns within it
      for (const procurement::Shift& shift : result.decision->shifts[month]) {
        if (problem.columns[shift.column].tokens[job] > 0)
          put(row, from, from + shift.share, palette[0], problem.columns[shift.column].label);
        from += shift.share;
      }
    }
    if (!row.spans.empty()) rows.push_back(std::move(row));
  }
  figure.svg = spans({figure.title, "A row for each kind of device and each job"}, "months", problem.months, rows);
  return figure;
}

}  // namespace chipmix::report
