// Models as tables.
#pragma once

#include "report/page.hpp"
#include "scenario/library.hpp"

namespace chipmix::report {

/// Every model with its size, computed and published.
Table model_table(scenario::Library& library);

/// One model: its shape, its parameter counts and its operators.
Page model_page(const workload::ModelSpec& model);

}  // namespace chipmix::report
