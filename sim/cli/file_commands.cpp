// check, schema, completion, man, and the catalogue: devices, nodes, links, fabrics, stacks, models.
#include <map>

#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"
#include "cli/output.hpp"
#include "cli/show.hpp"
#include "io/folder.hpp"
#include "report/catalogue.hpp"
#include "scenario/check.hpp"

namespace chipmix::cli {

Exit run_check(const Invocation& invocation) {
  report::Table table;
  table.columns = {{"file"}, {"is"}};
  std::vector<Diagnostic> faults;
  for (const std::string& file : invocation.positionals) {
    try {
      table.add({file, scenario::check_file(file, {invocation.allowed.begin(), invocation.allowed.end()})});
    } catch (const InputError& error) {
      faults.insert(faults.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (!faults.empty()) throw InputError(std::move(faults));
  show(report::table_page("checked", std::move(table)), invocation);
  return Exit::answer;
}

Exit run_schema(const Invocation& invocation) {
  const std::string kind = invocation.positionals.empty() ? "scenario" : invocation.positionals.front();
  write_result(scenario::schema_text(kind) + "\n", invocation.output);
  return Exit::answer;
}

Exit run_completion(const Invocation& invocation) {
  const std::string shell =
      invocation.positionals.empty() ? completion_shells().front() : invocation.positionals.front();
  write_result(completion(program(), shell), invocation.output);
  return Exit::answer;
}

/// In the form that was named, else in that of FILE's ending.
Exit run_man(const Invocation& invocation) {
  const bool ends_in_md = invocation.output && invocation.output->ends_with(".md");
  const bool is_markdown = invocation.positionals.empty() ? ends_in_md : invocation.positionals.front() == "markdown";
  write_result(is_markdown ? manual_markdown(program()) : manual_roff(program()), invocation.output);
  return Exit::answer;
}

Exit run_catalogue(const Invocation& invocation) {
  scenario::Library library(io::current_folder());
  const std::string& kind = invocation.command;
  show(invocation.positionals.empty() ? report::list_page(kind, library)
                                      : report::detail_page(kind, invocation.positionals.front(), library),
       invocation);
  return Exit::answer;
}

}  // namespace chipmix::cli
