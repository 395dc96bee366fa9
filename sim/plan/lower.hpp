// Lowering: from operators and a plan to the tasks of one rank.
#pragma once

#include <array>
#include <map>
#include <memory>

#include "plan/program.hpp"

namespace chipmix::workload {
struct Block;
struct ModelGraph;
}  // namespace chipmix::workload

namespace chipmix::plan {

/// How one block is cut: everything that decides its tasks.
struct Sharding {
  Degrees degrees;  ///< data is not used: replicas do the same work
  int micro_batch = 1;
  int sequence_length = 0;
  bool sequence_parallel = true;
  bool flash = true;
  bool fused = true;
  bool fused_accumulation = true;  ///< products add gradients to those of earlier micro-batches
  Dtype dtype = Dtype::bf16;
  double gradient_bytes = 4;      ///< per weight, of the gradient that micro-batches add to
  double expert_imbalance = 1;    ///< tokens of the busiest expert rank over the mean
  bool is_base_frozen = false;    ///< no gradients of weights (LoRA, arXiv:2106.09685)
  double logit_bytes = 10;        ///< per logit while the loss runs
  bool whole_vocabulary = false;  ///< logits are not cut over the tensor group
  double selective_products = 0;  ///< share of matrix products that selective recomputation runs again
  Remade remade{};
  hardware::Dispatcher dispatcher = hardware::Dispatcher::all_to_all;
  hardware::GraphScope graphs{};
  bool waits_for_routing = true;
  bool grouped_experts = true;
  bool written_out = false;  ///< norms and gated activations keep what each of their steps needs
  friend auto operator<=>(const Sharding&, const Sharding&) = default;
};

/// Bytes of an activation element: fp32 as it is, all else 16 bit (fp8 training keeps activations between kernels so).
double activation_bytes(Dtype dtype);

/// The tasks of one block on one rank.
///  - projections: C[T x n] = A[T x k] B[k x n] with T the tokens of the rank's micro-batch; backward runs two products
///    of the same size, for the input and for the weights; gradients of weights are added to those of the micro-batches
///    before: in the product itself where the stack fuses the two, else in a kernel of its own;
///  - fp8 training: what a product reads is cast from 16 bit and kept by rows and by columns, in the kernel before it
///    where that is a norm or an activation function, else in one of its own (NVIDIA Transformer Engine);
///  - tensor parallelism: an activation entering a cut operator is gathered and leaving one is reduce-scattered
///    (all-reduced without sequence parallelism), mirrored in the backward pass (arXiv:2205.05198, section 4.2);
///  - experts: the busiest rank computes imbalance x (tokens x active experts) / expert group tokens;
///  - context parallelism: keys and values are gathered over the context group, causal work is balanced.
BlockTasks lower_block(const workload::Block& block, const Sharding& sharding);

/// Lowers whole plans of one job, remembering blocks by their sharding. Not thread-safe: one per thread.
class Lowering {
 public:
  explicit Lowering(workload::TrainingJob job);

  /// The plan must be legal (`faults()` empty).
  Program lower(const ParallelPlan& plan, const hardware::Cluster& cluster);

  const workload::TrainingJob& job() const { return job_; }
  const workload::ModelGraph& graph() const { return *graph_; }
  /// Whether every layer can be cut between attention and MLP.
  bool can_cut_layers() const;

 private:
  using Blocks = std::vector<std::shared_ptr<const BlockTasks>>;
  const Blocks& blocks(const Sharding& sharding);
  StageProgram lower_stage(const ParallelPlan& plan, int stage, const hardware::Cluster& cluster);
  bool is_like_previous(const ParallelPlan& plan, int stage) const;
  ChunkProgram lower_chunk(const LayerRange& layers, bool embedding, bool head, const Sharding& sharding);
  /// The halves of a layer's block: attention, MLP.
  const std::array<std::shared_ptr<const BlockTasks>, 2>& halves(int layer, const Sharding& sharding);

  /// Weights of the input table beyond those of the embedding block: on a first stage whose tied head is elsewhere, and
  /// where every tensor-parallel rank has it whole.
  double copied_table(const Stage& stage, bool is_whole) const;

  workload::TrainingJob job_;
  std::shared_ptr<const workload::ModelGraph> graph_;
  double model_flops_ = 0;        ///< of one step
  std::vector<int> layer_block_;  ///< block number of each layer, prediction layers last
  std::map<Sharding, Blocks> cache_;
  std::map<std::pair<Sharding, int>, std::array<std::shared_ptr<const BlockTasks>, 2>> halves_;  ///< by block number
};

}  // namespace chipmix::plan
