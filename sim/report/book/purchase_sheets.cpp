#include <fmt/format.h>

#include "procurement/summary.hpp"

#include <algorithm>

#include "report/book/sheets.hpp"

namespace chipmix::report::book {
namespace {

using procurement::Decision;
using procurement::Problem;

/// Share of a job that is done by the end of a month.
double done(const Problem& problem, const Decision& decision, std::size_t job, int month) {
  double sum = 0;
  const procurement::Work& work = problem.works[job];
  for (int m = work.from; m <= month && m < work.by; ++m)
    for (const procurement::Shift& shift : decision.shifts[m])
      sum += shift.share * problem.columns[shift.column].tokens[job] / work.tokens;
  return std::min(1.0, sum);
}

std::vector<std::string> heads(const std::string& currency, const Problem& problem) {
  std::vector<std::string> texts = {"month"};
  for (const procurement::Kind& kind : problem.kinds) {
    if (kind.purchase) texts.insert(texts.end(), {kind.name + " delivered", kind.name + " owned"});
    if (kind.lease) texts.push_back(kind.name + " rented");
  }
  for (const procurement::Work& work : problem.works) texts.push_back(work.name + " done");
  texts.insert(texts.end(), {"cash, " + currency, "cash so far, " + currency});
  return texts;
}

Row month_row(const Problem& problem, const Decision& decision, int month) {
  Row row = {Cell(month + 1, number::count)};
  for (std::size_t k = 0; k < problem.kinds.size(); ++k) {
    const int kind = static_cast<int>(k);
    if (problem.kinds[k].purchase) {
      row.emplace_back(decision.arrived(kind, month), number::count);
      row.emplace_back(decision.owned(kind, month), number::count);
    }
    if (problem.kinds[k].lease) row.emplace_back(decision.rented[k][month], number::decimal);
  }
  for (std::size_t job = 0; job < problem.works.size(); ++job)
    row.emplace_back(done(problem, decision, job, month), number::share);
  row.emplace_back(decision.cash[month], number::count);
  return row;
}

}  // namespace

Sheet procurement_sheet(const scenario::Scenario& scenario, const scenario::Procurement& purchases) {
  const Problem& problem = purchases.problem;
  const Decision& decision = *purchases.decision;
  Sheet sheet{"Procurement"};
  sheet.rows = {header(heads(scenario.currency.code, problem))};
  sheet.widths.assign(sheet.rows.front().size(), 14);
  sheet.frozen_rows = sheet.frozen_columns = 1;
  const std::size_t cash = sheet.rows.front().size() - 2;
  double sum = 0;
  for (int month = 0; month < problem.months; ++month) {
    sum += decision.cash[month];
    Row row = month_row(problem, decision, month);
    const std::size_t at = sheet.rows.size();
    row.emplace_back(Formula{fmt::format("SUM({}:{})", place(1, cash), place(at, cash)), sum}, number::count);
    sheet.rows.push_back(std::move(row));
  }
  const std::size_t last = sheet.rows.size() - 1;
  const std::string& code = scenario.currency.code;
  sheet.charts.push_back(
      {Chart::Kind::column, "Cash paid out, by month", code, 0, 1, last, {{"cash", cash}}, last + 2, 0});
  sheet.charts.push_back(
      {Chart::Kind::line, "Cash paid out so far", code, 0, 1, last, {{"so far", cash + 1}}, last + 30, 0});
  return sheet;
}

Sheet jobs_sheet(const scenario::Procurement& purchases) {
  const Problem& problem = purchases.problem;
  const Decision& decision = *purchases.decision;
  Sheet sheet{"Jobs", {28, 14, 14, 14, 14, 14, 60}, 1, 1};
  sheet.rows = {header(
      {"job", "tokens", "may run from month", "until month", "starts in month", "finishes in month", "runs on"})};
  for (std::size_t j = 0; j < problem.works.size(); ++j) {
    const procurement::Work& work = problem.works[j];
    const auto [first, last, clusters] = procurement::job_span(problem, decision, j);
    sheet.rows.push_back({work.name, Cell(work.tokens, "0.00E+00"), Cell(work.from + 1, number::count),
                          Cell(work.by, number::count), Cell(first, number::count), Cell(last, number::count),
                          fmt::format("{}", fmt::join(clusters, ", "))});
  }
  return sheet;
}

}  // namespace chipmix::report::book
