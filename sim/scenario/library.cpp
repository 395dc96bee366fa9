#include "scenario/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "hardware/device_family.hpp"
#include "io/file_text.hpp"
#include "io/folder.hpp"
#include "scenario/loose_name.hpp"
#include "scenario/model_file.hpp"
#include "scenario/power_spec.hpp"
#include "scenario/relative.hpp"

namespace chipmix::scenario {

namespace fs = std::filesystem;

namespace {

/// share/chipmix beside the shared library that holds this code, as a Python package has it; empty in a program.
fs::path data_beside() {
  Dl_info here{};
  if (dladdr(reinterpret_cast<const void*>(&data_beside), &here) == 0 || !here.dli_fname) return {};
  const fs::path file = here.dli_fname;
  return file.is_absolute() && file.extension() == ".so" ? file.parent_path() / "share" / "chipmix" : fs::path();
}

/// Of a program installed as PREFIX/bin/chipmix: PREFIX/share/chipmix, wherever the package was unpacked.
fs::path data_of_prefix() {
  std::error_code none;
  const fs::path program = fs::read_symlink("/proc/self/exe", none);
  return program.filename() == "chipmix" ? program.parent_path().parent_path() / "share" / "chipmix" : fs::path();
}

/// $CHIPMIX_DATA, what a Python package or an installed program brings, the source tree the program was built from, the
/// data folder of the configured prefix; those that exist.
std::vector<fs::path> data_folders() {
  std::vector<fs::path> list;
  if (const char* data = std::getenv("CHIPMIX_DATA")) list.emplace_back(data);
  list.push_back(data_beside());
  list.push_back(data_of_prefix());
  list.emplace_back(CHIPMIX_DATA_DIR);
  list.emplace_back(CHIPMIX_INSTALL_DATA_DIR);
  std::erase_if(list, [](const fs::path& folder) { return !io::is_folder(folder); });
  return list;
}

/// Models stand in models/, everything else in hardware_profiles/.
fs::path subfolder(const std::string& kind) {
  return kind == "models" ? fs::path(kind) : "hardware_profiles" / fs::path(kind);
}

bool is_file_name(const std::string& name) { return name.find('/') != std::string::npos || name.ends_with(".json"); }

using Marks = std::vector<std::string_view>;

/// What `read` makes of a file. The faults of one without any of the marks are not shown: a scenario may have named any
/// file, whose lines are nobody's business.
template <class Read>
auto read_marked(const fs::path& path, const Marks& marks, const char* what, Read read) {
  try {
    return read(path);
  } catch (const InputError&) {
    const std::string text = io::read_text(path);
    if (std::any_of(marks.begin(), marks.end(), [&](auto mark) { return text.find(mark) != std::string::npos; })) throw;
    throw InputError({Diagnostic{path.string(), {}, "", fmt::format("this is not a {}", what), "", "", 1}});
  }
}

template <class T>
std::unique_ptr<T> read_file(const fs::path& path, const FindDevice& find) {
  const io::Document written = io::Document::load(path);
  io::Diagnostics diagnostics;
  const io::Document document =
      std::is_same_v<T, hardware::DeviceSpec> ? with_relative(written, find, diagnostics) : written.filled({});
  diagnostics.throw_if_any();
  const bool may_be_plain = std::is_same_v<T, hardware::DeviceSpec>;
  const io::Value root = document.root(diagnostics, may_be_plain ? figures_of(document) : io::Figures::sourced);
  std::optional<T> value = io::read<T>(root);
  if (value && value->id != path.stem())
    root.find("id")->error(
        fmt::format("the file is found as '{}', but says it is '{}'", path.stem().string(), value->id),
        "give the file and its id the same name");
  diagnostics.throw_if_any();
  return std::make_unique<T>(std::move(*value));
}

}  // namespace

Library::Library(fs::path beside, Reach reach)
    : beside_(std::move(beside)), reach_(std::move(reach)), folders_(data_folders()) {}

/// Beside the scenario or below it, in a data folder, or where it was allowed.
void Library::require_reach(const std::string& named, const fs::path& path) const {
  if (reach_.anywhere) return;
  std::vector<fs::path> places = reach_.also;
  places.push_back(beside_.empty() ? fs::path(".") : beside_);
  places.insert(places.end(), folders_.begin(), folders_.end());
  const auto holds = [&](const fs::path& folder) { return io::is_below(path, folder); };
  if (std::none_of(places.begin(), places.end(), holds))
    throw FileError(named, "is outside the scenario's folder; --allow-path FOLDER lets a scenario read it");
}

fs::path Library::file(const std::string& kind, const std::string& id) const {
  if (is_file_name(id)) {
    const fs::path named = fs::path(id).is_absolute() ? fs::path(id) : beside_ / id;
    require_reach(id, named);
    const fs::path found = io::is_folder(named) ? named / "config.json" : named;
    require_reach(id, found);
    return io::is_file(found) ? found : fs::path();
  }
  std::vector<fs::path> places = {beside_ / kind / (id + ".json"), beside_ / subfolder(kind) / (id + ".json")};
  for (const fs::path& folder : folders_) places.push_back(folder / subfolder(kind) / (id + ".json"));
  for (const fs::path& place : places)
    if (io::is_file(place)) return place;
  return {};
}

template <class T>
const T* Library::find(Shelf<T>& shelf, const std::string& id) {
  if (auto known = shelf.read.find(id); known != shelf.read.end()) return known->second.get();
  const fs::path path = file(shelf.kind, id);
  if (!path.empty()) {
    static const Marks marks = {"\"grade\"", "\"source\"", "\"vendor\"", "\"like\""};
    const auto device = [this](const std::string& name) { return device_file(name); };
    const auto read = [&](const fs::path& one) { return read_file<T>(one, device); };
    return shelf.read.emplace(id, read_marked(path, marks, "profile of chipmix", read)).first->second.get();
  }
  const std::string known = known_id(shelf.kind, id);
  return known.empty() || known == id ? nullptr : find(shelf, known);
}

fs::path Library::device_file(const std::string& name) const {
  const fs::path exact = file("devices", name);
  const std::string known = exact.empty() ? known_id("devices", name) : "";
  return known.empty() ? exact : file("devices", known);
}

std::string Library::known_id(const std::string& kind, const std::string& name) const {
  const std::vector<std::string> known = ids(kind);
  if (const auto found = same_name(name, known)) return *found;
  if (kind != "models") return {};
  const auto found = same_model(name, known);
  return found ? *found : std::string();
}

const hardware::DeviceSpec* Library::device(const std::string& name) {
  if (const auto* spec = find(devices_, name)) return spec;
  read_aliases();
  const auto alias = aliases_.find(loose(name));
  return alias == aliases_.end() ? nullptr : find(devices_, alias->second);
}

const hardware::NodeSpec* Library::node(const std::string& id) { return find(nodes_, id); }
const hardware::LinkSpec* Library::link(const std::string& id) { return find(links_, id); }
const hardware::FabricSpec* Library::fabric(const std::string& id) { return find(fabrics_, id); }
const hardware::SoftwareStack* Library::stack(const std::string& id) { return find(stacks_, id); }

const practice::Belief* Library::practice(const std::string& id) { return find(practices_, id); }

const economics::PowerProfile* Library::power_profile(const std::string& id) { return find(power_, id); }

const economics::PowerProfile& Library::power(const std::string& device) {
  const hardware::DeviceFamily* family = hardware::device_family(device);
  std::string id = family ? family->die : "";
  for (char& c : id) c = c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const economics::PowerProfile* profile = id.empty() ? nullptr : find(power_, id);
  if (!profile && !device.empty()) profile = find(power_, device.substr(0, device.find('-')));
  if (!profile) profile = find(power_, "other");
  if (!profile) throw FileError("hardware_profiles/power/other.json", "not in the data folders");
  return *profile;
}

const prices::Book& Library::price_book() {
  if (!prices_) {
    std::vector<fs::path> folders = {beside_ / "hardware_profiles"};
    for (const fs::path& folder : folders_) folders.push_back(folder / "hardware_profiles");
    prices_ = prices::read_book(folders);
  }
  return *prices_;
}

const workload::ModelSpec* Library::model(const std::string& id) {
  if (auto known = models_.find(id); known != models_.end()) return known->second.get();
  const fs::path path = file("models", id);
  if (path.empty()) {
    const std::string known = known_id("models", id);
    return known.empty() || known == id ? nullptr : model(known);
  }
  static const Marks marks = {"\"model_type\"",        "\"architectures\"", "\"hidden_size\"",
                              "\"num_hidden_layers\"", "\"n_layer\"",       "\"text_config\""};
  auto read = std::make_unique<workload::ModelSpec>(read_marked(path, marks, "model's config.json", read_model_file));
  return models_.emplace(id, std::move(read)).first->second.get();
}

void Library::read_aliases() {
  if (!aliases_.empty()) return;
  for (const std::string& id : ids("devices")) add_aliases(id);
}

void Library::add_aliases(const std::string& id) {
  try {
    if (const auto* spec = find(devices_, id))
      for (const std::string& alias : spec->aliases) aliases_[loose(alias)] = id;
  } catch (const InputError&) {  // a file with faults offers no names; they are shown where the device is asked for
  } catch (const FileError&) {
  }
}

std::vector<std::string> Library::device_names() {
  read_aliases();
  std::vector<std::string> names = ids("devices");
  for (const auto& [alias, id] : aliases_) names.push_back(alias);
  return names;
}

std::vector<std::string> Library::ids(const std::string& kind) const {
  std::vector<fs::path> folders = {beside_ / kind};
  for (const fs::path& folder : folders_) folders.push_back(folder / subfolder(kind));
  std::vector<std::string> list;
  for (const fs::path& folder : folders)
    for (const fs::path& file : io::files_in(folder)) list.push_back(file.stem().string());
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

}  // namespace chipmix::scenario
