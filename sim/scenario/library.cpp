#include "scenario/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "hardware/device_family.hpp"
#include "scenario/loose_name.hpp"
#include "scenario/model_file.hpp"
#include "scenario/power_spec.hpp"
#include "scenario/relative.hpp"

namespace chipmix::scenario {

namespace fs = std::filesystem;

namespace {

/// The folder `data` beside the shared library that holds this code, as a Python package has it; empty in a program.
fs::path data_beside() {
  Dl_info here{};
  if (dladdr(reinterpret_cast<const void*>(&data_beside), &here) == 0 || !here.dli_fname) return {};
  const fs::path file = here.dli_fname;
  return file.is_absolute() && file.extension() == ".so" ? file.parent_path() / "data" : fs::path();
}

/// $CHIPMIX_DATA, what a Python package brings, the source tree the program was built from, the installed data folder;
/// those that exist.
std::vector<fs::path> data_folders() {
  std::vector<fs::path> list;
  if (const char* data = std::getenv("CHIPMIX_DATA")) list.emplace_back(data);
  list.push_back(data_beside());
  list.emplace_back(CHIPMIX_DATA_DIR);
  list.emplace_back(CHIPMIX_INSTALL_DATA_DIR);
  std::erase_if(list, [](const fs::path& folder) { return !fs::is_directory(folder); });
  return list;
}

/// Models stand in models/, everything else in hardware_profiles/.
fs::path subfolder(const std::string& kind) {
  return kind == "models" ? fs::path(kind) : "hardware_profiles" / fs::path(kind);
}

bool is_file_name(const std::string& name) { return name.find('/') != std::string::npos || name.ends_with(".json"); }

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

Library::Library(fs::path beside) : beside_(std::move(beside)), folders_(data_folders()) {}

fs::path Library::file(const std::string& kind, const std::string& id) const {
  if (is_file_name(id)) {
    const fs::path named = fs::path(id).is_absolute() ? fs::path(id) : beside_ / id;
    if (fs::is_directory(named) && fs::is_regular_file(named / "config.json")) return named / "config.json";
    return fs::is_regular_file(named) ? named : fs::path();
  }
  std::vector<fs::path> places = {beside_ / kind / (id + ".json"), beside_ / subfolder(kind) / (id + ".json")};
  for (const fs::path& folder : folders_) places.push_back(folder / subfolder(kind) / (id + ".json"));
  for (const fs::path& place : places)
    if (fs::is_regular_file(place)) return place;
  return {};
}

template <class T>
const T* Library::find(Shelf<T>& shelf, const std::string& id) {
  if (auto known = shelf.read.find(id); known != shelf.read.end()) return known->second.get();
  const fs::path path = file(shelf.kind, id);
  if (!path.empty()) {
    const auto device = [this](const std::string& name) { return device_file(name); };
    return shelf.read.emplace(id, read_file<T>(path, device)).first->second.get();
  }
  const std::string known = known_id(shelf.kind, id);
  return known.empty() ? nullptr : find(shelf, known);
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
    return known.empty() ? nullptr : model(known);
  }
  return models_.emplace(id, std::make_unique<workload::ModelSpec>(read_model_file(path))).first->second.get();
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
  for (const fs::path& folder : folders) {
    if (!fs::is_directory(folder)) continue;
    for (const auto& file : fs::directory_iterator(folder))
      if (file.path().extension() == ".json") list.push_back(file.path().stem().string());
  }
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

}  // namespace chipmix::scenario
