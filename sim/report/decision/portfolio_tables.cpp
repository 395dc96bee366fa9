#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "procurement/summary.hpp"
#include "report/decision/chapters.hpp"
#include "report/number.hpp"
#include "report/purchase_remarks.hpp"

namespace chipmix::report {
namespace {

using procurement::Decision;
using procurement::Problem;

const Problem& problem_of(const Matter& matter) { return matter.findings.purchases->problem; }
const Decision& decision_of(const Matter& matter) { return *matter.findings.purchases->decision; }

double rented(const Decision& decision, std::size_t kind) {
  return std::accumulate(decision.rented[kind].begin(), decision.rented[kind].end(), 0.0);
}

/// "512 × A, 1,024 × B": what is held in a month.
std::string held_fleet(const Matter& matter, int month, bool is_owned) {
  const Problem& problem = problem_of(matter);
  const Decision& decision = decision_of(matter);
  std::string text;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const double devices = is_owned ? decision.owned(static_cast<int>(k), month) : decision.rented[k][month];
    if (devices > least_devices)
      text += fmt::format("{}{} × {}", text.empty() ? "" : ", ", grouped(devices), matter.kind(k));
  }
  return text.empty() ? "–" : text;
}

/// What a month is, apart from its number: months alike are one row.
struct Month {
  std::string owned, rented, works, done;
  double cash = 0;

  /// Months alike are one row, with what is done by the end of the last.
  bool is_like(const Month& other) const {
    return owned == other.owned && rented == other.rented && works == other.works && is_same(cash, other.cash);
  }

  static bool is_same(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max(std::abs(a), std::abs(b)); }
};

std::string works(const Matter& matter, const std::vector<procurement::Shift>& shifts) {
  constexpr double whole = 0.995;
  std::string text;
  for (const procurement::Shift& shift : shifts)
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", matter.cluster(problem_of(matter).columns[shift.column]),
                        shift.share > whole ? "" : fmt::format(" ({:.0f} %)", 100 * shift.share));
  return text.empty() ? "–" : text;
}

/// Of clusters that are called so.
std::string clusters_text(const Matter& matter, const std::vector<std::string>& labels) {
  std::vector<std::string> names;
  for (const std::string& label : labels)
    for (const procurement::Column& column : problem_of(matter).columns)
      if (column.label == label) {
        names.push_back(matter.cluster(column));
        break;
      }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Share of each job that is done by the end of every month.
std::vector<std::vector<double>> progress(const Problem& problem, const Decision& decision) {
  std::vector<std::vector<double>> done(problem.months, std::vector<double>(problem.works.size(), 0));
  std::vector<double> sum(problem.works.size(), 0);
  for (int month = 0; month < problem.months; ++month)
    for (std::size_t j = 0; j < problem.works.size(); ++j) {
      if (month >= problem.works[j].from && month < problem.works[j].by)
        for (const procurement::Shift& shift : decision.shifts[month])
          sum[j] += shift.share * problem.columns[shift.column].tokens[j] / problem.works[j].tokens;
      done[month][j] = std::min(1.0, sum[j]);
    }
  return done;
}

std::vector<Month> months(const Matter& matter) {
  const Problem& problem = problem_of(matter);
  const Decision& decision = decision_of(matter);
  const auto done = progress(problem, decision);
  std::vector<Month> list;
  for (int month = 0; month < problem.months; ++month) {
    std::string shares;
    for (double share : done[month]) shares += (shares.empty() ? "" : " / ") + percent(share);
    list.push_back({held_fleet(matter, month, true), held_fleet(matter, month, false),
                    works(matter, decision.shifts[month]), shares, decision.cash[month]});
  }
  return list;
}

}  // namespace

Table kinds_table(const Matter& matter) {
  const Problem& problem = problem_of(matter);
  const Decision& decision = decision_of(matter);
  Table table;
  table.title = matter.say(Text::what_to_sign);
  table.columns = {{matter.say(Text::kind)},
                   numeric(matter.say(Text::bought)),
                   numeric(matter.say(Text::price)),
                   numeric(matter.say(Text::sold_for)),
                   numeric(matter.say(Text::months_rented)),
                   numeric(matter.say(Text::rent)),
                   numeric("kW")};
  std::vector<std::string> unused;
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const procurement::Kind& kind = problem.kinds[k];
    const int bought = decision.bought(static_cast<int>(k));
    const double months = rented(decision, k);
    if (bought == 0 && months < least_devices) continue;
    const auto [price, sold] = procurement::traded(problem, decision, k);
    const double rent = procurement::rent_paid(problem, decision, k);
    const auto paid = [&](double amount) { return amount > 0 ? Cell{amount, matter.money(amount)} : Cell{0.0, "–"}; };
    table.add({matter.kind(k),
               {1.0 * bought, bought ? grouped(bought) : "–"},
               paid(price),
               paid(sold),
               {months, months > least_devices ? grouped(months) : "–"},
               paid(rent),
               {kind.kilowatts * bought, bought ? grouped(kind.kilowatts * bought) : "–"}});
  }
  return table;
}

Table jobs_table(const Matter& matter) {
  const Problem& problem = problem_of(matter);
  const Decision& decision = decision_of(matter);
  const auto done = progress(problem, decision);
  Table table;
  table.title = matter.say(Text::jobs);
  table.columns = {
      {matter.say(Text::job)},           numeric(matter.say(Text::tokens)),   numeric(matter.say(Text::may_run)),
      numeric(matter.say(Text::starts)), numeric(matter.say(Text::finishes)), {matter.say(Text::runs_on)}};
  for (std::size_t j = 0; j < problem.works.size(); ++j) {
    const procurement::Work& work = problem.works[j];
    const auto [first, last, clusters] = procurement::job_span(problem, decision, j);
    table.add({work.name,
               {work.tokens, scaled(work.tokens)},
               fmt::format("{}–{}", work.from + 1, work.by),
               {1.0 * first, std::to_string(first)},
               {1.0 * last, std::to_string(last)},
               clusters_text(matter, clusters)});
  }
  return table;
}

Table months_table(const Matter& matter) {
  const Problem& problem = problem_of(matter);
  Table table;
  table.title = matter.say(Text::month_by_month);
  std::string names;
  for (const procurement::Work& work : problem.works) names += (names.empty() ? "" : " / ") + work.name;
  table.columns = {numeric(matter.say(Text::month)),
                   {matter.say(Text::owned)},
                   {matter.say(Text::rented)},
                   {matter.say(Text::at_work)},
                   numeric(matter.say(Text::done_of, {names})),
                   numeric(matter.say(Text::cash))};
  const auto list = months(matter);
  for (std::size_t from = 0; from < list.size();) {
    std::size_t to = from + 1;
    while (to < list.size() && list[to].is_like(list[from])) ++to;
    const Month& one = list[from];
    const bool is_idle = one.owned == "–" && one.rented == "–" && one.works == "–" && one.cash == 0;
    const std::string number = to - from > 1 ? fmt::format("{}–{}", from + 1, to) : std::to_string(from + 1);
    table.add({{static_cast<double>(from + 1), number},
               is_idle ? matter.say(Text::nothing) : one.owned,
               one.rented,
               one.works,
               list[to - 1].done,
               {one.cash, one.cash == 0 ? "–" : matter.money(one.cash)}});
    from = to;
  }
  return table;
}

Table futures_table(const Matter& matter) {
  Table table;
  if (!matter.findings.risk) return table;
  const scenario::Risk& risk = *matter.findings.risk;
  table.title = matter.say(Text::futures);
  table.columns = {{matter.say(Text::ordered_for)}};
  for (std::size_t world = 0; world < risk.worlds.size(); ++world)
    table.columns.push_back(numeric(fmt::format(
        "{} ({:.0f} %)", world ? risk.worlds[world] : matter.say(Text::as_planned), 100 * risk.probability[world])));
  table.columns.push_back(numeric(matter.say(Text::expected)));
  table.columns.push_back(numeric(matter.say(Text::worst)));
  const auto cell = [&](const std::optional<double>& cost) {
    return cost ? Cell{*cost, matter.money(*cost)} : Cell{matter.say(Text::not_done)};
  };
  for (std::size_t decision = 0; decision < risk.worlds.size(); ++decision) {
    const auto same = std::find(risk.cost.begin(), risk.cost.end(), risk.cost[decision]);
    if (same - risk.cost.begin() < static_cast<std::ptrdiff_t>(decision)) continue;  // the same order once more
    std::vector<Cell> row{decision ? risk.worlds[decision] : matter.say(Text::as_planned)};
    for (const auto& cost : risk.cost[decision]) row.push_back(cell(cost));
    row.push_back(cell(risk.expected(decision)));
    row.push_back(cell(risk.worst(decision)));
    table.add(std::move(row));
  }
  return table;
}

Table changes_table(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  Table table;
  table.title = matter.say(Text::other_ways);
  table.columns = {{matter.say(Text::change)}, numeric(matter.say(Text::total_then)), numeric(matter.say(Text::saves))};
  const auto put = [&](const scenario::WhatIf& one) {
    const std::string what = matter.say.fixed_words(one.change);
    if (!one.cost) return table.add({what, matter.say(one.is_open ? Text::not_known : Text::not_done), {}});
    const double saved = result.decision->cost - *one.cost;
    table.add({what,
               {*one.cost, matter.money(*one.cost)},
               {saved, std::abs(saved) < 1e-6 * result.decision->cost ? "–" : matter.money(saved)}});
  };
  for (const scenario::Way& way : result.ways) put(as_change(way));
  if (result.runner_up) put(*result.runner_up);
  for (const scenario::WhatIf& one : result.worth) put(one);
  return table;
}

}  // namespace chipmix::report
