// Collectives over several nodes.
//
//   kind                          steps          bytes through one rank's NIC share
//   reduce_scatter, all_gather    ⌈log2 N⌉       S·(n-1)/(n·m)
//   all_reduce                    2·⌈log2 N⌉     2·S·(n-1)/(n·m);  S/m for two nodes
//   all_to_all                    ⌈log2 N⌉       S·(n-m)/n
//   send                          1              S
//
//   n members, m in each of N nodes, S payload.
//
// Reductions and gathers run as m rings over all members, each through another NIC: every ring carries S·(n-1)/(n·m)
// (twice for all-reduce) over each node's border. Two nodes reduce as a tree of two: each sends its sum once. Checks,
// as the share of the NICs that the measured bus bandwidth needs: 4 nodes of 8 B200 382 GB/s -> 0.95; DGX H100 370 ->
// 0.93; DGX A100 192 -> 0.96 of 8 NICs; 2 nodes of 8 H100 on 8 x 200 Gbit/s 339 -> 0.90. (A strictly hierarchical
// all-reduce, 2·S·(N-1)/(N·m), would put the first at 0.74.) Sources: https://github.com/stas00/ml-engineering,
// network/README.md and all-reduce-bw-2025.png; https://github.com/lessizzmore/create-a3mega-ztan-fork,
// ztan-NCCL-test-result.markdown. Valid where NICs are spread evenly over the ranks; SHARP and other reduction in
// switches is not covered.
//
// Uplinks: a leaf holds k nodes of the group and passes k/o of their rate (o oversubscription). A ring leaves a leaf
// once, so it is held up by max(1, o/k); of an all-to-all, (n-m·k)/n of the payload leaves; a neighbour k or more nodes
// away is a send that leaves.
#include "laws/collectives/network.hpp"

#include <algorithm>

namespace chipmix::laws {

Exchange network(plan::Collective kind, Bytes payload, const Placement& placement) {
  const auto& [members, inside, nodes, leaf] = placement;
  Exchange exchange = ring(kind, payload, nodes);
  switch (kind) {
    case plan::Collective::send:
      break;
    case plan::Collective::all_to_all:
      exchange.moved = payload * ((members - inside) / members);
      break;
    case plan::Collective::all_reduce:
      if (nodes <= 2) {
        exchange.moved = payload / inside;
        break;
      }
      [[fallthrough]];
    default:
      exchange.moved = ring(kind, payload, members).moved / inside;
  }
  return exchange;
}

double slowdown(plan::Collective kind, const Placement& placement, const hardware::FabricSpec& fabric) {
  const double oversubscription = std::max(1.0, fabric.oversubscription.value);
  if (!placement.leaves()) return 1;
  if (kind == plan::Collective::send) return oversubscription;
  if (kind != plan::Collective::all_to_all) return std::max(1.0, oversubscription / placement.leaf);
  const double leaving = placement.members - placement.inside * placement.leaf;
  return std::max(1.0, oversubscription * leaving / (placement.members - placement.inside));
}

}  // namespace chipmix::laws
