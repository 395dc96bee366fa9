// The parts of a config.json, each read by a file of its own. Faults go to the diagnostics of config.keys.object().
#pragma once

#include "workload/hf_families.hpp"
#include "workload/hf_keys.hpp"

namespace chipmix::workload {

/// A configuration under reading.
struct HfConfig {
  const Keys& keys;  ///< the object that holds the architecture
  const Family& family;
  bool is_known = true;  ///< whether the family is one of the table
};

bool is_on(const HfConfig& config, const Switch& name);

/// How many layers: said, or as many as a list or pattern of their kinds has. A fault if neither is there.
int layer_count(const HfConfig& config);
/// Needs model.layers. Sets mixers, has_mlp, is_windowed_layer, and is_moe_layer where a pattern says it.
void read_layers(const HfConfig& config, ModelSpec& model);
/// Needs what read_layers sets. Sets attention, windowed_attention, kv_sharing, borrows_index.
void read_attention(const HfConfig& config, ModelSpec& model);
/// Needs what read_layers sets. Sets linear, if some layer has it.
void read_linear(const HfConfig& config, ModelSpec& model);
/// Needs model.layers, hidden. Sets moe, is_moe_layer, dense_width.
void read_mlp(const HfConfig& config, ModelSpec& model);
/// Reads the "chipmix" object beside the architecture, if there is one: id, name, source, published.
void read_note(const io::Value& root, ModelSpec& model);

}  // namespace chipmix::workload
