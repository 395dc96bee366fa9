// Training logs beside what was predicted of their runs.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "report/table.hpp"
#include "validation/logged_run.hpp"

namespace chipmix::report {

/// Step times before and after the fit, and peak memory, a row a log.
Table log_table(const std::vector<validation::LoggedRun>& logs);
nlohmann::ordered_json log_json(const std::vector<validation::LoggedRun>& logs);

}  // namespace chipmix::report
