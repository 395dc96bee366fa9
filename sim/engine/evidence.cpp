#include "engine/evidence.hpp"

namespace chipmix::engine {

Evidence evidence(const hardware::NodeGroup& group, Dtype dtype) {
  const hardware::DeviceSpec& device = group.device;
  Evidence grade = weakest(device.peak.at(dtype).grade, device.efficiency.gemm.at(dtype).grade);
  for (Evidence other : {device.efficiency.memory.grade, device.memory.grade, device.memory_bandwidth.grade,
                         group.scale_up.bandwidth.grade, group.scale_out.bandwidth.grade})
    grade = weakest(grade, other);
  return grade;
}

}  // namespace chipmix::engine
