// Node groups and clusters for tests: put together from the profiles that ship with the project.
#pragma once

#include <string>

#include "hardware/cluster.hpp"
#include "io/document.hpp"

namespace chipmix::support {

template <class T>
T profile(const std::string& kind, const std::string& id) {
  const auto document = io::Document::load(CHIPMIX_SOURCE_DIR "/hardware_profiles/" + kind + "/" + id + ".json");
  io::Diagnostics faults;
  auto value = io::read<T>(document.root(faults));
  faults.throw_if_any();
  return *value;
}

/// `devices` packages in their usual servers, on a network without oversubscription, under their usual stack.
inline hardware::NodeGroup machine(const std::string& device_id, int devices, const std::string& stack = {}) {
  hardware::NodeGroup group;
  group.device = profile<hardware::DeviceSpec>("devices", device_id);
  group.node = profile<hardware::NodeSpec>("nodes", group.device.node);
  group.scale_up = profile<hardware::LinkSpec>("links", group.node.scale_up);
  group.scale_out = profile<hardware::LinkSpec>("links", group.node.scale_out);
  group.fabric = profile<hardware::FabricSpec>("fabrics", "rail-optimised-non-blocking");
  group.stack = profile<hardware::SoftwareStack>("stacks", stack.empty() ? group.device.stack : stack);
  group.devices = devices;
  return group;
}

inline hardware::Cluster cluster(hardware::NodeGroup group) { return {"test", {std::move(group)}}; }

inline hardware::Cluster h100s(int devices) { return cluster(machine("h100-sxm5-80gb", devices)); }

}  // namespace chipmix::support
