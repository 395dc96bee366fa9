// The groups whose errors are listed together: families of devices, kinds of model.
#pragma once

#include <string>
#include <string_view>

#include "validation/published_run.hpp"

namespace chipmix::validation {

/// "A100", "GB200/GB300", "MI3xx", ...: devices whose errors are listed together; "other" for an id nobody has named
/// here.
std::string family_of(std::string_view device);

/// Name of the die a device is built from, "Hopper"; the id of a device without a relative.
std::string die_of(const std::string& device);

/// "LoRA", else "MoE" or "dense".
std::string class_of(const PublishedRun& run);

/// The family, with mixtures of experts and LoRA apart: "H800", "H800, MoE", "LoRA, MI3xx".
std::string family_group_of(const PublishedRun& run);

/// The run's project; where the record names none, the title of its publication.
std::string project_of(const PublishedRun& run);

}  // namespace chipmix::validation
