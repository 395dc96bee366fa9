// The text of a file.
#pragma once

#include <filesystem>
#include <string>

namespace chipmix::io {

/// Throws FileError if the file cannot be read or is larger than 64 MiB.
std::string read_text(const std::filesystem::path& path);

}  // namespace chipmix::io
