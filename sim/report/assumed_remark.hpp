// What the importer of a model had to assume, said by every page that answers for the model.
#pragma once

#include <string>
#include <vector>

#include "workload/model.hpp"

namespace chipmix::report {

/// Appends "Assumed of MODEL: ...." for each assumption.
void add_assumed(const workload::ModelSpec& model, std::vector<std::string>& remarks);

}  // namespace chipmix::report
