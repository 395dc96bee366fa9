// What a mix adds to a page: its ways side by side, and what each island is worth.
#pragma once

#include "report/money_scale.hpp"
#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// Every way to use the islands together, and each island alone. `scale`: of the costs beside it.
Table ways_table(const scenario::Scenario& scenario, const scenario::Option& option,
                 const scenario::OptionAnswer& answer, const MoneyScale& scale);

/// What share of each chip is worth having: tokens per second and device of each island, alone and in the mix.
Table worth_table(const scenario::OptionAnswer& answer);

/// What no published run has shown yet of such a mix; empty where all islands are of one vendor.
std::string mix_remark(const scenario::Option& option, const scenario::OptionAnswer& answer);

}  // namespace chipmix::report
