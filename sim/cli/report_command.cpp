// report.
#include <algorithm>
#include <array>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/pdf.hpp"
#include "cli/question.hpp"
#include "procurement/milp.hpp"
#include "report/book/procurement_book.hpp"
#include "report/book/xlsx.hpp"
#include "report/focus.hpp"
#include "report/procurement_report.hpp"

namespace chipmix::cli {
namespace {

constexpr std::array kinds = {".html", ".pdf", ".md", ".xlsx", ".csv"};

/// The ending of --output.
std::string kind_of(const Invocation& invocation) {
  const std::string kind = invocation.output ? std::filesystem::path(*invocation.output).extension().string() : "";
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
    throw UsageError("report needs --output with a name that ends in .html, .pdf, .md, .xlsx or .csv",
                     invocation.command);
  return kind;
}

void add_purchases(report::Findings& findings, Question& question, scenario::Settings how,
                   const Invocation& invocation) {
  const auto cases = scenario::read_cases(question.scenario, question.document, question.library);
  try {
    findings.purchases = scenario::procure(question.scenario, how);
    findings.risk = scenario::weigh(question.scenario, findings.purchases->candidates, cases, how);
  } catch (const procurement::NothingInTime& fault) {
    throw UsageError(fault.what(), invocation.command);
  }
}

report::Report made(Question& question, report::Findings findings, const scenario::Settings& how,
                    const Invocation& invocation) {
  if (question.scenario.procurement) add_purchases(findings, question, how, invocation);
  findings.runs = validation::read_all(validation::own_tables(question.library));
  findings.predictions = validation::predict_all(findings.runs, jobs(invocation));
  return report::procurement_report(question.scenario, findings);
}

}  // namespace

Exit run_report(const Invocation& invocation) {
  const std::string kind = kind_of(invocation), path = *invocation.output;
  if (kind == ".pdf") require_printer();
  Question question(invocation);
  if (kind == ".csv" && !question.scenario.start)
    throw UsageError("cost rows need the day on which runs begin: add --set start=2027-01-01", invocation.command);
  Progress progress("searching plans", progress_steps, invocation.quiet);
  const scenario::Settings how = settings(invocation, progress);
  report::Findings findings{compare(question.scenario, question.document, question.library, how)};
  if (kind == ".csv") {
    write_file(path, report::to_csv(report::focus_table(question.scenario, findings.comparison)));
    return Exit::answer;
  }
  if (kind == ".xlsx") {
    using namespace report::book;
    write_file(path, xlsx(procurement_book(question.scenario, findings.comparison, CHIPMIX_VERSION)));
    return Exit::answer;
  }
  const report::Report report = made(question, std::move(findings), how, invocation);
  write_file(path, kind == ".md" ? markdown(report) : kind == ".html" ? html(report) : printed(html(report)));
  return Exit::answer;
}

}  // namespace chipmix::cli
