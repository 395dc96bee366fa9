// The first page: the decision.
#pragma once

#include "report/decision/findings.hpp"
#include "report/report.hpp"

namespace chipmix::report {

/// Which of a scenario's options: of one job.
FrontPage option_decision(const Matter& matter);

/// What to buy and rent: of a portfolio of jobs. `findings.purchases` must be there.
FrontPage portfolio_decision(const Matter& matter);

/// The two changes nearest to today's figures that make another option the cheapest, or miss a target; where fewer than
/// two do, the widest ranges behind the total.
std::vector<std::string> option_risks(const Matter& matter);
std::vector<std::string> portfolio_risks(const Matter& matter);

/// What P10 to P90 means, what practice and idle time take, and what a project costs beside its final run.
std::vector<std::string> option_basis(const Matter& matter);
std::vector<std::string> portfolio_basis(const Matter& matter);

/// What is to be signed for an option, the money to approve, and how long prices hold.
std::vector<std::string> option_asked(const Matter& matter);
std::vector<std::string> portfolio_asked(const Matter& matter);

/// A price that is to be agreed to, and the last day on which its quote holds.
struct PriceAsked {
  std::string of;
  std::optional<std::string> until;
};
/// Until when the quotes behind prices hold, which are out of date, and which do not say.
std::string quotes_hold(const Matter& matter, const std::vector<PriceAsked>& prices);

/// Costs side by side, the cheapest first, the recommended one emphasised.
/// `is_column`: beside other things on a page.
Figure cost_chart(const Matter& matter, std::size_t most, bool is_column = false);

/// A portfolio's decision and the ways that were refused, the cheapest first.
struct Alternative {
  std::string name;
  double cost = 0;
  bool is_chosen = false;
};
std::vector<Alternative> alternatives(const Matter& matter);
Figure alternatives_chart(const Matter& matter, std::size_t most, bool is_column = false);

/// Month, from 1, in which the last job of a decision is done; 0: none works.
int last_working_month(const procurement::Decision& decision);
/// Megawatts of the devices held in the month with most of them.
double portfolio_megawatts(const procurement::Problem& problem, const procurement::Decision& decision);

}  // namespace chipmix::report
