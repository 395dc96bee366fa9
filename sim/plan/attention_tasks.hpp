// One rank's part of attention over a sequence that several ranks share.
#pragma once

#include <vector>

#include "plan/lower.hpp"
#include "workload/operator.hpp"

namespace chipmix::plan {

/// Queries of the rank's tokens, or with Ulysses of all tokens its group holds and a share of the heads.
AttentionShape attention_shape(const workload::AttentionCore& core, const Sharding& sharding);

/// What comes before the core in a pass, T tokens of the rank, t tensor ranks, u Ulysses ranks:
///   Ulysses    queries, keys, values and output by heads instead of tokens: all-to-all of T (h + max(k, t u)) (q +
///   v)/t
///              elements, with h query and k key heads of q and v elements (arXiv:2309.14509, section 3.1)
///   ring       keys and values of the whole sequence on every rank of the group; backward again, and their gradients
///              back (Llama 3 report, arXiv:2407.21783, section 3.3.2)
std::vector<CollectiveTask> attention_exchanges(const workload::AttentionCore& core, const Sharding& sharding,
                                                Direction direction);

}  // namespace chipmix::plan
