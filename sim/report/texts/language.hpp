// Languages of a report.
#pragma once

namespace chipmix::report {

enum class Language : unsigned char { english, chinese };

}  // namespace chipmix::report
