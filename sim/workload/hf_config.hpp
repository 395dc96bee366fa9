// Reads a Hugging Face config.json, in any of the spellings its families use.
#pragma once

#include "io/value.hpp"
#include "workload/model.hpp"

namespace chipmix::workload {

/// Keys it does not know are ignored (a config.json carries many that do not matter here); keys it needs and does not
/// find, and values that contradict each other, are faults recorded in value.diagnostics(). What it had to assume is
/// listed in ModelSpec::assumed. Returns nothing if a fault was recorded.
///
/// A "chipmix" object beside the architecture may say {"id", "name", "source", "published": {"total", "active",
/// "source"}}; without it the id is the end of "_name_or_path", or empty: the caller's to set.
std::optional<ModelSpec> read_hf_config(const io::Value& config);

}  // namespace chipmix::workload
