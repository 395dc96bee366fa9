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

void read_into(std::vector<validation::PublishedRun>& runs, const std::filesystem::path& file) {
  const io::Document document = io::Document::load(file);
  io::Diagnostics diagnostics;
  auto more = validation::read_runs(document.root(diagnostics));
  diagnostics.throw_if_any();
  std::move(more.begin(), more.end(), std::back_inserter(runs));
}

}  // namespace

Exit run_validate(const Invocation& invocation) {
  std::vector<validation::PublishedRun> runs;
  if (const auto file = invocation.option("--cases"))
    read_into(runs, *file);
  else
    for (const auto& table : validation::own_tables(scenario::Library())) read_into(runs, table);
  const auto predictions = validation::predict_all(runs, threads(invocation), !invocation.has("--no-intervals"));
  show(report::validate_page(runs, predictions), invocation);
  return Exit::answer;
}

}  // namespace chipmix::cli
