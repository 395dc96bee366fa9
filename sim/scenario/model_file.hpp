// Model files: a Hugging Face config.json, with or without our own "chipmix" object (id, name, source, published counts).
#pragma once

#include <filesystem>

#include "scenario/library.hpp"

namespace chipmix::scenario {

/// Throws InputError or FileError.
ModelEntry read_model_file(const std::filesystem::path& file);

}  // namespace chipmix::scenario
