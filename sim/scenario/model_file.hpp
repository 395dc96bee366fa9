// Model files: a Hugging Face config.json, with or without our own "chipmix" object.
#pragma once

#include <filesystem>

#include "workload/model.hpp"

namespace chipmix::scenario {

/// Throws InputError or FileError.
workload::ModelSpec read_model_file(const std::filesystem::path& file);

}  // namespace chipmix::scenario
