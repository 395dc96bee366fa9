// report, and the reports of ask, compare and procure.
#include "cli/report_command.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "cli/output.hpp"
#include "cli/plan_options.hpp"
#include "procurement/milp.hpp"
#include "report/report_file.hpp"

namespace chipmix::cli {
namespace {

/// The ending of --output, without its dot.
std::string ending(const Invocation& invocation) {
  const std::string end = invocation.output ? std::filesystem::path(*invocation.output).extension().string() : "";
  return end.empty() ? end : end.substr(1);
}

/// The ending of --output.
std::string kind_of(const Invocation& invocation) {
  const std::string end = ending(invocation);
  const auto& kinds = report::report_kinds;
  if (std::find(kinds.begin(), kinds.end(), end) == kinds.end())
    throw UsageError("report needs --output with a name that ends in .html, .pdf, .md, .xlsx or .csv",
                     invocation.command);
  return end;
}

}  // namespace

std::optional<std::string> report_kind(const Invocation& invocation, const std::vector<std::string>& kinds) {
  const std::string end = invocation.format ? "" : ending(invocation);
  if (std::find(kinds.begin(), kinds.end(), end) != kinds.end()) return end;
  for (const char* option : {"--author", "--language"})
    if (invocation.has(option))
      throw UsageError(std::string(option) + " applies to reports: use it with --output F.html, F.pdf or F.xlsx",
                       invocation.command);
  return std::nullopt;
}

Exit write_report(Question& question, const std::string& kind, const Invocation& invocation) {
  report::ReportOrder order{kind, CHIPMIX_VERSION, invocation.option("--author").value_or("")};
  order.language = report::language_of(invocation.option("--language").value_or("en"));
  order.option = invocation.option("--option");
  const auto& options = question.scenario.options;
  const auto anchors = measured(invocation, question, options.size() == 1 ? options.front().name : "");
  Progress progress("searching plans", progress_steps, invocation.quiet);
  scenario::Settings how = settings(invocation, progress);
  how.anchors = anchors;
  how.seconds = time_limit(invocation).value_or(0);
  try {
    const auto file = report::report_file(order, question.scenario, question.document, question.library, how);
    write_file(*invocation.output, file.bytes);
    return file.is_answer ? Exit::answer : Exit::no_answer;
  } catch (const std::invalid_argument& fault) {
    throw UsageError(fault.what(), invocation.command);
  } catch (const procurement::NothingInTime& fault) {
    throw UsageError(fault.what(), invocation.command);
  }
}

Exit run_report(const Invocation& invocation) {
  const std::string kind = kind_of(invocation);
  if (kind != "csv" && invocation.option("--option"))
    throw UsageError("--option selects the option of cost rows: use it with --output F.csv", invocation.command);
  Question question(invocation);
  return write_report(question, kind, invocation);
}

}  // namespace chipmix::cli
