// What stands in a folder, told without exceptions of std::filesystem: a dangling link, a loop of links or a name that
// is too long is no file; a folder that may not be opened is a FileError with its path.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace chipmix::io {

bool is_folder(const std::filesystem::path& path);

/// Whether a file can be read there, links followed; pipes and devices are none. Throws FileError where that may not be
/// asked.
bool is_file(const std::filesystem::path& path);

/// The files of a folder whose names end so and are UTF-8, sorted; none where there is no such folder. Throws FileError
/// where the folder may not be opened.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, const std::string& ending = ".json");

/// The current folder; "." where it was deleted.
std::filesystem::path current_folder();

/// $TMPDIR or /tmp. Throws FileError, by the name of the variable, where there is no such folder.
std::filesystem::path temporary_folder();

/// Whether a path leads to `folder` or below it, links and ".." followed.
bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace chipmix::io
