// Execution traces of several ranks played by events, as they were traced or on another machine; and a played step
// written as such traces.
#pragma once

#include "engine/event/event_engine.hpp"
#include "engine/event/pass_work.hpp"
#include "interop/chakra.hpp"

namespace chipmix::interop {

/// What a rank did.
struct ReplayedRank {
  std::int64_t rank = 0;
  double computing = 0;      ///< s, of all of its work
  double communicating = 0;  ///< s, of sends and collectives, each in full
  double end = 0;            ///< s, of the last of it
  std::size_t nodes = 0;
};

struct Replay {
  std::vector<ReplayedRank> ranks;
  double seconds = 0;     ///< until all is done
  std::size_t kept = 0;   ///< nodes of work whose time stays as traced, for the trace does not say what they do
  std::size_t alone = 0;  ///< sends and receives whose other end is in none of the traces
};

/// Work runs when all it depends on is done; ranks of a group meet before and after their collectives; a transfer has
/// its rank's port to itself or shares it evenly with others. Without a machine all of it takes what was traced. On a
/// machine, work takes what its FLOPs or its bytes take at the rates that kernels reach there, collectives and sends
/// what the laws say; where it is known which machine was traced, the traced time by the ratio of both. Throws
/// InputError where work waits for itself.
struct Machines {
  const engine::Machine *on = nullptr, *traced = nullptr;
};
Replay replayed(const std::vector<ChakraTrace>& traces, const Machines& machines = {});

/// The passes and transfers of a step that nothing disturbs, one trace for each stage: a pipeline, which stands for all
/// replicas alike.
std::vector<ChakraTrace> chakra_of(const engine::PlayedStep& step, const engine::PassWorks& works,
                                   const plan::Program& program);

}  // namespace chipmix::interop
