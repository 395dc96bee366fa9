#include "report/procurement_report.hpp"

#include <algorithm>

#include "report/answers.hpp"
#include "report/decision/chapters.hpp"
#include "report/decision/front.hpp"
#include "report/decision/what_if.hpp"

namespace chipmix::report {
namespace {

bool is_empty(const Section& section) {
  return section.words.empty() && section.first.empty() && section.figures.empty() && section.tables.empty();
}

}  // namespace

Report procurement_report(const Scenario& scenario, const Findings& findings, Imprint imprint, Language language) {
  const Say say(language);
  const Matter all = matter(scenario, findings, say);
  const bool is_portfolio = findings.purchases.has_value();
  Report report{scenario.name, std::move(imprint), language};
  report.front = is_portfolio ? portfolio_decision(all) : option_decision(all);
  report.chapters = is_portfolio ? portfolio_chapters(all) : option_chapters(all);
  std::erase_if(report.chapters, is_empty);
  report.appendix = appendix(all, compare_page(scenario, findings.comparison));
  if (!is_portfolio) report.what_if = what_if(all);
  return report;
}

}  // namespace chipmix::report
