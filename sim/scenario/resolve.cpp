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
    const auto* device =
        look_up("device", spec.device, library_.device(spec.device), [&] { return library_.device_names(); });
    const auto* node = named_or_usual("node", spec.node, device ? device->node : "", &Library::node);
    const auto* stack = named_or_usual("stack", spec.stack, device ? device->stack : "", &Library::stack);
    const auto* fabric = look_up("fabric", spec.fabric, library_.fabric(spec.fabric), ids("fabrics"));
    const auto* inside = node ? look_up("link", node->scale_up, library_.link(node->scale_up), ids("links")) : nullptr;
    const auto* outside =
        node ? look_up("link", node->scale_out, library_.link(node->scale_out), ids("links")) : nullptr;
    if (!device || !node || !stack || !fabric || !inside || !outside) return std::nullopt;
    if (spec.devices > node->devices && spec.devices % node->devices != 0)
      error("devices", fmt::format("{} devices do not fill servers of {} ({})", spec.devices, node->devices, node->id),
            fmt::format("use a multiple of {}", node->devices));
    return hardware::NodeGroup{*device, *node, *inside, *outside, *fabric, *stack, spec.devices};
  }

 private:
  std::function<std::vector<std::string>()> ids(std::string kind) {
    return [this, kind] { return library_.ids(kind); };
  }

  /// What the scenario names, else what the device is usually used with; nothing is said when neither is known.
  template <class T>
  const T* named_or_usual(const char* key, const std::string& named, const std::string& usual,
                          const T* (Library::*find)(const std::string&)) {
    const std::string& id = named.empty() ? usual : named;
    return id.empty() ? nullptr : look_up(key, id, (library_.*find)(id), ids(fmt::format("{}s", key)));
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
