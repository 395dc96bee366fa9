#include "report/book/procurement_book.hpp"

#include <algorithm>

#include "report/book/sheets.hpp"

namespace chipmix::report::book {

void Draft::define(const std::string& key, const Sheet& sheet, std::size_t column) {
  defined.push_back({names.of(key), sheet.name, sheet.rows.size(), column});
}

bool Draft::has_prices() const {
  return std::any_of(comparison.options.begin(), comparison.options.end(),
                     [](auto& answer) { return answer.priced(); });
}

Workbook procurement_book(const Matter& matter, const FrontPage& front, const std::string& version) {
  const scenario::Scenario& scenario = matter.scenario;
  const auto& purchases = matter.findings.purchases;
  Draft draft{scenario, matter.comparison(), matter.findings.evidence, {}, &front, &matter.say};
  Workbook book{scenario.name};
  Sheet summary = summary_sheet(draft), ledger = ledger_sheet(draft), sensitivity = sensitivity_sheet(draft);
  Sheet assumptions = assumptions_sheet(draft);
  book.sheets = {std::move(summary),   std::move(ledger),      std::move(assumptions),
                 options_sheet(draft), std::move(sensitivity), provenance_sheet(draft, version)};
  if (purchases && purchases->decision) {
    book.sheets.insert(book.sheets.begin() + 1, procurement_sheet(scenario, *purchases));
    book.sheets.insert(book.sheets.begin() + 2, jobs_sheet(*purchases));
  }
  book.names = std::move(draft.defined);
  translate(book, matter.say, given_names(matter));
  return book;
}

}  // namespace chipmix::report::book
