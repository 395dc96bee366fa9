#include "report/report_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "prices/day.hpp"
#include "report/book/procurement_book.hpp"
#include "report/book/xlsx.hpp"
#include "report/decision/front.hpp"
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
void require_possible(const ReportOrder& order, const scenario::Scenario& scenario) {
  require_option(scenario, order.option);
  if (order.kind == "pdf") require_printer();
  if (order.kind == "csv" && !scenario.start)
    throw std::invalid_argument("cost rows need the day on which runs begin: set \"start\", as in start=2027-01-01");
}

/// FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv), 64 bits.
std::uint64_t hashed(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::string dressed(const ReportOrder& order, const Report& report) {
  if (order.kind == "md") return markdown(report);
  return order.kind == "pdf" ? printed(html(report, {true, "A4"})) : html(report);
}

}  // namespace

std::string fingerprint(const io::Document& document) { return fmt::format("{:016x}", hashed(document.json())); }

std::string report_day() { return prices::today(); }

ReportFile report_file(const ReportOrder& order, const scenario::Scenario& scenario, const io::Document& document,
                       scenario::Library& library, const scenario::Settings& settings) {
  require_possible(order, scenario);
  Findings findings{scenario::compare(scenario, document, library, settings)};
  const auto& options = findings.comparison.options;
  const bool is_answer = std::any_of(options.begin(), options.end(), [](const auto& one) { return one.feasible(); });
  if (order.kind == "csv") return {to_csv(focus_table(scenario, findings.comparison, order.option)), is_answer};
  findings.evidence = validation::evidence_for(scenario, validation::known_runs(library));
  if (scenario.procurement) add_purchases(findings, scenario, document, library, settings);
  if (order.kind == "xlsx") {
    const Say say(order.language);
    const Matter all = matter(scenario, findings, say);
    const FrontPage front = findings.purchases ? portfolio_decision(all) : option_decision(all);
    return {book::xlsx(book::procurement_book(all, front, order.version)), is_answer};
  }
  findings.runs = validation::own_runs(library);
  findings.predictions = validation::predict_all(findings.runs, settings.jobs, true, {}, settings.stop);
  findings.left_out = validation::own_left_out(library);
  const Imprint imprint{order.version, order.author, report_day(), fingerprint(document)};
  return {dressed(order, procurement_report(scenario, findings, imprint, order.language)), is_answer};
}

}  // namespace chipmix::report
