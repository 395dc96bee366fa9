// The report that leaves the building: one decision for the board, finance, procurement, the facility and training.
#pragma once

#include "report/decision/findings.hpp"
#include "report/report.hpp"

namespace chipmix::report {

/// `imprint`: who made it, when; its fingerprint is that of the scenario.
Report procurement_report(const Scenario& scenario, const Findings& findings, Imprint imprint, Language language);

}  // namespace chipmix::report
