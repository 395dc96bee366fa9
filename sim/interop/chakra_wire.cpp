// The protobuf wire format (protobuf.dev/programming-guides/encoding), so far as execution traces need it.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "base/diagnostic.hpp"
#include "interop/chakra.hpp"
#include "interop/chakra_attribute.hpp"

namespace chipmix::interop {
namespace {

constexpr int varint = 0, fixed64 = 1, lengthed = 2, fixed32 = 5;

// Fields of Node, AttributeProto and its values in et_def.proto.
constexpr int node_id = 1, node_name = 2, node_type = 3, node_ctrl = 4, node_data = 5, node_micros = 7,
              node_attribute = 10;
constexpr int attribute_name = 1, value_double = 3, value_float = 5, value_int32 = 7, value_int64 = 9,
              value_uint32 = 11, value_uint64 = 13, value_sint32 = 15, value_sint64 = 17, value_fixed32 = 19,
              value_fixed64 = 21, value_sfixed32 = 23, value_sfixed64 = 25, value_bool = 27, value_string = 29;

/// What is no message of this format.
struct Cut {
  std::string message;
};

class Wire {
 public:
  explicit Wire(std::string_view bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) throw Cut{"the file ends inside a number"};
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7Fu) << shift;
      if (byte < 0x80u) return value;
    }
    throw Cut{"a number of more than ten bytes"};
  }

  std::string_view piece() { return take(number()); }
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) throw Cut{"the file ends inside a message"};
    const std::string_view piece = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return piece;
  }

  void pass(int kind) {
    if (kind == varint) return static_cast<void>(number());
    if (kind == lengthed) return static_cast<void>(piece());
    if (kind != fixed64 && kind != fixed32) throw Cut{fmt::format("a field of wire type {}", kind)};
    take(kind == fixed64 ? 8 : 4);
  }

  template <class T>
  T fixed() {
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));  // little-endian, as this machine is
    return value;
  }

 private:
  std::string_view rest_;
};
static_assert(std::endian::native == std::endian::little);

/// The value of an attribute: a number or text.
struct Value {
  std::optional<double> number;
  std::string text;
};

double unzigzag(std::uint64_t value) {
  const auto half = static_cast<double>(value >> 1u);
  return (value & 1u) != 0 ? -half - 1 : half;
}

Value value_of(Wire& wire, int field, int kind) {
  switch (field) {
    case value_double:
      return {wire.fixed<double>(), ""};
    case value_float:
      return {wire.fixed<float>(), ""};
    case value_int32:
    case value_int64:
      return {static_cast<double>(static_cast<std::int64_t>(wire.number())), ""};
    case value_uint32:
    case value_uint64:
    case value_bool:
      return {static_cast<double>(wire.number()), ""};
    case value_sint32:
    case value_sint64:
      return {unzigzag(wire.number()), ""};
    case value_fixed32:
      return {wire.fixed<std::uint32_t>(), ""};
    case value_fixed64:
      return {static_cast<double>(wire.fixed<std::uint64_t>()), ""};
    case value_sfixed32:
      return {wire.fixed<std::int32_t>(), ""};
    case value_sfixed64:
      return {static_cast<double>(wire.fixed<std::int64_t>()), ""};
    case value_string:
      return {std::nullopt, std::string(wire.piece())};
    default:
      wire.pass(kind);
      return {};
  }
}

}  // namespace

void take_attribute(ChakraNode& node, const std::string& name, std::optional<double> number, const std::string& text) {
  const auto whole = [&]() -> std::optional<std::int64_t> {
    return number ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
  };
  if (name == "num_ops" && number) node.flops = number;
  if (name == "tensor_size" && number) node.bytes = number;
  if (name == "comm_size" && number) node.sent = number;
  if (name == "comm_type") node.collective = whole();
  if (name == "comm_src") node.from = whole();
  if (name == "comm_dst") node.to = whole();
  if (name == "comm_tag") node.tag = whole();
  if (name == "pg_name") node.group = text;
  if (name == "chipmix_seconds" && number) node.seconds = *number;
  if (name != "chipmix_ports") return;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    int port = 0;
    std::from_chars(text.data() + begin, text.data() + end, port);
    node.ports.push_back(port);
    begin = end + 1;
  }
}

namespace {

void attribute(std::string_view bytes, ChakraNode& node) {
  std::string name;
  Value value;
  for (Wire wire(bytes); !wire.at_end();) {
    const std::uint64_t key = wire.number();
    const int field = static_cast<int>(key >> 3u), kind = static_cast<int>(key & 7u);
    if (field == attribute_name && kind == lengthed)
      name = std::string(wire.piece());
    else
      value = value_of(wire, field, kind);
  }
  take_attribute(node, name, value.number, value.text);
}

ChakraNode node_of(std::string_view bytes) {
  ChakraNode node;
  std::vector<std::string_view> attributes;
  for (Wire wire(bytes); !wire.at_end();) {
    const std::uint64_t key = wire.number();
    const int field = static_cast<int>(key >> 3u), kind = static_cast<int>(key & 7u);
    if (field == node_id && kind == varint) {
      node.id = wire.number();
    } else if (field == node_name && kind == lengthed) {
      node.name = std::string(wire.piece());
    } else if (field == node_type && kind == varint) {
      const std::uint64_t type = wire.number();
      if (type > static_cast<std::uint64_t>(ChakraKind::collective)) throw Cut{fmt::format("a node of type {}", type)};
      node.kind = static_cast<ChakraKind>(type);
    } else if (field == node_ctrl || field == node_data) {
      if (kind == varint) node.after.push_back(wire.number());
      if (kind == lengthed)
        for (Wire list(wire.piece()); !list.at_end();) node.after.push_back(list.number());
    } else if (field == node_micros && kind == varint) {
      node.seconds = 1e-6 * static_cast<double>(wire.number());
    } else if (field == node_attribute && kind == lengthed) {
      attributes.push_back(wire.piece());
    } else {
      wire.pass(kind);
    }
  }
  for (const std::string_view one : attributes) attribute(one, node);
  return node;
}

class Writer {
 public:
  void number(int field, std::uint64_t value) {
    key(field, varint);
    raw(value);
  }
  void text(int field, std::string_view value) {
    key(field, lengthed);
    raw(value.size());
    bytes_ += value;
  }
  void real(int field, double value) {
    key(field, fixed64);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void raw(std::uint64_t value) {
    for (; value >= 0x80u; value >>= 7u) bytes_ += static_cast<char>((value & 0x7Fu) | 0x80u);
    bytes_ += static_cast<char>(value);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void key(int field, int kind) { raw((static_cast<std::uint64_t>(field) << 3u) | static_cast<std::uint64_t>(kind)); }

  std::string bytes_;
};

template <class Fill>
void add_attribute(Writer& node, const char* name, Fill fill) {
  Writer one;
  one.text(attribute_name, name);
  fill(one);
  node.text(node_attribute, one.bytes());
}

void attributes_of(const ChakraNode& node, Writer& writer) {
  const auto whole = [&](const char* name, int field, auto value) {
    if (value) add_attribute(writer, name, [&](Writer& one) { one.number(field, static_cast<std::uint64_t>(*value)); });
  };
  add_attribute(writer, "is_cpu_op", [](Writer& one) { one.number(value_bool, 0); });
  whole("num_ops", value_int64, node.flops);
  whole("tensor_size", value_uint64, node.bytes);
  whole("comm_size", value_int64, node.sent);
  whole("comm_type", value_int64, node.collective);
  whole("comm_src", value_int32, node.from);
  whole("comm_dst", value_int32, node.to);
  whole("comm_tag", value_int32, node.tag);
  if (!node.group.empty()) add_attribute(writer, "pg_name", [&](Writer& one) { one.text(value_string, node.group); });
  add_attribute(writer, "chipmix_seconds", [&](Writer& one) { one.real(value_double, node.seconds); });
  if (node.ports.empty()) return;
  std::string ports;
  for (const int port : node.ports) ports += fmt::format("{}{}", ports.empty() ? "" : ",", port);
  add_attribute(writer, "chipmix_ports", [&](Writer& one) { one.text(value_string, ports); });
}

}  // namespace

std::vector<ChakraNode> chakra_from_protobuf(const std::string& file, const std::string& bytes) {
  std::vector<ChakraNode> nodes;
  std::size_t message = 0;
  try {
    for (Wire wire(bytes); !wire.at_end(); ++message) {
      const std::string_view piece = wire.piece();
      if (message > 0) nodes.push_back(node_of(piece));  // the first is GlobalMetadata
    }
  } catch (const Cut& cut) {
    throw InputError({Diagnostic{file,
                                 {},
                                 "",
                                 fmt::format("{}, in message {}", cut.message, message + 1),
                                 "is it an execution trace of Chakra, copied whole?",
                                 "",
                                 1}});
  }
  return nodes;
}

std::string chakra_bytes(const ChakraTrace& trace) {
  Writer all, metadata;
  metadata.text(1, "0.0.4");  // of the schema
  all.raw(metadata.bytes().size());
  std::string bytes = all.bytes() + metadata.bytes();
  for (const ChakraNode& node : trace.nodes) {
    Writer one, length;
    one.number(node_id, node.id);
    one.text(node_name, node.name);
    one.number(node_type, static_cast<std::uint64_t>(node.kind));
    Writer before;
    for (const std::uint64_t id : node.after) before.raw(id);
    if (!node.after.empty()) one.text(node_data, before.bytes());
    one.number(node_micros, static_cast<std::uint64_t>(node.seconds * 1e6 + 0.5));
    attributes_of(node, one);
    length.raw(one.bytes().size());
    bytes += length.bytes() + one.bytes();
  }
  return bytes;
}

}  // namespace chipmix::interop
