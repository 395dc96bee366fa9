// The workbook for those who buy: every option's bill as formulas of prices that they can change.
#pragma once

#include <string>

#include "report/book/workbook.hpp"
#include "scenario/procure.hpp"
#include "validation/evidence.hpp"

namespace chipmix::report::book {

/// Sheets Summary, Ledger, Assumptions, Options, Sensitivity, Provenance. Money is a formula of named cells on
/// Assumptions; the values beside the formulas are the comparison's. Without prices it is one of speed, and says so.
/// `version`: of the program. `evidence`: of each option in their order, or none. `purchases`: where the scenario asks
/// what to buy; then Procurement and Jobs stand after Summary.
Workbook procurement_book(const scenario::Scenario& scenario, const scenario::Comparison& comparison,
                          const std::string& version, const std::vector<validation::OptionEvidence>& evidence = {},
                          const scenario::Procurement* purchases = nullptr);

}  // namespace chipmix::report::book
