// What an answer says of work beyond what its figures were fitted to.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "scenario/answer.hpp"

namespace chipmix::report {

/// "Outside what was measured on h100: gemm.bf16 m 65536 (4 times beyond 16384); ...". Empty if nothing is.
std::string coverage_remark(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer);

/// A list with one object for each; empty if nothing is outside.
nlohmann::ordered_json coverage_json(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer);

}  // namespace chipmix::report
