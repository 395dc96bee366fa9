// What to buy and rent, when, and what runs on it.
#pragma once

#include "report/page.hpp"
#include "scenario/risk.hpp"

namespace chipmix::report {

/// `risk`: nothing where no case of an assumption has a probability.
Page procure_page(const scenario::Scenario& scenario, const scenario::Procurement& result,
                  const std::optional<scenario::Risk>& risk);

}  // namespace chipmix::report
