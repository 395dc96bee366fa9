// The sheets of the procurement workbook, one file each.
#pragma once

#include "report/book/names.hpp"
#include "report/book/price_formulas.hpp"
#include "report/book/workbook.hpp"
#include "report/report.hpp"
#include "scenario/procure.hpp"
#include "validation/evidence.hpp"

namespace chipmix::report::book {

/// What the sheets are made from, and the names they share.
struct Draft {
  const scenario::Scenario& scenario;
  const scenario::Comparison& comparison;
  const std::vector<validation::OptionEvidence>& evidence;  ///< of each option, or none
  Names names{};
  const FrontPage* front = nullptr;  ///< the decision, as the other formats tell it
  const Say* say = nullptr;
  std::vector<DefinedName> defined{};

  PriceFormulas prices() { return {scenario, names}; }
  /// Gives the cell that the next row of `sheet` has at `column` the name of a key.
  void define(const std::string& key, const Sheet& sheet, std::size_t column);
  const scenario::Option& option_of(const scenario::OptionAnswer& answer) const {
    return scenario.options[scenario.find(answer.name)];
  }
  bool has_prices() const;
};

inline std::string total_key(const scenario::OptionAnswer& answer) { return "total:" + answer.name; }
inline std::string cash_key(const scenario::OptionAnswer& answer) { return "cash:" + answer.name; }

Sheet summary_sheet(Draft& draft);
Sheet ledger_sheet(Draft& draft);
/// After the others: figures that no formula of theirs asked for are listed without a name.
Sheet assumptions_sheet(Draft& draft);
Sheet options_sheet(Draft& draft);
Sheet sensitivity_sheet(Draft& draft);
Sheet provenance_sheet(Draft& draft, const std::string& version);
/// What is bought, rented, done and paid in every month; and each job. The decision must be there.
Sheet procurement_sheet(const scenario::Scenario& scenario, const scenario::Procurement& purchases);
Sheet jobs_sheet(const scenario::Procurement& purchases);

}  // namespace chipmix::report::book
