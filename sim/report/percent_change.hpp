// A factor as people say it.
#pragma once

#include <fmt/format.h>

#include <string>

namespace chipmix::report {

/// "+20 %" of 1.2, "-5 %" of 0.95.
inline std::string percent_change(double factor) { return fmt::format("{:+.0f} %", (factor - 1) * 100); }

}  // namespace chipmix::report
