// What the orders of a purchase cost, as polynomials of the prices that a reader may move.
//
//   cost = c_0 + sum_i c_i v_i + sum_i<j c_ij v_i v_j       v: a price's factor f, or of an exchange rate its inverse
//
// The order, its months and what runs stay as planned. A price, a rent, a tariff and an exchange rate each enter the
// cost of an order linearly, and two of them at most together (a price in a currency): c follow from pricing the order
// again with one and two factors at 2, and are kept only where all factors at 2 give the same cost to 1e-9.
#pragma once

#include <optional>
#include <vector>

#include "report/decision/bill_terms.hpp"

namespace chipmix::report {

/// What is paid for the kinds that can be bought or rented, for electricity and in other currencies.
std::vector<Lever> order_levers(const Matter& matter);

/// `cost`: of the order as reported. Nothing where the formula does not give it.
/// `scenario`: a copy of the answer's, which is moved and put back.
std::optional<BillTerms> order_terms(Scenario& scenario, const procurement::Problem& problem,
                                     const procurement::Decision& order, double cost, const std::vector<Lever>& levers);

/// JSON for the page's script: this plan and the other orders that were found; empty without one.
std::string order_what_if(const Matter& matter);

}  // namespace chipmix::report
