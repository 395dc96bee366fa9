// mcp: lines from stdin, answers to stdout, until stdin ends.
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "base/diagnostic.hpp"
#include "cli/commands.hpp"
#include "cli/mcp/server.hpp"
#include "cli/output.hpp"
#include "io/folder.hpp"

namespace chipmix::cli {
namespace {

/// Lines of a stream. A line that is too long is passed over to its end, with `is_too_long` set.
class Lines {
 public:
  /// False where the stream has ended.
  bool next(std::string& line, bool& is_too_long) {
    is_too_long = false;
    line.clear();
    for (;;) {
      const std::size_t end = held_.find('\n');
      const std::string part = held_.substr(0, end);
      is_too_long = is_too_long || line.size() + part.size() > mcp::longest_line;
      if (!is_too_long) line += part;
      if (end != std::string::npos) {
        held_.erase(0, end + 1);
        return true;
      }
      held_.clear();
      if (!fill()) return !line.empty() || is_too_long;
    }
  }

 private:
  bool fill() {
    std::array<char, 65536> block{};
    for (;;) {
      const ssize_t count = read(STDIN_FILENO, block.data(), block.size());
      if (count > 0) held_.assign(block.data(), static_cast<std::size_t>(count));
      if (count >= 0) return count > 0;
      if (errno != EINTR) throw FileError("stdin", "cannot be read");
    }
  }

  std::string held_;
};

mcp::Folder folder_of(const Invocation& invocation) {
  const auto named = invocation.option("--folder");
  if (!named) return std::nullopt;
  if (!io::is_folder(*named)) throw FileError(*named, "no such folder");
  return io::current_folder() / *named;
}

}  // namespace

Exit run_mcp(const Invocation& invocation) {
  mcp::Server server(folder_of(invocation), invocation.jobs);
  Lines lines;
  std::string line;
  for (bool is_too_long = false; lines.next(line, is_too_long);) {
    if (!is_too_long && line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto answer = is_too_long ? std::optional(mcp::too_long()) : server.answer(line);
    if (answer && !write_all(STDOUT_FILENO, *answer + "\n", "stdout")) break;  // nobody reads any more
  }
  return Exit::answer;
}

}  // namespace chipmix::cli
