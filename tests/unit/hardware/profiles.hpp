// Reads the profiles that ship with the project, for the tests of this folder.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hardware/cluster.hpp"
#include "io/document.hpp"
#include "io/shape.hpp"

namespace profiles {

inline std::filesystem::path folder(const std::string& kind) {
  return std::filesystem::path(CHIPMIX_SOURCE_DIR) / "hardware_profiles" / kind;
}

inline std::vector<std::filesystem::path> files(const std::string& kind) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder(kind)))
    if (entry.path().extension() == ".json") found.push_back(entry.path());
  return found;
}

inline std::string text_of(const chipmix::io::Diagnostics& faults) {
  std::string text;
  for (const auto& fault : faults.list()) text += to_text(fault) + "\n";
  return text;
}

/// Reads `text` as T; nothing when there were faults, which are then in `message`.
template <class T>
std::optional<T> parse(const std::string& text, std::string& message) {
  const auto document = chipmix::io::Document::parse("test.json", text);
  chipmix::io::Diagnostics faults;
  auto object = chipmix::io::read<T>(document.root(faults));
  message = text_of(faults);
  return faults.empty() ? object : std::nullopt;
}

template <class T>
T load(const std::filesystem::path& path) {
  const auto document = chipmix::io::Document::load(path);
  chipmix::io::Diagnostics faults;
  auto object = chipmix::io::read<T>(document.root(faults));
  INFO(text_of(faults));
  REQUIRE(faults.empty());
  REQUIRE(object);
  return *object;
}

/// Every profile of a folder, by id.
template <class T>
std::map<std::string, T> all(const std::string& kind) {
  std::map<std::string, T> found;
  for (const auto& path : files(kind)) {
    T profile = load<T>(path);
    found.emplace(profile.id, std::move(profile));
  }
  return found;
}

inline chipmix::hardware::DeviceSpec device(const std::string& id) {
  return load<chipmix::hardware::DeviceSpec>(folder("devices") / (id + ".json"));
}
inline chipmix::hardware::LinkSpec link(const std::string& id) {
  return load<chipmix::hardware::LinkSpec>(folder("links") / (id + ".json"));
}
inline chipmix::hardware::NodeSpec node(const std::string& id) {
  return load<chipmix::hardware::NodeSpec>(folder("nodes") / (id + ".json"));
}

}  // namespace profiles
