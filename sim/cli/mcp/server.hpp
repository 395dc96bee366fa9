// A server of the Model Context Protocol (modelcontextprotocol.io, revision 2025-06-18): JSON-RPC 2.0, a message a
// line.
#pragma once

#include <optional>
#include <string>

#include "cli/mcp/tools.hpp"

namespace chipmix::cli::mcp {

class Server {
 public:
  /// `jobs`: threads that a call may use; 0: all.
  Server(Folder folder, int jobs) : folder_(std::move(folder)), jobs_(jobs) {}

  /// What is answered to a line; nothing to a notification.
  std::optional<std::string> answer(const std::string& line);

 private:
  nlohmann::ordered_json result_of(const std::string& method, const nlohmann::ordered_json& parameters);
  nlohmann::ordered_json call(const nlohmann::ordered_json& parameters);

  Folder folder_;
  int jobs_;
};

/// The longest line that is read.
inline constexpr std::size_t longest_line = 4u << 20u;  // byte

/// The answer to a line that is longer.
std::string too_long();

}  // namespace chipmix::cli::mcp
