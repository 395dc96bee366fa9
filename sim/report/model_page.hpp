// Models as tables.
#pragma once

#include "report/page.hpp"
#include "scenario/library.hpp"

namespace chipmix::report {

/// Every model with its size, computed and published.
/// `strangers`: told of files that are no models.
Table model_table(scenario::Library& library, std::vector<std::string>& strangers);

/// One model: its shape, its parameter counts and its operators.
Page model_page(const workload::ModelSpec& model);

}  // namespace chipmix::report
