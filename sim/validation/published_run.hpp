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
  std::optional<int> experts, active, width, dense_layers, dense_width, nodes_per_token;
  double shared = 0;  ///< shared experts of the routed ones' width
};

struct RunLatent {
  int q_rank = 0, kv_rank = 0, rope_dim = 0, nope_dim = 0, value_dim = 0;
};

struct RunModel {
  std::string name, family, activation, positions, windowed_layers;
  std::optional<int> layers, hidden, heads, kv_heads, head_dim, width, vocabulary, sequence_length, prediction_layers,
      window;
  std::optional<double> total_billions, active_billions;  ///< parameters as printed
  std::optional<bool> gated, tied, parallel_block;        ///< parallel_block: attention and MLP read the same input
  std::optional<RunExperts> moe;
  std::optional<RunLatent> latent;
};

struct RunCluster {
  std::string device;
  int devices = 0;
  std::optional<int> devices_per_node;
  std::string inside, between;                         ///< links inside and between nodes, in the source's words
  std::string inside_kind;                             ///< nvswitch, nvlink-pairs+pcie, pcie, full-mesh, xgmi-mesh, ...
  std::optional<double> pair_gb_per_s, pcie_gb_per_s;  ///< GB/s of a link inside a pair, and between pairs
  std::optional<double> network_gbps;                  ///< Gb/s of network per device, one direction
  std::optional<double> oversubscription;
};

/// Replicas of one pipeline stage, where a run mixes devices or cuts layers by hand.
struct RunStage {
  double layers = 0;                 ///< a half: the cut lies between attention and MLP
  std::vector<std::string> devices;  ///< one per replica
};

struct RunOptimizer {
  std::string name, parameters, master_parameters, main_gradients, moments, gradient_reduction;
};

struct RunPlan {
  std::optional<int> tensor, pipeline, data, context, ulysses, expert, expert_tensor, interleave, micro_batch,
      global_batch, micro_batches, prediction_layers, loss_slices, interleaved_batches, fine_interleave, shard_group,
      weight_shards, dispatcher_units;
  /// Layers recomputed in full, in all, of each stage, or by number; and layers of which modules are recomputed.
  std::optional<int> recompute_layers, recompute_module_layers;
  std::vector<int> recompute_layers_per_stage, recompute_layer_ids, recompute_module_layers_per_stage;
  std::optional<double> recompute_share, capacity_factor, dropout, activation_offload, optimizer_offload,
      parameter_offload;
  std::optional<int> zero;
  std::optional<bool> fsdp, sequence_parallel, flash_attention, wide_gradients, compiled, expert_overlap,
      forced_balance, drops_tokens, pads_to_capacity, grouped_products, narrow_moments, narrow_parameters,
      narrow_activations, overlaps_sends, overlaps_gradients, overlaps_gathers, reshards, shared_expert_overlap, packed,
      recomputes_tensor_exchange, overlaps_context, gathers_narrow, after_pipeline_fix, distributed_optimizer;
  std::string recompute, recompute_method, dtype, schedule, schedule_variant, framework, stack, dispatcher, finetune,
      precision_mode, narrow_recipe, tensor_overlap, graphs, fused_loss, offload, release, layout, context_algorithm,
      campaign;
  std::vector<std::string> recompute_modules;
  std::optional<std::vector<std::string>> fused_kernels;  ///< where it is stated which there are
  std::vector<std::string> slow_axes;                     ///< degrees that run over PCIe: "tp", "cp", ...
  std::vector<int> layers_per_stage;
  std::vector<std::vector<int>> layers_per_chunk;  ///< by chunk, then stage
  std::vector<RunStage> stages;
  std::optional<RunOptimizer> optimizer;
  bool ends_count_as_layers = false;  ///< embedding and head each take a layer's place in the pipeline split
  int sync_free_stage = 0;            ///< of Primus-Turbo: from 1 on no device-to-host synchronisation in the router
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
  std::string id, project, tier;  ///< project: the publisher, whose runs are left out of a fit together
  RunSource source;
  RunModel model;
  RunCluster cluster;
  RunPlan plan;
  RunMeasured measured;
  std::vector<PeerPrediction> peers;
  std::vector<std::string> by_default;  ///< fields of the plan that the source leaves to its release's default
  std::vector<std::string> faults;      ///< why the record cannot be read, each with its place; usually none

  bool is_timed() const { return tier == "full" || tier == "fill" || tier == "lora"; }
};

/// Runs, and what was found wrong while they were read.
struct RunTable {
  std::vector<PublishedRun> runs;
  std::vector<Diagnostic> faults;   ///< values that cannot be read; their runs carry them too
  std::vector<Diagnostic> unknown;  ///< members that are no field of a run, and are not read
};

/// Reads a table of runs: a list of records. Members that are null read as absent; a field of `defaults` (what the
/// run's release does) stands in for one that the plan does not state. A member of the wrong kind, a record without id,
/// model, cluster or plan, and two records of one id are faults; the other records are read all the same.
RunTable read_runs(const io::Value& table);

}  // namespace chipmix::validation
