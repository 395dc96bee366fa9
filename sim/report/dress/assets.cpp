#include "report/dress/assets.hpp"

namespace chipmix::report {

std::string page_script() { return std::string(table_script) + what_if_script; }

const char* const page_script_digest = "Wn8FngdgQdE9FEMjy2ihFjCE4jkNog/8FQ/HAnvkS3E=";

}  // namespace chipmix::report
