// Who answers which command.
#include <map>

#include "cli/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/sweep_commands.hpp"

namespace chipmix::cli {

Exit run(const Invocation& invocation) {
  static const std::map<std::string, Exit (*)(const Invocation&)> commands = {
      {"ask", run_ask},           {"new", run_new},
      {"prices", run_prices},     {"compare", run_compare},
      {"estimate", run_estimate}, {"plan", run_plan},
      {"procure", run_procure},   {"report", run_report},
      {"explain", run_explain},   {"import", run_import},
      {"validate", run_validate}, {"check", run_check},
      {"schema", run_schema},     {"devices", run_catalogue},
      {"models", run_catalogue},  {"links", run_catalogue},
      {"stacks", run_catalogue},  {"nodes", run_catalogue},
      {"fabrics", run_catalogue}, {"completion", run_completion},
      {"man", run_man},           {"doctor", run_doctor},
      {"mcp", run_mcp},           {"sweep", run_sweep},
      {"merge", run_merge},       {"calibrate", run_calibrate},
      {"replay", run_replay}};
  spare_inputs(invocation);
  return commands.at(invocation.command)(invocation);
}

}  // namespace chipmix::cli
