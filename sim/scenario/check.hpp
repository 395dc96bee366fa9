// Reading files only to find their faults, and describing what files may say.
#pragma once

#include <filesystem>
#include <string>

#include "scenario/library.hpp"

namespace chipmix::scenario {

/// Reads a file as what it looks like (scenario, model, or a hardware profile by its folder or keys) and returns what
/// it is: "scenario", "device", ... Throws InputError with all its faults, FileError if it cannot be read.
/// `also`: folders that a scenario may read from, beside its own.
std::string check_file(const std::filesystem::path& path, const std::vector<std::filesystem::path>& also = {});

/// JSON Schema (draft-07) of "scenario", "device", "node", "link", "fabric", "stack" or "plan", as indented JSON, with
/// the ids that are known.
std::string schema_text(const std::string& kind);

}  // namespace chipmix::scenario
