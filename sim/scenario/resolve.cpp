// Names to profiles.
#include <fmt/format.h>

#include <functional>

#include "base/spelling.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {
namespace {

class Resolver {
 public:
  Resolver(const io::Value& at, Library& library) : at_(at), library_(library) {}

  std::optional<hardware::NodeGroup> run(const ClusterSpec& spec) {
    const auto* device = look_up("device", spec.device, library_.device(spec.device), [&] { return library_.device_names(); });
    if (!device) return std::nullopt;
    const std::string node_id = spec.node.empty() ? device->node : spec.node;
    const std::string stack_id = spec.stack.empty() ? device->stack : spec.stack;
    const auto* node = look_up("node", node_id, library_.node(node_id), ids("nodes"));
    const auto* stack = look_up("stack", stack_id, library_.stack(stack_id), ids("stacks"));
    const auto* fabric = look_up("fabric", spec.fabric, library_.fabric(spec.fabric), ids("fabrics"));
    const auto* inside = node ? look_up("link", node->scale_up, library_.link(node->scale_up), ids("links")) : nullptr;
    const auto* outside = node ? look_up("link", node->scale_out, library_.link(node->scale_out), ids("links")) : nullptr;
    if (!node || !stack || !fabric || !inside || !outside) return std::nullopt;
    if (spec.devices > node->devices && spec.devices % node->devices != 0)
      error("devices", fmt::format("{} devices do not fill servers of {} ({})", spec.devices, node->devices, node->id),
            fmt::format("use a multiple of {}", node->devices));
    return hardware::NodeGroup{*device, *node, *inside, *outside, *fabric, *stack, spec.devices};
  }

 private:
  std::function<std::vector<std::string>()> ids(const char* kind) {
    return [this, kind] { return library_.ids(kind); };
  }

  template <class T, class Names>
  const T* look_up(const char* key, const std::string& id, const T* found, Names names) {
    if (!found) error(key, fmt::format("unknown {} '{}'", key, id), spelling_hint(id, names()));
    return found;
  }

  void error(const char* key, std::string message, std::string hint) const {
    const auto member = at_.is_object() ? at_.find(key) : std::nullopt;
    (member ? *member : at_).error(std::move(message), std::move(hint));
  }

  const io::Value& at_;
  Library& library_;
};

}  // namespace

std::optional<hardware::NodeGroup> resolve(const ClusterSpec& spec, const io::Value& at, Library& library) {
  return Resolver(at, library).run(spec);
}

}  // namespace chipmix::scenario
