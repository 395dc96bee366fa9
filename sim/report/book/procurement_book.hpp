// The workbook for those who buy: every option's bill as formulas of prices that they can change.
#pragma once

#include <set>
#include <string>

#include "report/book/workbook.hpp"
#include "report/decision/findings.hpp"
#include "report/report.hpp"

namespace chipmix::report::book {

/// Sheets Summary, Ledger, Assumptions, Options, Sensitivity, Provenance. Money is a formula of named cells on
/// Assumptions; the values beside the formulas are the comparison's. Without prices it is one of speed, and says so.
/// Where the scenario asks what to buy, Procurement and Jobs stand after Summary. `front`: the decision, as the other
/// formats tell it. `version`: of the program. In the language of `matter`.
Workbook procurement_book(const Matter& matter, const FrontPage& front, const std::string& version);

/// The words of a workbook in its reader's language; `names` stay as they are.
void translate(Workbook& book, const Say& say, const std::set<std::string>& names);

}  // namespace chipmix::report::book
