// Predicted beside measured power: worst groups first, then every row.
#pragma once

#include <vector>

#include "report/page.hpp"
#include "validation/energy_predict.hpp"

namespace chipmix::report {

/// Rows and their predictions in the same order. JSON: {schema_version, energy: [...], summary: {...}}.
Page energy_page(const std::vector<validation::EnergyRow>& rows,
                 const std::vector<validation::EnergyPrediction>& predictions);

}  // namespace chipmix::report
