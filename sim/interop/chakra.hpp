// Execution traces of MLCommons Chakra: read from its protobuf or JSON form, written as protobuf
// (github.com/mlcommons/chakra, schema/protobuf/et_def.proto; a message's length as a varint stands before each).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace chipmix::interop {

/// NodeType of et_def.proto.
enum class ChakraKind { invalid, metadata, load, store, compute, send, receive, collective };

struct ChakraNode {
  std::uint64_t id = 0;
  std::string name;
  ChakraKind kind = ChakraKind::compute;
  std::vector<std::uint64_t> after{};  ///< control and data dependencies
  double seconds = 0;                  ///< as traced
  // Attributes; absent where the trace does not say.
  std::optional<double> flops{}, bytes{};    ///< num_ops, tensor_size
  std::optional<double> sent{};              ///< comm_size, bytes
  std::optional<std::int64_t> collective{};  ///< comm_type: CollectiveCommType of et_def.proto
  std::optional<std::int64_t> from{}, to{}, tag{};
  std::string group{};       ///< pg_name
  std::vector<int> ports{};  ///< of chipmix's own traces: links of its player that a transfer shares
};

/// One rank.
struct ChakraTrace {
  std::string file;
  std::int64_t rank = 0;
  std::vector<ChakraNode> nodes;
};

/// A file; its rank is the last number of its name ("step.3.et"), or else `rank`. Throws InputError with the place of
/// what is no trace: cut messages, unknown kinds, the same id twice, dependencies that are not there; and FileError.
ChakraTrace read_chakra(const std::string& path, std::int64_t rank);

/// As protobuf.
std::string chakra_bytes(const ChakraTrace& trace);

/// Of read_chakra: the two forms.
std::vector<ChakraNode> chakra_from_protobuf(const std::string& file, const std::string& bytes);
std::vector<ChakraNode> chakra_from_json(const std::string& file, const std::string& text);

}  // namespace chipmix::interop
