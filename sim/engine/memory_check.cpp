#include <fmt/format.h>

#include "engine/engine.hpp"
#include "laws/memory.hpp"

namespace chipmix::engine {

std::optional<estimate::Infeasible> memory_shortfall(const plan::Program& program, const hardware::Cluster& cluster) {
  int worst = -1;
  Bytes shortfall;
  for (int stage = 0; stage < static_cast<int>(program.stages.size()); ++stage) {
    const hardware::NodeGroup& group = cluster.groups[program.stages[stage].node_group];
    const Bytes over = laws::stage_peak(program, stage, group) - group.device.memory.value / group.device.ranks;
    if (over > shortfall) worst = stage, shortfall = over;
  }
  if (worst < 0) return std::nullopt;
  const hardware::NodeGroup& group = cluster.groups[program.stages[worst].node_group];
  return estimate::Infeasible{estimate::Constraint::memory,
                              fmt::format("stage {} needs {:.1f} GiB on a rank of {} with {:.1f} GiB: {:.1f} GiB short",
                                          worst, gib(laws::stage_peak(program, worst, group)), group.device.name,
                                          gib(group.device.memory.value / group.device.ranks), gib(shortfall))};
}

std::vector<estimate::StageMemory> memory_of(const plan::Program& program, const hardware::Cluster& cluster) {
  std::vector<estimate::StageMemory> list;
  for (int stage = 0; stage < static_cast<int>(program.stages.size()); ++stage)
    list.push_back(laws::stage_memory(program, stage, cluster.groups[program.stages[stage].node_group]));
  return list;
}

}  // namespace chipmix::engine
