// The parts of a config.json, each read by a file of its own. Faults go to config.diagnostics().
#pragma once

#include "workload/hf_families.hpp"
#include "workload/hf_keys.hpp"

namespace chipmix::workload {

/// A configuration under reading.
struct HfConfig {
  const io::Value& keys;  ///< the object that holds the architecture
  const Family& family;
  bool is_known = true;  ///< whether the family is one of the table
};

bool is_on(const HfConfig& config, const Switch& name);

/// Needs model.layers, hidden. Sets attention, is_windowed_layer, kv_sharing.
void read_attention(const HfConfig& config, ModelSpec& model);
/// Needs model.layers, hidden. Sets moe, is_moe_layer, dense_width.
void read_mlp(const HfConfig& config, ModelSpec& model);
/// Reads the "chipmix" object beside the architecture, if there is one: id, name, source, published.
void read_note(const io::Value& root, ModelSpec& model);

}  // namespace chipmix::workload
