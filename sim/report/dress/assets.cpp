#include "report/dress/assets.hpp"

namespace chipmix::report {

std::string page_script() { return std::string(table_script) + what_if_script; }

const char* const page_script_digest = "NYqn7HYQInOeaYKNmwVXWGArF4FFuuJQcE2YOv7WXQE=";

}  // namespace chipmix::report
