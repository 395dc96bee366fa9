// What to buy and rent, when, and what runs on it.
#pragma once

#include "report/page.hpp"
#include "scenario/procure.hpp"

namespace chipmix::report {

Page procure_page(const scenario::Scenario& scenario, const scenario::Procurement& result);

}  // namespace chipmix::report
