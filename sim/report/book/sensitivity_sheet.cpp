#include <fmt/format.h>

#include <algorithm>

#include "report/book/sheets.hpp"
#include "report/surety_table.hpp"
#include "scenario/cost_swings.hpp"

namespace chipmix::report::book {
namespace {

using scenario::OptionAnswer;

constexpr std::size_t most_swings = 12;  // of one option
constexpr double least_swing = 0.001;    // of the cost or time

class Sensitivity {
 public:
  explicit Sensitivity(Draft& draft) : draft_(draft) { sheet_ = {"Sensitivity", {24, 34, 13, 13, 15, 15, 60}}; }

  Sheet run() && {
    if (draft_.has_prices()) costs();
    times();
    order();
    cases();
    return std::move(sheet_);
  }

 private:
  void heading(const std::string& text, const std::vector<std::string>& columns) {
    if (!sheet_.rows.empty()) sheet_.rows.emplace_back();
    sheet_.rows.push_back({Cell(text, Style::heading)});
    sheet_.rows.push_back(header(columns));
  }

  static Cell change(double factor) { return {factor - 1, number::change}; }
  static bool is_small(double low, double high) { return std::abs(low - 1) + std::abs(high - 1) < least_swing; }

  /// Costs at the ends follow the ledger's total; by how much they differ from it is as simulated.
  void costs() {
    const std::string& currency = draft_.scenario.currency.code;
    heading(
        "What moves the cost: one figure at a time at the ends of its range",
        {"option", "figure", "cost at low", "cost at high", "at low, " + currency, "at high, " + currency, "source"});
    for (const OptionAnswer& answer : draft_.comparison.options) {
      if (!answer.priced()) continue;
      auto swings = scenario::cost_swings(draft_.scenario, answer);
      swings.resize(std::min(swings.size(), most_swings));
      const double total = answer.bill.total().amount;
      const auto at = [&](double factor) {
        return Cell(Formula{draft_.names.of(total_key(answer)) + "*" + literal(factor), total * factor}, number::count);
      };
      for (const scenario::CostSwing& swing : swings)
        if (!is_small(swing.at_low, swing.at_high))
          sheet_.rows.push_back({answer.label, swing.figure, change(swing.at_low), change(swing.at_high),
                                 at(swing.at_low), at(swing.at_high), swing.source});
    }
  }

  void times() {
    heading("What moves the time of a step: one figure at a time at the ends of its range",
            {"option", "figure", "time at low", "time at high", "", "", "source"});
    for (const OptionAnswer& answer : draft_.comparison.options) {
      if (!answer.feasible() || answer.runs.size() != 1) continue;
      std::size_t shown = 0;
      for (const uncertainty::Swing& swing : answer.runs.front().interval.swings)
        if (!is_small(swing.at_low, swing.at_high) && shown++ < most_swings)
          sheet_.rows.push_back(
              {answer.label, swing.figure, change(swing.at_low), change(swing.at_high), Cell(), Cell(), swing.source});
    }
  }

  void order() {
    const Table table = surety_table(draft_.scenario, draft_.comparison);
    if (table.rows.empty()) return;
    std::vector<std::string> columns;
    for (const Column& column : table.columns) columns.push_back(column.header);
    heading(table.title, columns);
    for (const auto& row : table.rows) {
      Row cells;
      for (const report::Cell& cell : row) cells.emplace_back(cell.text);
      sheet_.rows.push_back(std::move(cells));
    }
  }

  void cases() {
    if (draft_.comparison.cases.empty()) return;
    std::vector<std::string> columns = {"assumed", "instead"};
    for (const OptionAnswer& answer : draft_.comparison.options) columns.push_back(answer.name);
    heading("Assumptions, and the cost under other values", columns);
    for (const scenario::CaseEffect& effect : draft_.comparison.cases) {
      Row row = {effect.assumed, effect.label};
      for (const auto& factor : effect.cost_factor) row.push_back(factor ? change(*factor) : Cell());
      sheet_.rows.push_back(std::move(row));
    }
  }

  Draft& draft_;
  Sheet sheet_;
};

}  // namespace

Sheet sensitivity_sheet(Draft& draft) { return Sensitivity(draft).run(); }

}  // namespace chipmix::report::book
