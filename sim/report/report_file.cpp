#include "report/report_file.hpp"

#include <algorithm>
#include <stdexcept>

#include "report/book/procurement_book.hpp"
#include "report/book/xlsx.hpp"
#include "report/dress/pdf.hpp"
#include "report/focus.hpp"
#include "report/procurement_report.hpp"
#include "scenario/cases.hpp"

namespace chipmix::report {
namespace {

void add_purchases(Findings& findings, const scenario::Scenario& scenario, const io::Document& document,
                   scenario::Library& library, const scenario::Settings& settings) {
  const auto cases = scenario::read_cases(scenario, document, library);
  findings.purchases = scenario::procure(scenario, settings);
  findings.risk = scenario::weigh(scenario, *findings.purchases, cases, settings);
}

/// Faults that need no answer are told before one is looked for.
void require_possible(const std::string& kind, const scenario::Scenario& scenario,
                      const std::optional<std::string>& option) {
  require_option(scenario, option);
  if (kind == "pdf") require_printer();
  if (kind == "csv" && !scenario.start)
    throw std::invalid_argument("cost rows need the day on which runs begin: set \"start\", as in start=2027-01-01");
}

}  // namespace

ReportFile report_file(const std::string& kind, const scenario::Scenario& scenario, const io::Document& document,
                       scenario::Library& library, const scenario::Settings& settings, const std::string& version,
                       const std::optional<std::string>& option) {
  require_possible(kind, scenario, option);
  Findings findings{scenario::compare(scenario, document, library, settings)};
  const auto& options = findings.comparison.options;
  const bool is_answer = std::any_of(options.begin(), options.end(), [](const auto& one) { return one.feasible(); });
  if (kind == "csv") return {to_csv(focus_table(scenario, findings.comparison, option)), is_answer};
  findings.evidence = validation::evidence_for(scenario, validation::known_runs(library));
  if (kind == "xlsx") {
    const auto workbook = book::procurement_book(scenario, findings.comparison, version, findings.evidence);
    return {book::xlsx(workbook), is_answer};
  }
  if (scenario.procurement) add_purchases(findings, scenario, document, library, settings);
  findings.runs = validation::read_all(validation::own_tables(library)).runs;
  findings.predictions = validation::predict_all(findings.runs, settings.jobs, true, {}, settings.stop);
  findings.left_out = validation::own_left_out(library);
  const Report report = procurement_report(scenario, findings);
  if (kind == "md") return {markdown(report), is_answer};
  return {kind == "pdf" ? printed(html(report)) : html(report), is_answer};
}

}  // namespace chipmix::report
