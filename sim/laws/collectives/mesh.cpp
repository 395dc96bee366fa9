// Members joined by one link a pair: Ascend 910B, MI300X, GH200 quad.
//
// Everybody exchanges with everybody at once: reduce-scatter, all-gather and all-to-all take one step, all-reduce two.
// The bytes are those of a ring; the port is narrower, for a group of n sees only n-1 of its links (placement.cpp):
//
//   t_reduce_scatter = α + (S/n) / b        b: one link, byte/s
//
// So an all-reduce of S has the algorithm bandwidth b·n/2: 18, 36 and 72 GB/s for 2, 4 and 8 cards where b·e is 18
// GB/s, against a switch that is fastest for a pair. Source: HCCL mesh algorithm (https://gitee.com/ascend/cann-hccl,
// docs: Mesh); MI300X rings reach the same bandwidth at n = 8
// (https://rocm.blogs.amd.com/software-tools-optimization/mi300x-rccl-xgmi/README.html).
#include "laws/collectives/exchange.hpp"

namespace chipmix::laws {

Exchange mesh(plan::Collective kind, Bytes payload, double members) {
  Exchange exchange = ring(kind, payload, members);
  exchange.steps = kind == plan::Collective::all_reduce ? 2 : 1;
  return exchange;
}

}  // namespace chipmix::laws
