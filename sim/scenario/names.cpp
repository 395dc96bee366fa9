#include "scenario/names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/spelling.hpp"

namespace chipmix::scenario {
namespace {

using Value = std::optional<io::Value>;

class NameCheck {
 public:
  explicit NameCheck(Library& library) : library_(library) {}

  void run(const io::Value& root) {
    name(
        in(in(root, "job"), "model"), "model", [&](const std::string& id) { return library_.model(id); }, "models");
    each(in(root, "options"), [&](const io::Value& option) {
      cluster(in(option, "cluster"));
      const Value mix = in(option, "mix");
      std::vector<std::string> islands;
      each(in(mix, "islands"), [&](const io::Value& island) {
        cluster(island);
        if (const Value own = in(island, "name"); own && own->is_text()) islands.push_back(*own->as_text());
      });
      each(in(mix, "links"), [&](const io::Value& link) { this->link(link, islands); });
    });
  }

 private:
  static Value in(const Value& value, const char* key) {
    return value && value->is_object() ? value->find(key) : std::nullopt;
  }

  template <class Visit>
  static void each(const Value& list, Visit visit) {
    if (!list || !list->is_list()) return;
    for (const io::Value& value : list->as_list()) visit(value);
  }

  void cluster(const Value& value) {
    const Value device = in(value, "device");
    if (device && device->is_text() && !library_.device(*device->as_text()))
      unknown(*device, "device", library_.device_names());
    name(
        in(value, "node"), "node", [&](const std::string& id) { return library_.node(id); }, "nodes");
    name(
        in(value, "fabric"), "fabric", [&](const std::string& id) { return library_.fabric(id); }, "fabrics");
    name(
        in(value, "stack"), "stack", [&](const std::string& id) { return library_.stack(id); }, "stacks");
  }

  void link(const io::Value& value, const std::vector<std::string>& islands) {
    name(
        in(value, "link"), "link", [&](const std::string& id) { return library_.link(id); }, "links");
    each(in(value, "between"), [&](const io::Value& end) {
      if (!end.is_text() || std::find(islands.begin(), islands.end(), *end.as_text()) != islands.end()) return;
      end.error(fmt::format("no island named '{}'", *end.as_text()), spelling_hint(*end.as_text(), islands));
    });
  }

  template <class Find>
  void name(const Value& value, const char* what, Find find, const char* folder) {
    if (value && value->is_text() && !find(*value->as_text())) unknown(*value, what, library_.ids(folder));
  }

  static void unknown(const io::Value& value, const char* what, const std::vector<std::string>& known) {
    const std::string id = *value.as_text();
    value.error(fmt::format("unknown {} '{}'", what, id), spelling_hint(id, known));
  }

  Library& library_;
};

}  // namespace

void check_names(const io::Value& root, Library& library) { NameCheck(library).run(root); }

}  // namespace chipmix::scenario
