#include "scenario/relative.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace chipmix::scenario {
namespace {

using Json = nlohmann::ordered_json;

/// What names a device and is never taken over.
constexpr std::array own_keys = {"$schema", "id", "name", "aliases", "like", "measured_range"};

bool is_figure(const Json& json) { return json.is_object() && json.contains("value") && json.contains("grade"); }

/// Grades of figures and where they come from, as of another device.
void mark(Json& json, const std::string& relative) {
  if (is_figure(json)) {
    json["grade"] = "scaled";
    json["source"] = fmt::format("as {}: {}", relative, json.value("source", std::string()));
  } else if (json.is_object()) {
    for (auto& member : json) mark(member, relative);
  }
}

class Completion {
 public:
  Completion(const Json& device, const Json& relative) : device_(device), relative_(relative) {}

  io::Changes run() {
    for (const auto& [key, member] : relative_.items())
      if (std::find(own_keys.begin(), own_keys.end(), key) == own_keys.end()) take(device_, key, member, "");
    return std::move(changes_);
  }

 private:
  void take(const Json& into, const std::string& key, Json member, const std::string& path) {
    const std::string pointer = path + "/" + key;
    if (path == "/efficiency/gemm" && !has_rate(key)) return;
    const auto own = into.find(key);
    if (own == into.end()) {
      if (pointer == "/efficiency" || pointer == "/efficiency/gemm") return take_parts(member, pointer);
      mark(member, relative_.value("id", std::string()));
      changes_.emplace_back(pointer, member.dump());
    } else if (pointer != "/peak" && own->is_object() && member.is_object() && !is_figure(member)) {
      for (const auto& [inner, part] : member.items()) take(*own, inner, part, pointer);
    }
  }

  /// A group of figures that the device does not have at all.
  void take_parts(const Json& member, const std::string& pointer) {
    changes_.emplace_back(pointer, "{}");
    static const Json nothing = Json::object();
    for (const auto& [inner, part] : member.items()) take(nothing, inner, part, pointer);
  }

  /// Whether the device has a rate in a number format.
  bool has_rate(const std::string& format) const {
    const auto peak = device_.find("peak");
    return peak == device_.end() ? relative_.at("peak").contains(format) : peak->contains(format);
  }

  const Json& device_;
  const Json& relative_;
  io::Changes changes_;
};

}  // namespace

io::Document with_relative(const io::Document& document, const FindDevice& find, io::Diagnostics& diagnostics) {
  const io::Value root = document.root(diagnostics);
  const auto like = root.is_object() ? root.find("like") : std::nullopt;
  if (!like) return document.filled({});
  const auto name = like->as_text();
  const std::filesystem::path file = name ? find(*name) : std::filesystem::path();
  if (file.empty()) {
    if (name) like->error(fmt::format("unknown device '{}'", *name), "name a device of 'chipmix devices'");
    return document.filled({});
  }
  const io::Document other = io::Document::load(file);
  const Json device = Json::parse(document.json()), relative = Json::parse(other.json());
  if (relative.contains("like")) {
    like->error(fmt::format("device '{}' is itself like another", *name), "name a device that states its own figures");
    return document.filled({});
  }
  return document.filled(Completion(device, relative).run());
}

io::Figures figures_of(const io::Document& document) {
  return document.has("/like") ? io::Figures::plain : io::Figures::sourced;
}

}  // namespace chipmix::scenario
