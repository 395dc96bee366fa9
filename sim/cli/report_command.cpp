// report.
#include <algorithm>
#include <stdexcept>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/question.hpp"
#include "procurement/milp.hpp"
#include "report/report_file.hpp"

namespace chipmix::cli {
namespace {

/// The ending of --output.
std::string kind_of(const Invocation& invocation) {
  const std::string end = invocation.output ? std::filesystem::path(*invocation.output).extension().string() : "";
  const auto& kinds = report::report_kinds;
  if (end.empty() || std::find(kinds.begin(), kinds.end(), end.substr(1)) == kinds.end())
    throw UsageError("report needs --output with a name that ends in .html, .pdf, .md, .xlsx or .csv",
                     invocation.command);
  return end.substr(1);
}

}  // namespace

Exit run_report(const Invocation& invocation) {
  const std::string kind = kind_of(invocation);
  if (kind != "csv" && invocation.option("--option"))
    throw UsageError("--option chooses the option of cost rows: it goes with --output F.csv", invocation.command);
  Question question(invocation);
  Progress progress("searching plans", progress_steps, invocation.quiet);
  try {
    const report::ReportFile file =
        report::report_file(kind, question.scenario, question.document, question.library,
                            settings(invocation, progress), CHIPMIX_VERSION, invocation.option("--option"));
    write_file(*invocation.output, file.bytes);
    return file.is_answer ? Exit::answer : Exit::no_answer;
  } catch (const std::invalid_argument& fault) {
    throw UsageError(fault.what(), invocation.command);
  } catch (const procurement::NothingInTime& fault) {
    throw UsageError(fault.what(), invocation.command);
  }
}

}  // namespace chipmix::cli
