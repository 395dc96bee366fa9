// The exchange of tokens with the ranks that hold their experts.
#pragma once

#include <vector>

#include "plan/lower.hpp"
#include "workload/operator.hpp"

namespace chipmix::plan {

/// Small kernels that one layer's router runs in a pass when nothing fuses them: an estimate, each PyTorch operator as
/// one kernel, of what Megatron-Core's router does (github.com/NVIDIA/Megatron-LM, core/transformer/moe/router.py:
/// cast, scores, bias, top-k, gather, normalisation, two scatters, both auxiliary losses, tokens per expert); within 20
/// to 30.
inline constexpr double router_kernels = 24;

/// Tasks before the experts of one rank, in the forward pass; those of the backward pass after them are the same. S:
/// bytes of the rank's tokens, once for each of its active experts; t = slice x width bytes: once.
///   all_to_all      permute by expert (2S), exchange S over the expert group, sort by expert (2S)
///   once_per_node   the same exchange, of which a token crosses to each node once; both permutations inside it (2S)
///   all_gather      gather t of every rank of the group, take the rank's own tokens (2S)
/// and, where experts are cut over a tensor group of their own, a gather of S over it.
std::vector<Task> dispatch_tasks(const workload::Routing& routing, const Sharding& sharding, double slice);

/// After the experts, and in the backward pass before them: the mirror image.
std::vector<Task> combine_tasks(const workload::Routing& routing, const Sharding& sharding, double slice);

}  // namespace chipmix::plan
