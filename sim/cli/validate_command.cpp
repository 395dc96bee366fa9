// validate.
#include <algorithm>
#include <thread>

#include "cli/commands.hpp"
#include "cli/show.hpp"
#include "report/validate_page.hpp"

namespace chipmix::cli {
namespace {

int threads(const Invocation& invocation) {
  return invocation.jobs > 0 ? invocation.jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace

Exit run_validate(const Invocation& invocation) {
  const auto given = invocation.option("--cases");
  const auto tables = !given                                  ? validation::own_tables(scenario::Library())
                      : std::filesystem::is_directory(*given) ? validation::tables_in(*given)
                                                              : std::vector<std::filesystem::path>{*given};
  const auto runs = validation::read_all(tables).runs;
  const auto predictions = validation::predict_all(runs, threads(invocation), !invocation.has("--no-intervals"));
  show(report::validate_page(runs, predictions), invocation);
  return Exit::answer;
}

}  // namespace chipmix::cli
