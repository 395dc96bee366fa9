// Are the shipped profiles complete, consistent with each other, and honest about their sources?
#include "profiles.hpp"

#include <cctype>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

using namespace chipmix;
using namespace chipmix::hardware;

namespace {

const std::vector<std::string> kinds = {"devices", "nodes", "links", "fabrics", "stacks"};

using Visit = std::function<void(const nlohmann::json& figure, const std::string& where)>;

void each_figure(const nlohmann::json& value, const std::string& where, const Visit& visit) {
  if (!value.is_object()) return;
  if (value.contains("grade")) return visit(value, where);
  for (const auto& [key, member] : value.items()) each_figure(member, where + "/" + key, visit);
}

void each_shipped_figure(const Visit& visit) {
  for (const auto& kind : kinds)
    for (const auto& path : profiles::files(kind)) {
      std::ifstream file(path);
      each_figure(nlohmann::json::parse(file), path.filename().string(), visit);
    }
}

double leading_number(const nlohmann::json& value) {
  return value.is_number() ? value.get<double>() : std::stod(value.get<std::string>());
}

std::string lower(std::string text) {
  for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

template <class T>
void check_ids(const std::string& kind) {
  for (const auto& path : profiles::files(kind)) {
    CAPTURE(path);
    CHECK(profiles::load<T>(path).id == path.stem().string());
  }
}

}  // namespace

TEST_CASE("Does every shipped profile read without a fault, under its own file name?") {
  check_ids<DeviceSpec>("devices");
  check_ids<NodeSpec>("nodes");
  check_ids<LinkSpec>("links");
  check_ids<FabricSpec>("fabrics");
  check_ids<SoftwareStack>("stacks");
  CHECK(profiles::files("devices").size() >= 28);
  CHECK(profiles::files("stacks").size() >= 13);
}

TEST_CASE("Does a short name stand for one device only?") {
  std::map<std::string, std::string> owners;
  for (const auto& [id, device] : profiles::all<DeviceSpec>("devices")) {
    std::vector<std::string> names = device.aliases;
    names.push_back(id);
    for (const auto& name : names) {
      CAPTURE(name, id);
      CHECK(owners.emplace(lower(name), id).second);
    }
  }
  const std::map<std::string, std::string> typed = {{"h100", "h100-sxm5-80gb"}, {"h800", "h800-sxm5-80gb"},
                                                    {"a100", "a100-sxm4-80gb"}, {"a100-80gb", "a100-sxm4-80gb"},
                                                    {"910b", "ascend-910b2"},   {"910b2", "ascend-910b2"},
                                                    {"910c", "ascend-910c"},    {"mi300x", "mi300x"}};
  for (const auto& [name, id] : typed) {
    CAPTURE(name);
    CHECK(owners[name] == id);
  }
}

TEST_CASE("Does every profile name only profiles that exist?") {
  const auto devices = profiles::all<DeviceSpec>("devices");
  const auto nodes = profiles::all<NodeSpec>("nodes");
  const auto links = profiles::all<LinkSpec>("links");
  const auto stacks = profiles::all<SoftwareStack>("stacks");
  for (const auto& [id, device] : devices) {
    CAPTURE(id, device.node, device.stack);
    CHECK(nodes.contains(device.node));
    CHECK(stacks.contains(device.stack));
  }
  for (const auto& [id, node] : nodes) {
    CAPTURE(id);
    CHECK(devices.contains(node.device));
    CHECK(links.contains(node.scale_up));
    CHECK(links.contains(node.scale_out));
  }
}

TEST_CASE("Can a reader follow every measured or datasheet figure to a public page?") {
  each_shipped_figure([](const nlohmann::json& figure, const std::string& where) {
    CAPTURE(where);
    const auto source = figure.at("source").get<std::string>();
    const auto grade = figure.at("grade").get<std::string>();
    CHECK(source.size() > 10);
    if (grade == "measured" || grade == "datasheet") CHECK(source.find("http") != std::string::npos);
    for (const std::string word : {"recollection", "not recorded", "TODO", "/work"})
      CHECK(source.find(word) == std::string::npos);
  });
}

TEST_CASE("Does every range enclose its figure, and does what is not published carry a range?") {
  each_shipped_figure([](const nlohmann::json& figure, const std::string& where) {
    CAPTURE(where, figure.dump());
    REQUIRE(figure.contains("low") == figure.contains("high"));
    if (!figure.contains("low")) return;
    CHECK(leading_number(figure["low"]) <= leading_number(figure["value"]));
    CHECK(leading_number(figure["value"]) <= leading_number(figure["high"]));
    CHECK(leading_number(figure["low"]) < leading_number(figure["high"]));
  });
  each_shipped_figure([](const nlohmann::json& figure, const std::string& where) {
    CAPTURE(where);
    if (where.find("/efficiency") != std::string::npos) CHECK(figure.contains("low"));
  });
}

TEST_CASE("Does a full mesh have one link to each peer of its node?") {
  const auto links = profiles::all<LinkSpec>("links");
  int meshes = 0;
  for (const auto& [id, node] : profiles::all<NodeSpec>("nodes")) {
    const LinkSpec& link = links.at(node.scale_up);
    if (link.wiring != Wiring::full_mesh) continue;
    CAPTURE(id, link.id);
    ++meshes;
    CHECK(link.links.value == node.devices - 1);
  }
  CHECK(meshes >= 5);
}

TEST_CASE("Is every figure that the Ling report does not print graded as assumed?") {
  for (const std::string letter : {"a", "b", "c", "d", "e"}) {
    std::ifstream file(profiles::folder("devices") / ("ling-device-" + letter + ".json"));
    const auto json = nlohmann::json::parse(file);
    each_figure(json, letter, [](const nlohmann::json& figure, const std::string& where) {
      CAPTURE(where);
      const bool printed = where.find("/peak/bf16") != std::string::npos ||
                           where.find("/peak/fp16") != std::string::npos || where.substr(1) == "/memory";
      CHECK(figure.at("grade") == (printed ? "datasheet" : "assumed"));
    });
  }
}

TEST_CASE("is a stack whose residual would move step times, though no law uses it, refused by name?") {
  std::ifstream file(profiles::folder("stacks") / "deepspeed.json");
  nlohmann::json stack = nlohmann::json::parse(file);
  std::string message;
  CHECK(profiles::parse<SoftwareStack>(stack.dump(), message));
  stack["residual"]["value"] = 1.1;
  CHECK_FALSE(profiles::parse<SoftwareStack>(stack.dump(), message));
  CHECK(message.find("the 'residual' of a stack must have the value 1") != std::string::npos);
}
