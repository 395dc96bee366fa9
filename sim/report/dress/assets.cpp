#include "report/dress/assets.hpp"

namespace chipmix::report {

std::string page_script() { return std::string(table_script) + what_if_script; }

const char* const page_script_digest = "McgD8xOSy4K6OM04g+/Sf4TYr3bvaP0iONGknrhtrms=";

}  // namespace chipmix::report
