#include "io/file_text.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/diagnostic.hpp"

namespace chipmix::io {
namespace {

constexpr std::size_t largest_file = 64u * 1024u * 1024u;  // bytes

std::string read_at_most(std::istream& stream, std::size_t size) {
  std::string text;
  constexpr std::size_t block = 1u << 20u;
  while (stream && text.size() <= size) {
    const std::size_t before = text.size();
    text.resize(before + block);
    stream.read(text.data() + before, static_cast<std::streamsize>(block));
    text.resize(before + static_cast<std::size_t>(stream.gcount()));
  }
  return text;
}

}  // namespace

std::string read_text(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw FileError(path.string(), "is a folder, not a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw FileError(path.string(), std::strerror(errno));
  std::string text = read_at_most(stream, largest_file);
  if (stream.bad()) throw FileError(path.string(), "cannot be read");
  if (text.size() > largest_file) throw FileError(path.string(), "is larger than 64 MiB");
  return text;
}

}  // namespace chipmix::io
