#include "io/folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "base/diagnostic.hpp"
#include "base/utf8.hpp"

namespace chipmix::io {
namespace fs = std::filesystem;
namespace {

/// Why a path is no file, rather than that it may not be asked.
bool is_absence(const std::error_code& error) {
  for (const std::errc reason : {std::errc::no_such_file_or_directory, std::errc::not_a_directory,
                                 std::errc::too_many_symbolic_link_levels, std::errc::filename_too_long})
    if (error == reason) return true;
  return false;
}

}  // namespace

bool is_folder(const fs::path& path) {
  std::error_code none;
  return fs::is_directory(path, none);
}

bool is_file(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (error && !is_absence(error)) throw FileError(path.string(), error.message());
  return fs::is_regular_file(status);
}

std::vector<fs::path> files_in(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> list;
  if (!is_folder(folder)) return list;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() == ending && !first_invalid_byte(path.filename().string()) && is_file(path))
      list.push_back(path);
  }
  if (error) throw FileError(folder.string(), error.message());
  std::sort(list.begin(), list.end());
  return list;
}

fs::path current_folder() {
  std::error_code gone;
  const fs::path folder = fs::current_path(gone);
  return gone ? fs::path(".") : folder;
}

fs::path temporary_folder() {
  std::error_code error;
  const fs::path folder = fs::temp_directory_path(error);
  if (!error) return folder;
  const char* said = std::getenv("TMPDIR");
  throw FileError(said ? "TMPDIR=" + std::string(said) : "/tmp", "is not a folder for temporary files");
}

bool is_below(const fs::path& path, const fs::path& folder) {
  std::error_code one, other;
  const fs::path whole = fs::weakly_canonical(current_folder() / path, one);
  const fs::path above = fs::weakly_canonical(current_folder() / folder, other);
  if (one || other) return false;
  const auto [end, rest] = std::mismatch(above.begin(), above.end(), whole.begin(), whole.end());
  return end == above.end() || (end->empty() && std::next(end) == above.end());
}

}  // namespace chipmix::io
