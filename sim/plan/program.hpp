// A Program is a plan spelled out: for each stage, the tasks of one micro-batch, with multiplicity, and the tasks of
// one step. Laws give each task a time; an engine decides when tasks run.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "hardware/cluster.hpp"
#include "plan/plan.hpp"
#include "plan/shapes.hpp"
#include "workload/job.hpp"
#include "workload/operator.hpp"

namespace chipmix::plan {

/// What a task's time is booked under.
enum class Account {
  matrix_products,  ///< projections, dense MLP, router
  experts,          ///< routed experts
  attention,
  elementwise,  ///< norms, activations, residuals, rotary, permutation, embedding look-up
  head_and_loss,
  tensor_communication,
  context_communication,
  expert_communication,
};
inline constexpr int account_count = 8;

/// Work on the matrix units or in memory. `recomputed` marks what selective recomputation does again.
struct ComputeTask {
  Account account = Account::matrix_products;
  std::variant<GemmShape, GroupedGemmShape, AttentionShape, StreamShape> shape;
  Direction direction = Direction::forward;
  Dtype dtype = Dtype::bf16;
  bool recomputed = false;
  bool makes_gradients = false;  ///< of weights: what a split backward pass puts off
  bool graphed = false;          ///< launched as a part of a graph
  double launches = 0;           ///< by the host, where they are not the kernels that the shape says
};

struct CollectiveTask {
  Account account = Account::tensor_communication;
  Collective kind = Collective::all_reduce;
  Bytes payload;
  Group group;
  double crossing = 1;  ///< share of the cross-node part that really crosses (node-limited expert routing)
  double copies = 0;    ///< sent of each token, where a node gets it once however many of its ranks want it; else 0
  bool recomputed = false;
};

using Task = std::variant<ComputeTask, CollectiveTask>;

/// Weights of one rank, in elements. Experts are replicated over fewer ranks than the rest.
struct RankParameters {
  double dense = 0;
  double experts = 0;

  double total() const { return dense + experts; }
  RankParameters& operator+=(const RankParameters& other);
  friend RankParameters operator*(RankParameters p, double n) { return {p.dense * n, p.experts * n}; }
  friend bool operator==(const RankParameters&, const RankParameters&) = default;
};

/// Activations of one micro-batch that one rank keeps for the backward pass, by recompute setting.
struct SavedActivations {
  Bytes none;
  Bytes selective;
  Bytes full;
  Bytes working;  ///< the largest live set of the block while it runs, is recomputed or runs backward

  Bytes of(Recompute recompute) const;
};

/// A weight matrix of one rank.
struct WeightShape {
  double out = 0, in = 0;
  friend auto operator<=>(const WeightShape&, const WeightShape&) = default;
};

/// One block (a layer, the embedding, the head) on one rank, for one micro-batch.
struct BlockTasks {
  workload::BlockKind kind = workload::BlockKind::dense_layer;
  std::vector<Task> forward;
  std::vector<Task> backward;
  std::size_t waits_at = 0;  ///< number of the forward task before which the host waits for the device; 0: nowhere
  RankParameters parameters;
  SavedActivations saved;
  std::vector<WeightShape> weights;  ///< of the layer's products; one expert stands for all of its rank
  double layers = 1;                 ///< transformer layers in it, for host time: 0 for the embedding, 1 for a layer
  int checkpoints = 0;               ///< modules that selective recomputation runs again, each by a call of its own
};

struct BlockRun {
  std::shared_ptr<const BlockTasks> block;
  int count = 0;
  friend bool operator==(const BlockRun&, const BlockRun&) = default;  ///< the same block, not one that is alike
};

/// The blocks of one chunk of layers.
using ChunkProgram = std::vector<BlockRun>;

/// Where a stage sends its activations: the last one to the first where it goes round, else (nominally) to itself.
inline int next_stage(int stage, int stages, ScheduleKind schedule) {
  if (stage + 1 < stages) return stage + 1;
  return goes_round(schedule) ? 0 : stage;
}

struct StageProgram {
  std::vector<ChunkProgram> chunks;
  int node_group = 0;
  Degrees degrees;
  Dtype dtype = Dtype::bf16;  ///< of its matrix products
  /// Activations handed to the next stage, per rank and micro-batch. A tensor group holds them once: with sequence
  /// parallelism as slices, without it each rank sends a slice (scatter/gather, arXiv:2104.04473, section 4.1).
  Bytes boundary;
  Group next;                   ///< this rank and its peer on the next stage
  int next_island = 0;          ///< node group of the next stage; see next_stage
  double distinct_weights = 0;  ///< elements of the weights of its products, each shape counted once
  RankParameters parameters;
  friend bool operator==(const StageProgram&, const StageProgram&) = default;
};

struct Program {
  std::vector<StageProgram> stages;
  int interleave = 1;
  int micro_batches = 1;
  ScheduleKind schedule = ScheduleKind::one_f_one_b;
  Recompute recompute = Recompute::none;
  double recompute_share = 1;    ///< of the layers; the others keep every activation
  double offloaded = 0;          ///< share of the kept activations that waits in host memory
  double states_offloaded = 0;   ///< share of the optimizer states kept and stepped in host memory
  double weights_offloaded = 0;  ///< share of sharded weights (ZeRO-3) that waits in host memory
  int shard_group = 0;           ///< ranks that share what ZeRO divides; 0: all
  bool is_base_frozen = false;   ///< only small adapters are trained: no gradients or optimizer states of the weights
  Zero zero = Zero::optimizer;
  double model_flops = 0;  ///< of one step, forward and backward, without recomputation
  int ranks_beside = 0;    ///< of the job, in its other pipelines
  double outer_bytes = 0;  ///< per weight: what synchronisation in intervals keeps (job_plan.hpp)
};

/// What the passes of a stage's rank run, by the chunk of their slots: where stages lie mirrored, the one nearer to an
/// end first.
std::vector<const ChunkProgram*> chunks_held(const Program& program, int stage);

}  // namespace chipmix::plan
