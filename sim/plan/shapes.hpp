// The sizes of one rank's work: what a law needs to know of a task, and nothing else.
#pragma once

#include <variant>

#include "base/quantity.hpp"

namespace chipmix::plan {

/// C[m x n] = A[m x k] B[k x n], `count` equal ones in a row. `c_bytes`: moved per element of C, where that is not one
/// write in the number format (a product added to what C held before, in another format); 0 where it is.
struct GemmShape {
  double m = 0, n = 0, k = 0, count = 1, c_bytes = 0;
};
/// `groups` products [rows_per_group x k][k x n] in one grouped kernel (the experts of one rank).
struct GroupedGemmShape {
  double groups = 0, rows_per_group = 0, n = 0, k = 0, c_bytes = 0;
};
/// Causal attention of `sequences` sequences: `heads` query heads, `kv_heads` key/value heads, of one rank.
struct AttentionShape {
  double sequences = 0, queries = 0, keys = 0, heads = 0, kv_heads = 0, qk_dim = 0, v_dim = 0;
  bool causal = true;
};
/// Work bound by memory: bytes read and written, in so many kernels.
struct StreamShape {
  Bytes moved;
  double kernels = 1;
};

enum class Direction { forward, backward };

enum class Collective { all_reduce, reduce_scatter, all_gather, all_to_all, send };
const char* name(Collective kind);

/// Who takes part. Ranks of a group stand `stride` apart in the node-major order of the ranks, so that with
/// tensor parallelism fastest, a tensor group has stride 1 and a data-parallel group stride tensor x context.
struct Group {
  int size = 1;
  int stride = 1;
  friend bool operator==(const Group&, const Group&) = default;
};

}  // namespace chipmix::plan
