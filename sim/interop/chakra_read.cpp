#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <unordered_set>

#include "base/diagnostic.hpp"
#include "interop/chakra.hpp"
#include "io/text_stream.hpp"

namespace chipmix::interop {
namespace {

constexpr std::size_t largest_trace = 1u << 30u;  // bytes

std::string read_all(const std::string& path) {
  std::string text;
  io::TextStream stream{std::filesystem::path(path)};
  for (std::string_view piece = stream.next(); !piece.empty(); piece = stream.next()) {
    text += piece;
    if (text.size() > largest_trace) throw FileError(path, "is larger than 1 GiB");
  }
  return text;
}

/// "step.3.et" is of rank 3.
std::optional<std::int64_t> rank_in(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  const std::size_t end = name.find_last_of("0123456789");
  if (end == std::string::npos) return std::nullopt;
  const std::size_t before = name.find_last_not_of("0123456789", end);
  std::int64_t rank = 0;
  const char* begin = name.data() + (before == std::string::npos ? 0 : before + 1);
  const auto [stop, fault] = std::from_chars(begin, name.data() + end + 1, rank);
  return fault == std::errc() ? std::optional(rank) : std::nullopt;
}

void require_whole(const ChakraTrace& trace) {
  const auto refuse = [&](std::string message, std::string hint) {
    throw InputError({Diagnostic{trace.file, {}, "", std::move(message), std::move(hint), "", 1}});
  };
  if (trace.nodes.empty()) refuse("a trace without nodes", "is it an execution trace of Chakra, copied whole?");
  std::unordered_set<std::uint64_t> ids;
  for (const ChakraNode& node : trace.nodes)
    if (!ids.insert(node.id).second) refuse(fmt::format("node {} is there twice", node.id), "a file holds one rank");
  for (const ChakraNode& node : trace.nodes)
    for (const double size : {node.seconds, node.flops.value_or(0), node.bytes.value_or(0), node.sent.value_or(0)})
      if (!(size >= 0) || !std::isfinite(size))
        refuse(fmt::format("node {} has {:g} for a time or a size", node.id, size), "they are 0 or more");
  for (const ChakraNode& node : trace.nodes)
    for (const std::uint64_t id : node.after)
      if (id == node.id)
        refuse(fmt::format("node {} depends on itself", node.id), "");
      else if (!ids.contains(id))
        refuse(fmt::format("node {} depends on {}, which is not there", node.id, id), "was the file copied whole?");
}

}  // namespace

ChakraTrace read_chakra(const std::string& path, std::int64_t rank) {
  const std::string text = read_all(path);
  ChakraTrace trace{path, rank_in(path).value_or(rank), {}};
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string::npos && text[first] == '{' && text.find('"') != std::string::npos &&
                       path.find(".et") == std::string::npos;
  trace.nodes = is_json ? chakra_from_json(path, text) : chakra_from_protobuf(path, text);
  require_whole(trace);
  return trace;
}

}  // namespace chipmix::interop
