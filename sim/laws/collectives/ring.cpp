// Members that all reach each other at the full rate of their own port: NVSwitch, UB switch, a PCIe root, a network.
//
//   kind                          steps          bytes sent by one rank
//   reduce_scatter, all_gather    ⌈log2 n⌉       S·(n-1)/n
//   all_reduce                    2·⌈log2 n⌉     2·S·(n-1)/n
//   all_to_all                    ⌈log2 n⌉       S·(n-1)/n
//   send                          1              S
//
//   n members, S payload (collectives.hpp).
//
// The bytes are the least any algorithm can move, and a ring moves just that (Patarasu and Yuan, J. Parallel Distrib.
// Comput. 69, 2009). The steps are those of trees and recursive halving, which small messages use (Thakur et al., Int.
// J. High Perf. Comput. Appl. 19, 2005; double binary trees: Sanders et al., Parallel Computing 35, 2009); the n-1
// steps of a ring overlap with its transfer, and what remains of them is in the large-message start-up (exchange.cpp).
// The messages of an all-to-all are posted together: the tables show the start-up of a reduce-scatter, not n-1 of a
// send.
#include <stdexcept>

#include "laws/collectives/exchange.hpp"

namespace chipmix::laws {

Exchange ring(plan::Collective kind, Bytes payload, double members) {
  const double others = (members - 1) / members;
  switch (kind) {
    case plan::Collective::all_reduce:
      return {2 * depth(members), 2 * others * payload};
    case plan::Collective::reduce_scatter:
    case plan::Collective::all_gather:
    case plan::Collective::all_to_all:
      return {depth(members), others * payload};
    case plan::Collective::send:
      return {1, payload};
  }
  throw std::logic_error("unknown collective");
}

}  // namespace chipmix::laws
