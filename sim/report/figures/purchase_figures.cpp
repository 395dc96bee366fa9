#include <cmath>

#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"

namespace chipmix::report {

Figure supply_bars(const Matter& matter) {
  Figure figure;
  const auto& result = *matter.findings.purchases;
  if (!result.decision) return figure;
  figure.title = matter.say(Text::supply);
  figure.caption = matter.say(Text::supply_caption);
  figure.data.columns = {{matter.say(Text::kind)}, numeric(matter.say(Text::bought)), numeric(matter.say(Text::cap))};
  std::vector<Bar> list;
  int all = 0;
  for (std::size_t kind = 0; kind < result.problem.kinds.size(); ++kind) {
    const auto& purchase = result.problem.kinds[kind].purchase;
    if (!purchase) continue;
    const std::string& name = matter.kind(kind);
    const int bought = result.decision->bought(static_cast<int>(kind));
    all += bought;
    Bar bar{name, 0, 1.0 * bought, 0, grouped(bought), matter.kind_colours[kind]};
    if (purchase->cap) bar.cap = *purchase->cap, bar.text += " / " + grouped(*purchase->cap);
    list.push_back(std::move(bar));
    figure.data.add({name,
                     {1.0 * bought, grouped(bought)},
                     purchase->cap ? Cell{1.0 * *purchase->cap, grouped(*purchase->cap)} : Cell{}});
  }
  if (all == 0) return {};
  figure.svg = bars({figure.title, figure.caption}, list);
  return figure;
}

namespace {

/// Rows of a calendar, and the table of what is in them.
class Calendar {
 public:
  Calendar(const Matter& matter, Figure& figure)
      : matter_(matter), result_(*matter.findings.purchases), figure_(figure) {}

  void deliveries() {
    for (std::size_t kind = 0; kind < result_.problem.kinds.size(); ++kind) {
      const auto& one = result_.problem.kinds[kind];
      SpanRow row{matter_.kind(kind), {}};
      for (const procurement::Holding& held : result_.decision->holdings) {
        if (held.kind != static_cast<int>(kind)) continue;
        if (one.purchase->lead > 0)
          put(row, held.arrival - one.purchase->lead, held.arrival, design::grey,
              matter_.say(Text::n_ordered, {grouped(held.devices)}));
        put(row, held.arrival, held.sale, matter_.kind_colours[kind],
            matter_.say(Text::n_there, {grouped(held.devices)}));
      }
      if (!row.spans.empty()) rows.push_back(std::move(row));
      SpanRow rented{matter_.say(Text::rented_kind, {matter_.kind(kind)}), {}};
      leases(kind, rented);
      if (!rented.spans.empty()) rows.push_back(std::move(rented));
    }
  }

  void works() {
    for (std::size_t job = 0; job < result_.problem.works.size(); ++job) {
      SpanRow row{result_.problem.works[job].name, {}};
      for (int month = result_.problem.works[job].from; month < result_.problem.works[job].by; ++month) {
        double from = month;  // clusters take turns within it
        for (const procurement::Shift& shift : result_.decision->shifts[month]) {
          const auto& column = result_.problem.columns[shift.column];
          if (column.tokens[job] > 0) put(row, from, from + shift.share, design::one, matter_.cluster(column));
          from += shift.share;
        }
      }
      if (!row.spans.empty()) rows.push_back(std::move(row));
    }
  }

  std::vector<SpanRow> rows;

 private:
  void put(SpanRow& row, double from, double to, const std::string& colour, const std::string& words) {
    row.spans.push_back({from, to, colour, words});
    figure_.data.add({row.label, {from, fixed(from, 1)}, {to, fixed(to, 1)}, words});
  }

  /// Months in which devices of a kind are rented, as long as their number stays the same.
  void leases(std::size_t kind, SpanRow& row) {
    constexpr double least = 0.5;
    const auto& rented = result_.decision->rented[kind];
    for (std::size_t from = 0; from < rented.size();) {
      std::size_t to = from + 1;
      while (to < rented.size() && std::abs(rented[to] - rented[from]) < least) ++to;
      if (rented[from] > least)
        put(row, static_cast<double>(from), static_cast<double>(to), matter_.kind_colours[kind],
            matter_.say(Text::n_rented, {grouped(rented[from])}));
      from = to;
    }
  }

  const Matter& matter_;
  const scenario::Procurement& result_;
  Figure& figure_;
};

}  // namespace

Figure delivery_calendar(const Matter& matter) {
  Figure figure;
  if (!matter.findings.purchases->decision) return figure;
  figure.title = matter.say(Text::deliveries);
  figure.caption = matter.say(Text::deliveries_caption);
  figure.data.columns = {{matter.say(Text::what)},
                         numeric(matter.say(Text::from_month_end)),
                         numeric(matter.say(Text::until)),
                         {matter.say(Text::how_much)}};
  Calendar calendar(matter, figure);
  calendar.deliveries();
  calendar.works();
  figure.svg = spans({figure.title, figure.caption}, matter.say(Text::months_unit),
                     matter.findings.purchases->problem.months, calendar.rows);
  return figure;
}

}  // namespace chipmix::report
