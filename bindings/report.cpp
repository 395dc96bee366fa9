// The procurement report, as the bytes of a file to hand on.
#include "asking.hpp"
#include "report/book/procurement_book.hpp"
#include "report/book/xlsx.hpp"
#include "report/focus.hpp"
#include "report/procurement_report.hpp"
#include "scenario/cases.hpp"

namespace chipmix::python {
namespace {

void add_purchases(report::Findings& findings, const Question& question, scenario::Library& library,
                   const scenario::Settings& how) {
  const auto cases = scenario::read_cases(question.scenario, question.document, library);
  findings.purchases = scenario::procure(question.scenario, how);
  findings.risk = scenario::weigh(question.scenario, findings.purchases->candidates, cases, how);
}

std::string made(const Question& question, const std::string& kind, int jobs, const Watch& watch) {
  scenario::Library library(question.shared->folder);  // read on this thread alone
  const scenario::Settings how = settings(watch, jobs, "analytical");
  report::Findings findings{scenario::compare(question.scenario, question.document, library, how)};
  if (kind == "csv") return report::to_csv(report::focus_table(question.scenario, findings.comparison));
  if (kind == "xlsx")
    return report::book::xlsx(report::book::procurement_book(question.scenario, findings.comparison, CHIPMIX_VERSION));
  if (question.scenario.procurement) add_purchases(findings, question, library, how);
  findings.runs = validation::read_all(validation::own_tables(library));
  findings.predictions = validation::predict_all(findings.runs, how.jobs);
  const report::Report report = report::procurement_report(question.scenario, findings);
  return kind == "md" ? report::markdown(report) : report::html(report);
}

py::bytes report_bytes(const QuestionPointer& question, const std::string& kind, int jobs, const py::object& progress) {
  return watched(progress, [&](const Watch& watch) { return made(*question, kind, jobs, watch); });
}

}  // namespace

void bind_report(py::module_& module) {
  module.def("report", &report_bytes, py::arg("question"), py::arg("kind"), py::arg("jobs"), py::arg("progress"),
             "The report as a file of the kind \"html\", \"md\", \"xlsx\" or \"csv\" (FOCUS cost rows).");
}

}  // namespace chipmix::python
