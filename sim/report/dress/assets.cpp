#include "report/dress/assets.hpp"

namespace chipmix::report {

std::string page_script() { return std::string(table_script) + what_if_script; }

const char* const page_script_digest = "d1DRwipD4DJd4VYD0weGloLKiRTgg7ut+9cX6TE2H0Q=";

}  // namespace chipmix::report
