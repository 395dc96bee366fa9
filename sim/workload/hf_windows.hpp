// Sliding windows of a config.json: how wide, and in which layers.
#pragma once

#include "workload/hf_parts.hpp"

namespace chipmix::workload {

/// Needs what read_layers sets. Sets attention.window, is_windowed_layer.
void read_window(const HfConfig& config, ModelSpec& model);

}  // namespace chipmix::workload
