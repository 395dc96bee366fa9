// Names to profiles.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/spelling.hpp"
#include "base/words.hpp"
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
    return hardware::NodeGroup{*device, filled(*node, spec.devices), *inside, *outside, *fabric, *stack, spec.devices};
  }

 private:
  /// Domains of so many devices are racks, which are run partly filled: 64 of 72, for degrees that are powers of two.
  static constexpr int rack_devices = 32;

  /// The servers that `devices` stand in: full ones, or racks that all hold the same number, as few racks as do and at
  /// least half full. What a rack has for all its devices goes with their number.
  hardware::NodeSpec filled(hardware::NodeSpec node, int devices) const {
    const int full = node.devices;
    if (devices <= full || devices % full == 0) return node;
    for (int racks = (devices + full - 1) / full; full >= rack_devices && 2 * devices >= racks * full; ++racks) {
      if (devices % racks != 0) continue;
      const double share = static_cast<double>(devices / racks) / full;
      node.devices = devices / racks;
      node.nics.value *= share;
      if (node.host_power) node.host_power->value = node.host_power->value * share;
      return node;
    }
    const int fewer = devices / full * full;
    error("devices",
          fmt::format("{} {} not fill servers of {} ({})", counted(devices, "device"), noun(devices, "does", "do"),
                      full, node.id),
          fmt::format("the nearest that do: {} and {}", fewer, fewer + full));
    return node;
  }

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

std::optional<hardware::Cluster> resolve(const MixSpec& spec, const std::string& name, const io::Value& at,
                                         Library& library) {
  hardware::Cluster cluster{name, {}, {}};
  const std::vector<io::Value> islands = at.find("islands")->as_list();
  bool is_known = true;
  for (std::size_t i = 0; i < spec.islands.size(); ++i) {
    const IslandSpec& island = spec.islands[i];
    auto group = resolve(ClusterSpec{island.device, island.devices, island.node, island.fabric, island.stack},
                         islands[i], library);
    is_known = is_known && group;
    if (!group) continue;
    group->name = island.name;
    group->dtype = island.dtype;
    cluster.groups.push_back(std::move(*group));
  }
  const auto index = [&](const std::string& island) {
    const auto found = std::find_if(spec.islands.begin(), spec.islands.end(),
                                    [&](const IslandSpec& other) { return other.name == island; });
    return static_cast<int>(found - spec.islands.begin());
  };
  for (std::size_t i = 0; i < spec.links.size(); ++i) {
    const IslandLinkSpec& link = spec.links[i];
    const hardware::LinkSpec* profile = library.link(link.link);
    if (!profile)
      at.find("links")->as_list()[i].find("link")->error(fmt::format("unknown link '{}'", link.link),
                                                         spelling_hint(link.link, library.ids("links")));
    is_known = is_known && profile;
    if (profile && link.between.size() == 2)
      cluster.links.push_back({index(link.between[0]), index(link.between[1]), *profile, link.count});
  }
  return is_known ? std::optional(std::move(cluster)) : std::nullopt;
}

}  // namespace chipmix::scenario
