// Who does what, when: how a training step is spread over devices.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace chipmix::plan {

/// How many ranks share each dimension of the work, inside one pipeline stage.
/// Ranks are numbered tensor fastest, then context, then data. An expert is cut over `expert_tensor` consecutive ranks
/// of the stage, and a layer's experts are spread over `expert` such groups: expert x expert_tensor divides tensor x
/// context x data. Of the context group, `ulysses` ranks exchange heads for tokens (arXiv:2309.14509); the others
/// gather keys.
struct Degrees {
  int tensor = 1;
  int context = 1;
  int expert = 1;
  int data = 1;
  int expert_tensor = 1;
  int ulysses = 1;

  int ranks() const { return tensor * context * data; }
  int expert_data() const { return ranks() / (expert * expert_tensor); }
  friend auto operator<=>(const Degrees&, const Degrees&) = default;
};

/// A run of consecutive layers, [first, first + count), and at its ends halves of layers that are cut between attention
/// and MLP.
struct LayerRange {
  int first = 0;
  int count = 0;
  bool mlp_before = false;       ///< the MLP of layer first - 1
  bool attention_after = false;  ///< the attention of layer first + count

  bool is_cut() const { return mlp_before || attention_after; }
  double layers() const { return count + 0.5 * (int{mlp_before} + int{attention_after}); }
};

/// Devices of one node group of the cluster; `devices` counts packages.
struct DeviceGroup {
  int node_group = 0;
  int devices = 0;
};

/// One pipeline stage. With an interleaved schedule it holds several chunks of layers, in pipeline order.
struct Stage {
  std::vector<LayerRange> chunks;
  bool embedding = false;
  bool head = false;
  DeviceGroup devices;
  Degrees degrees;

  double layers() const;
};

enum class Recompute {
  none,       ///< keep every activation
  selective,  ///< recompute what is cheap: norms, activations, expanded latents, unfused attention scores
  full,       ///< keep the input of each layer only
};

/// What selective recomputation makes again.
struct Remade {
  bool norms = true;
  bool activations = true;  ///< activation functions
  bool latents = true;      ///< expanded latents and the rotary embedding on them
  bool attention = false;   ///< fused attention; unfused scores always are
  bool mlp = false;         ///< the products of dense MLPs and shared experts
  bool experts = false;     ///< routed experts, with the exchange of tokens
  friend auto operator<=>(const Remade&, const Remade&) = default;
};

/// What data-parallel ranks share (ZeRO, arXiv:1910.02054). FSDP with full sharding is parameters.
enum class Zero { none = 0, optimizer = 1, gradients = 2, parameters = 3 };

/// Orders of a pipeline's passes: rows of the table in plan/schedules/table.cpp, by their place in it. Only those that
/// code names are named here.
enum class ScheduleKind { one_f_one_b, interleaved, gpipe, zb_h1, zb_h2, zb_v, dualpipe, dualpipe_v };
/// In a backward pass for the inputs and one for the weights.
bool splits_backward(ScheduleKind kind);
/// Asked for by name; of the others a chunk count decides.
bool is_chosen(ScheduleKind kind);
/// Of layers on a stage, of a schedule that is asked for by name.
int chunks_of(ScheduleKind chosen);
/// Whether the pipeline turns back at its last stage, so that the first one ends it, too.
bool is_folded(ScheduleKind kind);
/// Whether its last stage hands on to the first.
bool goes_round(ScheduleKind kind);
/// Where none is asked for by name.
ScheduleKind usual_schedule(int interleave);

inline constexpr std::array all_recomputes = {Recompute::none, Recompute::selective, Recompute::full};
inline constexpr std::array all_zeros = {Zero::none, Zero::optimizer, Zero::gradients, Zero::parameters};

const char* name(Recompute recompute);
const char* name(Zero zero);
const char* name(ScheduleKind schedule);

struct ParallelPlan {
  std::vector<Stage> stages;
  int interleave = 1;     ///< chunks per stage (virtual pipeline size)
  int micro_batch = 1;    ///< sequences
  int micro_batches = 1;  ///< per step and data-parallel replica
  Recompute recompute = Recompute::none;
  double recompute_share = 1;    ///< of the layers; the others keep every activation
  Remade remade{};               ///< by selective recomputation
  double offloaded = 0;          ///< share of the kept activations that waits in host memory
  double states_offloaded = 0;   ///< share of the optimizer states kept and stepped in host memory
  double weights_offloaded = 0;  ///< share of sharded weights (ZeRO-3) that waits in host memory
  int shard_group = 0;           ///< ranks that share what ZeRO divides, replicated over the others; 0: all
  Zero zero = Zero::optimizer;
  bool sequence_parallel = true;  ///< splits norms and residuals along the sequence over the tensor group

  std::optional<ScheduleKind> chosen_schedule;  ///< with chunks_of; none: the usual one

  int pipeline() const { return static_cast<int>(stages.size()); }
  ScheduleKind schedule() const { return chosen_schedule.value_or(usual_schedule(interleave)); }
  const Degrees& degrees() const { return stages.front().degrees; }
  int ranks() const;
};

/// "TP8 PP4 DP32 EP8 mbs1 vpp2 ZeRO-1 selective": degrees of 1 are left out, but for TP, PP and DP; a last
/// stage of clearly fewer layers is named.
std::string to_text(const ParallelPlan& plan);

/// The same degrees on every stage, layers spread as evenly as possible over stages x interleave chunks; where they
/// do not divide, the first and last chunk (which also hold embedding and head) get the fewer. Folded in the middle,
/// stage p of P holds chunks p and 2P - 1 - p, the first both embedding and head.
struct UniformPlan {
  Degrees degrees;
  int pipeline = 1;
  int interleave = 1;
  int micro_batch = 1;
  Recompute recompute = Recompute::none;
  Zero zero = Zero::optimizer;
  bool sequence_parallel = true;  ///< where tensor parallelism is on
  int head_layers = 0;            ///< work of head and loss in layers: the last chunk gets about so many layers fewer
  std::optional<ScheduleKind> chosen_schedule{};  ///< as in ParallelPlan
  friend auto operator<=>(const UniformPlan&, const UniformPlan&) = default;
};

/// Which of so many stages holds a chunk, counted along the pipeline: round and round, or there and back.
inline int stage_of_chunk(int chunk, int stages, bool is_folded) {
  return is_folded && chunk >= stages ? 2 * stages - 1 - chunk : chunk % stages;
}

/// Lays a uniform plan out for `layers` layers and `global_batch` sequences on node group `node_group`, whose device
/// packages hold `ranks_per_device` ranks. The caller has checked it with `faults()`.
ParallelPlan lay_out(const UniformPlan& plan, int layers, int global_batch, int node_group, int ranks_per_device);

/// Layers of each of `chunks` chunks, in pipeline order: as even as possible when the last one counts as having
/// `head_layers` layers from the start (and may end with none).
std::vector<int> spread_layers(int layers, int chunks, int head_layers = 0);
/// The same into a list that keeps its memory from call to call.
void spread_layers(int layers, int chunks, int head_layers, std::vector<int>& counts);

}  // namespace chipmix::plan
