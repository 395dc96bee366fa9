// The profiles and models a scenario names: looked up beside the scenario, then in the data folders.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "economics/power.hpp"
#include "hardware/device.hpp"
#include "hardware/network.hpp"
#include "hardware/stack.hpp"
#include "io/document.hpp"
#include "practice/belief.hpp"
#include "prices/book.hpp"
#include "workload/model.hpp"

namespace chipmix::scenario {

/// The profile of practice that answers rest on.
inline constexpr const char* usual_practice = "published-runs";

/// Where the files may stand that are named by a path.
struct Reach {
  bool anywhere = true;  ///< false: beside the scenario and below it, and in the data folders
  std::vector<std::filesystem::path> also{};
};

/// Profiles by name: an id, an alias of a device, a model's name on Hugging Face; letter case, spaces, '-', '_' and '.'
/// do not matter. Files are read when first asked for; a faulty file throws InputError. A missing name returns null:
/// the caller knows where it was written.
class Library {
 public:
  /// `beside`: folder of the scenario, searched first; may be empty.
  explicit Library(std::filesystem::path beside = {}, Reach reach = {});

  const hardware::DeviceSpec* device(const std::string& id_or_alias);
  const hardware::NodeSpec* node(const std::string& id);
  const hardware::LinkSpec* link(const std::string& id);
  const hardware::FabricSpec* fabric(const std::string& id);
  const hardware::SoftwareStack* stack(const std::string& id);
  const practice::Belief* practice(const std::string& id);
  /// Of the die's family; of devices without one, of any other device. Throws FileError where neither is there.
  const economics::PowerProfile& power(const std::string& device_id);
  const economics::PowerProfile* power_profile(const std::string& id);
  /// Public quotes and exchange rates of all data folders, and of those beside the scenario.
  const prices::Book& price_book();
  /// By name, or a path to a config.json or its folder (absolute, or relative to the scenario).
  const workload::ModelSpec* model(const std::string& id_or_path);

  /// The file of a profile; empty if there is none. Throws FileError for a path out of reach.
  std::filesystem::path file(const std::string& kind, const std::string& id) const;

  /// The file of a device; aliases, which stand in the files, do not count.
  std::filesystem::path device_file(const std::string& name) const;

  std::vector<std::string> device_names();  ///< ids and aliases
  std::vector<std::string> ids(
      const std::string& kind) const;  ///< "devices", "nodes", "links", "fabrics", "stacks", "models"

  /// The data folders in order of search.
  const std::vector<std::filesystem::path>& folders() const { return folders_; }

 private:
  template <class T>
  struct Shelf {
    std::string kind;
    std::map<std::string, std::unique_ptr<T>> read;
  };
  template <class T>
  const T* find(Shelf<T>& shelf, const std::string& id);
  /// The id that a name means in one folder; empty if it means none.
  std::string known_id(const std::string& kind, const std::string& name) const;
  void require_reach(const std::string& named, const std::filesystem::path& path) const;
  void read_aliases();
  void add_aliases(const std::string& id);

  std::filesystem::path beside_;
  Reach reach_;
  std::vector<std::filesystem::path> folders_;
  Shelf<hardware::DeviceSpec> devices_{"devices", {}};
  Shelf<hardware::NodeSpec> nodes_{"nodes", {}};
  Shelf<hardware::LinkSpec> links_{"links", {}};
  Shelf<hardware::FabricSpec> fabrics_{"fabrics", {}};
  Shelf<hardware::SoftwareStack> stacks_{"stacks", {}};
  Shelf<practice::Belief> practices_{"practice", {}};
  Shelf<economics::PowerProfile> power_{"power", {}};
  std::map<std::string, std::unique_ptr<workload::ModelSpec>> models_;
  std::map<std::string, std::string> aliases_;
  std::optional<prices::Book> prices_;
};

}  // namespace chipmix::scenario
