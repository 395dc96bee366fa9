// validate.
#include <algorithm>
#include <thread>

#include "cli/commands.hpp"
#include "cli/complain.hpp"
#include "cli/show.hpp"
#include "io/folder.hpp"
#include "report/anchor_trial_page.hpp"
#include "report/energy_page.hpp"
#include "report/searched_page.hpp"
#include "report/validate_page.hpp"
#include "report/whole_runs_page.hpp"
#include "validation/judged.hpp"

namespace chipmix::cli {
namespace {

int threads(const Invocation& invocation) {
  return invocation.jobs > 0 ? invocation.jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

std::vector<std::filesystem::path> tables(const std::optional<std::string>& given, const scenario::Library& library) {
  if (!given) return validation::own_tables(library);
  if (io::is_folder(*given)) return validation::tables_in(*given);
  return {*given};
}

/// What was passed over, unless --quiet.
void remark(const std::vector<Diagnostic>& passed_over, const Invocation& invocation) {
  if (!invocation.quiet) cli::remark(passed_over);
}

/// A table without a run would be judged as right as any.
void require_runs(std::size_t runs, const std::string& given) {
  if (runs == 0)
    throw FileError(given, "contains no runs; a table is a JSON list of records, as docs/published_runs.md describes");
}

Exit validate_whole_runs(const Invocation& invocation) {
  const scenario::Library library;
  const std::string given = *invocation.option("--runs");
  const auto files = io::is_folder(given) ? validation::tables_in(given) : std::vector<std::filesystem::path>{given};
  const auto [runs, faults, unknown] = validation::read_all_whole(files);
  require_runs(runs.size() + faults.size(), given);
  const auto errors = validation::own_left_out(library, "whole_left_out.json");
  show(report::whole_runs_page(runs, validation::predict_all_whole(runs, threads(invocation)), errors), invocation);
  remark(unknown, invocation);
  return complain(faults);
}

Exit validate_energy(const Invocation& invocation) {
  scenario::Library library;
  const validation::EnergyTable known = validation::own_energy(library);
  const bool is_own = invocation.positionals.empty();
  const validation::EnergyTable given = is_own ? known : validation::read_energy(invocation.positionals.front());
  show(report::energy_page(given.rows, validation::predict_energy(given.rows, known.rows, library)), invocation);
  remark(given.unknown, invocation);
  return complain(given.faults);
}

/// Each of --runs, --energy and --searched is a question of its own.
void refuse_unread(const Invocation& invocation) {
  if (invocation.has("--runs"))
    refuse_beside(invocation, "--runs", {"--cases", "--searched", "--energy", "--no-intervals"});
  if (invocation.has("--energy")) refuse_beside(invocation, "--energy", {"--cases", "--searched", "--no-intervals"});
  if (invocation.has("--searched")) refuse_beside(invocation, "--searched", {"--no-intervals"});
  if (invocation.has("--anchor"))
    refuse_beside(invocation, "--anchor", {"--cases", "--runs", "--searched", "--energy", "--no-intervals"});
  if (!invocation.positionals.empty() && !invocation.has("--energy"))
    throw UsageError("FILE needs --energy; tables of runs need --cases", invocation.command);
}

}  // namespace

/// Rows that cannot be read keep nobody from the answer about the others: their faults come after it.
Exit run_validate(const Invocation& invocation) {
  refuse_unread(invocation);
  if (invocation.has("--runs")) return validate_whole_runs(invocation);
  if (invocation.has("--energy")) return validate_energy(invocation);
  const scenario::Library library;
  const auto [runs, faults, unknown] = validation::read_all(tables(invocation.option("--cases"), library));
  require_runs(runs.size() + faults.size(), invocation.option("--cases").value_or("published_runs"));
  if (invocation.has("--searched")) {
    scenario::Library profiles;
    show(report::searched_page(validation::search_jobs(runs, threads(invocation)),
                               *profiles.practice(scenario::usual_practice)),
         invocation);
    remark(unknown, invocation);
    return complain(faults);
  }
  const auto predictions = validation::predict_all(runs, threads(invocation), !invocation.has("--no-intervals"));
  if (invocation.has("--anchor")) {
    const auto unseen =
        validation::held_out(runs, predictions, validation::own_left_out(library), &validation::HeldOut::left_out);
    show(report::anchor_trial_page(runs, unseen, validation::own_kinship_left_out(library)), invocation);
    return complain(faults);
  }
  show(report::validate_page(runs, predictions, validation::own_left_out(library)), invocation);
  remark(unknown, invocation);
  return complain(faults);
}

}  // namespace chipmix::cli
