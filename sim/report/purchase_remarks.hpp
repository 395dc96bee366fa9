// What a purchase is in sentences: the decision and how sure its dates are, what devices sell for, and why some are
// held for a few months only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/procure.hpp"
#include "scenario/risk.hpp"

namespace chipmix::report {

inline constexpr double least_devices = 0.5;  ///< of a plan: less is rounding

/// "512 910b, 512 h800": what is bought and how many device-months are rented, of each kind of which there is some; "-"
/// where nothing is.
std::string bought_text(const procurement::Problem& problem, const procurement::Decision& decision);
std::string rented_text(const procurement::Problem& problem, const procurement::Decision& decision);

/// What is bought and rented, its cost, whether it is proven, and with which probability the jobs are done in time.
std::string purchase_headline(const scenario::Scenario& scenario, const scenario::Procurement& result,
                              const std::optional<scenario::Risk>& risk);

/// How likely each job is to be in time as planned, and what the rent of spot devices counts.
std::string planning_remark(const scenario::Scenario& scenario, const scenario::Procurement& result);

/// The order with which the jobs are done in every world considered, where it is not the one above it.
std::string robust_remark(const scenario::Scenario& scenario, const scenario::Risk& risk);

/// What each kind that is bought sells for, at the age at which it is sold and after a year: the one place that says
/// so.
std::string resale_remark(const procurement::Problem& problem, const procurement::Decision& decision);

/// Of kinds that are bought and sold again before the last job is done: what they do, what that costs, and what would
/// have to be done without them.
std::vector<std::string> brief_remarks(const scenario::Scenario& scenario, const scenario::Procurement& result);

}  // namespace chipmix::report
