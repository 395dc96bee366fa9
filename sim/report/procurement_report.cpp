#include "report/procurement_report.hpp"

#include <algorithm>

#include "report/answers.hpp"
#include "report/decision/chapters.hpp"
#include "report/decision/front.hpp"
#include "report/decision/order_terms.hpp"
#include "report/decision/what_if.hpp"
#include "report/texts/translate.hpp"

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
  const std::set<std::string> names = given_names(all);
  for (std::vector<Section>* part : {&report.chapters, &report.appendix})
    for (Section& section : *part) translate(section, say, names);
  report.what_if = is_portfolio ? order_what_if(all) : what_if(all);
  report.what_if_lead = say(is_portfolio ? Text::what_if_order_lead : Text::what_if_lead);
  return report;
}

}  // namespace chipmix::report
