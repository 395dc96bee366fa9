// The number formats that answers rest on (scenario/number_formats.hpp), as tables and JSON show them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "report/table.hpp"
#include "scenario/answer.hpp"

namespace chipmix::report {

/// The formats of each device kind of a run in a sentence; where its gradients are not in fp32, also how full the
/// fullest rank would be with fp32 ones, for each byte of gradients is a share of the ledger's.
std::vector<std::string> precision_remarks(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer);

/// Rows (what, value, why) of the formats that differ from the usual, as the stacks of the options set them. `only`:
/// an option's index; of all if negative.
std::vector<std::vector<Cell>> precision_rows(const scenario::Scenario& scenario, int only);

/// [{"device", "compute", "weight_bytes", "gradient_bytes", "optimizer_bytes", "gradients", "optimizer"}], a row for
/// each kind of device of an option's runs.
nlohmann::ordered_json precision_json(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer);

}  // namespace chipmix::report
