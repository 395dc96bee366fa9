// A published training run: what was trained, on what, how, and what was measured. One record of a table of runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/value.hpp"

namespace chipmix::validation {

/// Where a run was published.
struct RunSource {
  std::string title, url, where;
  int year = 0;  ///< 0: not stated
};

struct RunExperts {
  std::optional<int> experts, active, width, dense_layers, dense_width;
  double shared = 0;  ///< shared experts of the routed ones' width
};

struct RunLatent {
  int q_rank = 0, kv_rank = 0, rope_dim = 0, nope_dim = 0, value_dim = 0;
};

struct RunModel {
  std::string name, family;
  std::optional<int> layers, hidden, heads, kv_heads, head_dim, width, vocabulary, sequence_length, prediction_layers;
  std::optional<bool> gated, tied;
  std::optional<RunExperts> moe;
  std::optional<RunLatent> latent;
};

struct RunCluster {
  std::string device;
  int devices = 0;
  std::optional<int> devices_per_node;
  std::string inside, between;  ///< links inside and between nodes, in the source's words
};

/// Replicas of one pipeline stage, where a run mixes devices or cuts layers by hand.
struct RunStage {
  int layers = 0;
  std::vector<std::string> devices;  ///< one per replica
};

struct RunPlan {
  std::optional<int> tensor, pipeline, data, context, expert, interleave, micro_batch, global_batch, micro_batches;
  std::optional<int> recompute_layers;  ///< so many layers are recomputed in full, the others not at all
  std::optional<int> zero;
  std::optional<bool> fsdp, sequence_parallel, flash_attention, wide_gradients, compiled, async_tensor, expert_overlap,
      fused_cross_entropy;
  std::string recompute, dtype, schedule, schedule_variant, framework, stack, dispatcher, finetune, precision_mode;
  std::vector<std::string> recompute_modules;
  std::vector<int> layers_per_stage;
  std::vector<RunStage> stages;
  bool ends_count_as_layers = false;  ///< embedding and head each take a layer's place in the pipeline split
};

struct RunMeasured {
  std::optional<double> iteration_s, peak_memory_gib;
  std::optional<bool> out_of_memory;
  std::string memory_meaning;  ///< what peak_memory_gib counts: allocated, reserved, device total
};

/// What another published tool says of the same run.
struct PeerPrediction {
  std::string tool;
  std::optional<double> iteration_s;
};

struct PublishedRun {
  std::string id, project, tier, notes;  ///< project: the publisher, whose runs are left out of a fit together
  RunSource source;
  RunModel model;
  RunCluster cluster;
  RunPlan plan;
  RunMeasured measured;
  std::vector<PeerPrediction> peers;

  bool is_timed() const { return tier == "full" || tier == "fill" || tier == "lora"; }
};

/// Reads a table of runs: a list of records. Members that are null or unknown are passed over; a member of the wrong
/// kind, a record without id, model, cluster or plan, and two records of one id are faults in value.diagnostics().
std::vector<PublishedRun> read_runs(const io::Value& table);

}  // namespace chipmix::validation
