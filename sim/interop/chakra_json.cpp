// Execution traces as JSON: messages one after the other, as Chakra's jsonizer writes them (names of et_def.proto in
// lowerCamelCase, 64-bit numbers as text), or {"workload_graph": [...]} of its feeder.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "interop/chakra.hpp"
#include "interop/chakra_attribute.hpp"
#include "io/element_stream.hpp"
#include "io/scanner.hpp"
#include "io/text_stream.hpp"

namespace chipmix::interop {
namespace {

using Json = nlohmann::json;

constexpr std::array kind_names = {"INVALID_NODE", "METADATA_NODE",  "MEM_LOAD_NODE",  "MEM_STORE_NODE",
                                   "COMP_NODE",    "COMM_SEND_NODE", "COMM_RECV_NODE", "COMM_COLL_NODE"};

/// A number, or text that holds one.
std::optional<double> number_of(const Json& value) {
  if (value.is_number() || value.is_boolean()) return value.is_boolean() ? value.get<bool>() : value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const std::string& text = value.get_ref<const std::string&>();
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  return !text.empty() && *end == 0 ? std::optional(number) : std::nullopt;
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  /// One message of the jsonizer; the metadata has no id and no type.
  void message(const Json& json) {
    if (!json.is_object() || json.contains("version") || (!json.contains("id") && !json.contains("type"))) return;
    ChakraNode node;
    node.id = static_cast<std::uint64_t>(at(json, "id").value_or(0));
    node.name = json.value("name", "");
    node.kind = kind_of(json.contains("type") ? json["type"] : Json(0));
    for (const char* key : {"ctrlDeps", "dataDeps", "ctrl_deps", "data_deps"}) depend(json, key, node);
    for (const char* key : {"durationMicros", "duration_micros"})
      if (const auto micros = at(json, key)) node.seconds = 1e-6 * *micros;
    if (const auto list = json.find("attr"); list != json.end() && list->is_array())
      for (const Json& one : *list) attribute(one, node);
    nodes_.push_back(std::move(node));
  }

  /// A node of "workload_graph".
  void graph_node(const Json& json) {
    if (!json.is_object()) return;
    ChakraNode node;
    node.id = static_cast<std::uint64_t>(at(json, "Id").value_or(0));
    node.name = json.value("Name", "");
    node.kind = kind_of(json.contains("NodeType") ? json["NodeType"] : Json(0));
    depend(json, "data_deps", node);
    if (const auto micros = at(json, "runtime")) node.seconds = 1e-6 * *micros;
    for (const auto& [key, value] : json.items())
      take_attribute(node, key, number_of(value), value.is_string() ? value.get<std::string>() : "");
    nodes_.push_back(std::move(node));
  }

  std::vector<ChakraNode> nodes() { return std::move(nodes_); }

 private:
  static std::optional<double> at(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found == json.end() ? std::nullopt : number_of(*found);
  }

  ChakraKind kind_of(const Json& value) const {
    double number = value.is_number() ? number_of(value).value_or(-1) : -1;
    if (value.is_string()) {
      const auto found = std::find(kind_names.begin(), kind_names.end(), value.get<std::string>());
      if (found != kind_names.end()) number = static_cast<double>(found - kind_names.begin());
    }
    if (!(number >= 0) || number >= static_cast<double>(kind_names.size()))
      throw InputError({Diagnostic{file_,
                                   {},
                                   "",
                                   fmt::format("node {} is of type {}", nodes_.size() + 1, value.dump()),
                                   "types are those of Chakra's et_def.proto",
                                   "",
                                   1}});
    return static_cast<ChakraKind>(static_cast<int>(number));
  }

  static void depend(const Json& json, const char* key, ChakraNode& node) {
    const auto list = json.find(key);
    if (list == json.end() || !list->is_array()) return;
    for (const Json& one : *list)
      if (const auto id = number_of(one)) node.after.push_back(static_cast<std::uint64_t>(*id));
  }

  static void attribute(const Json& json, ChakraNode& node) {
    if (!json.is_object()) return;
    const std::string name = json.value("name", "");
    for (const auto& [key, value] : json.items())
      if (key != "name" && key != "docString")
        take_attribute(node, name, number_of(value), value.is_string() ? value.get<std::string>() : "");
  }

  const std::string& file_;
  std::vector<ChakraNode> nodes_;
};

Json parsed(const std::string& file, const io::TextPart& part) {
  Json json = Json::parse(part.text, nullptr, false);
  if (!json.is_discarded()) return json;
  const auto faults = io::syntax_faults(part.text);
  throw InputError({io::diagnostic_in(file, part, faults.empty() ? 0 : faults.front().offset,
                                      faults.empty() ? "not JSON" : faults.front().message, "")});
}

/// The end of the object that begins at `begin`; the text's size where it is cut.
std::size_t object_end(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (in_text) {
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        in_text = false;
    } else if (text[i] == '"') {
      in_text = true;
    } else if (text[i] == '{') {
      ++depth;
    } else if (text[i] == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

}  // namespace

std::vector<ChakraNode> chakra_from_json(const std::string& file, const std::string& text) {
  Reader reader(file);
  if (text.find("\"workload_graph\"") != std::string::npos) {
    io::ElementStream elements(io::TextStream(file, text), "workload_graph", {});
    while (const io::TextPart* part = elements.next()) reader.graph_node(parsed(file, *part));
    return reader.nodes();
  }
  for (std::size_t begin = text.find_first_not_of(" \t\r\n"); begin < text.size();) {
    const std::size_t end = object_end(text, begin);
    reader.message(parsed(file, {text.substr(begin, end - begin), io::place_at(text, begin)}));
    begin = std::min(text.find_first_not_of(" \t\r\n,", end), text.size());
  }
  return reader.nodes();
}

}  // namespace chipmix::interop
