// What follows the first page: money, plan and time, risk, the purchase schedule; then the appendix.
#pragma once

#include "report/decision/findings.hpp"
#include "report/page.hpp"
#include "report/report.hpp"

namespace chipmix::report {

/// Four short chapters about the options of one job.
std::vector<Section> option_chapters(const Matter& matter);

/// The same about a portfolio of jobs. `findings.purchases` must be there.
std::vector<Section> portfolio_chapters(const Matter& matter);

/// Assumptions, evidence, validation, method: what a reader checks, not what a reader decides by. `compared`: the page
/// of `compare`, whose tables are shown whole.
std::vector<Section> appendix(const Matter& matter, const Page& compared);

/// Tables of the chapters.
Table options_table(const Matter& matter);
Table plans_table(const Matter& matter);
Table certainty_table(const Matter& matter);
Table payments_table(const Matter& matter, const OptionAnswer& answer);
Table kinds_table(const Matter& matter);
Table jobs_table(const Matter& matter);
/// Month by month; months in which nothing changes and nothing is paid are one row.
Table months_table(const Matter& matter);
Table futures_table(const Matter& matter);
Table changes_table(const Matter& matter);

}  // namespace chipmix::report
