// Bills as sums that a page can recalculate: what a reader changes, and what every option then costs.
//
//   cost = Σ rows Σ terms c Π v        v: a figure's factor f, its inverse 1/f, or a run's time factor
//   T_r = (tokens / tokens_0) (m_r / m)    of run r: share of peak m_r in the answer, m as the reader sets it
//   + p max(0, D - Σ_r (a_r + b_r T_r))    what runs leave of a rent for at least D seconds, at p a second
//
// Every row of a bill is linear in each of these variables: c follow from charging the same runs again with variables
// at 1 and 2, and are kept only where a point between gives the same bill to 1e-9. Time: steps are tokens over those of
// a step, and no loss depends on the length of a run (practice/account.hpp).
#pragma once

#include <string>

#include "report/decision/bill_terms.hpp"
#include "report/decision/findings.hpp"

namespace chipmix::report {

/// JSON for the page's script; empty where no option has a price.
std::string what_if(const Matter& matter);

/// An order of a portfolio and what it costs as a sum.
struct PricedOrder {
  std::string name, colour;
  double total = 0;
  BillTerms bill;
};
/// The same JSON about orders: the first is the report's; nothing of them runs or is late.
std::string orders_model(const Matter& matter, const std::vector<Lever>& levers,
                         const std::vector<PricedOrder>& orders);

}  // namespace chipmix::report
