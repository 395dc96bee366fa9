#include "plan/attention_tasks.hpp"

#include <algorithm>

namespace chipmix::plan {
namespace {

constexpr Account account = Account::context_communication;

/// Keys a token sees on average within a window of w: w − w²/2s, the first w tokens seeing fewer.
double windowed_keys(double window, double sequence) { return window - window * window / (2 * sequence); }

CollectiveTask head_exchange(const workload::AttentionCore& core, const Sharding& s) {
  const double tensor = s.degrees.tensor,
               tokens = static_cast<double>(s.micro_batch) * s.sequence_length / s.degrees.context;
  const double kv_heads = std::max(core.kv_heads, tensor * s.degrees.ulysses);
  const double elements = (core.heads + kv_heads) * (core.qk_dim + core.v_dim) / tensor * tokens;
  return {account,
          Collective::all_to_all,
          Bytes{elements * activation_bytes(s.dtype)},
          {s.degrees.ulysses, s.degrees.tensor}};
}

}  // namespace

AttentionShape attention_shape(const workload::AttentionCore& core, const Sharding& s) {
  const double ulysses = s.degrees.ulysses, heads_cut = s.degrees.tensor * ulysses;
  AttentionShape shape;
  shape.sequences = s.micro_batch;
  shape.queries = static_cast<double>(s.sequence_length) * ulysses / s.degrees.context;
  shape.causal = !core.window || *core.window >= s.sequence_length;
  shape.keys = shape.causal ? s.sequence_length : windowed_keys(*core.window, s.sequence_length);
  if (core.keys) shape.causal = false, shape.keys = *core.keys;
  shape.heads = core.heads / heads_cut;
  shape.kv_heads = std::max(1.0, core.kv_heads / heads_cut);
  shape.qk_dim = core.qk_dim;
  shape.v_dim = core.v_dim;
  return shape;
}

std::vector<CollectiveTask> attention_exchanges(const workload::AttentionCore& core, const Sharding& s,
                                                Direction direction) {
  std::vector<CollectiveTask> exchanges;
  if (s.degrees.ulysses > 1) exchanges.push_back(head_exchange(core, s));
  if (s.degrees.context == s.degrees.ulysses) return exchanges;
  const AttentionShape a = attention_shape(core, s);
  const Bytes keys{a.sequences * s.sequence_length * a.kv_heads * (a.qk_dim + a.v_dim) * activation_bytes(s.dtype)};
  const Group group{s.degrees.context / s.degrees.ulysses, s.degrees.tensor * s.degrees.ulysses};
  exchanges.push_back({account, Collective::all_gather, keys, group});
  if (direction == Direction::backward) exchanges.push_back({account, Collective::reduce_scatter, keys, group});
  return exchanges;
}

}  // namespace chipmix::plan
