// The commands of the program: each reads files, asks the floors below, and returns what to show.
#pragma once

#include "cli/exit_codes.hpp"
#include "cli/options.hpp"

namespace chipmix::cli {

/// The command line as a table.
const ProgramSpec& program();

/// Runs one command and writes its result. Throws InputError, FileError and UsageError.
Exit run(const Invocation& invocation);

Exit run_new(const Invocation& invocation);
Exit run_ask(const Invocation& invocation);
Exit run_compare(const Invocation& invocation);
Exit run_estimate(const Invocation& invocation);
Exit run_plan(const Invocation& invocation);
Exit run_procure(const Invocation& invocation);
Exit run_report(const Invocation& invocation);
Exit run_explain(const Invocation& invocation);
Exit run_import(const Invocation& invocation);
/// `import prices FILE`.
Exit import_prices(const Invocation& invocation);
Exit run_prices(const Invocation& invocation);
Exit run_validate(const Invocation& invocation);
Exit run_calibrate(const Invocation& invocation);
/// Its row of the table, under a heading.
CommandSpec calibrate_spec(const char* group);
Exit run_catalogue(const Invocation& invocation);
Exit run_check(const Invocation& invocation);
Exit run_schema(const Invocation& invocation);
Exit run_completion(const Invocation& invocation);
Exit run_man(const Invocation& invocation);
Exit run_doctor(const Invocation& invocation);
Exit run_replay(const Invocation& invocation);
/// Its row of the table, under a heading.
CommandSpec replay_spec(const char* group);
Exit run_mcp(const Invocation& invocation);

}  // namespace chipmix::cli
