#include "report/procurement_report.hpp"

#include <algorithm>

#include "report/answers.hpp"
#include "report/assumptions.hpp"
#include "report/evidence_tables.hpp"
#include "report/executive.hpp"
#include "report/figures/figures.hpp"
#include "report/procure_page.hpp"
#include "report/validate_page.hpp"

namespace chipmix::report {
namespace {

constexpr std::size_t machines_shown = 3;  // options whose step and roofline are drawn

/// The recommended option, the baseline, and the first others that can run.
std::vector<const OptionAnswer*> shown(const Comparison& comparison) {
  std::vector<const OptionAnswer*> list;
  const auto put = [&](const OptionAnswer* answer) {
    const bool is_new = std::find(list.begin(), list.end(), answer) == list.end();
    if (answer && answer->feasible() && is_new && list.size() < machines_shown) list.push_back(answer);
  };
  put(cheapest(comparison));
  put(&comparison.options[comparison.baseline]);
  for (const OptionAnswer& answer : comparison.options) put(&answer);
  return list;
}

Section money_section(const Scenario& scenario, const Comparison& comparison) {
  Section section{"Money", {}};
  const OptionAnswer* best = cheapest(comparison);
  const OptionAnswer& baseline = comparison.options[comparison.baseline];
  if (!best) return section;
  add(section, cost_waterfall(scenario, *best));
  const OptionAnswer* other = best == &baseline || !baseline.priced() ? runner_up(comparison) : &baseline;
  if (other) add(section, cost_difference(scenario, *other, *best));
  add(section, cash_curves(scenario, comparison));
  return section;
}

Section surety_section(const Scenario& scenario, const Comparison& comparison, const Page& page) {
  Section section{"How sure, and what would change the answer", {}};
  if (const OptionAnswer* best = cheapest(comparison)) {
    add(section, cost_tornado(scenario, *best));
    add(section, chance_curve(scenario, comparison, *best));
    add(section, share_and_price(scenario, comparison, *best));
  }
  const auto has_ways = [](const OptionAnswer& answer) { return !answer.ways.empty(); };
  if (std::any_of(comparison.options.begin(), comparison.options.end(), has_ways))
    section.words.emplace_back(
        "Of a mix the starred way counts: the cheapest that uses all its devices at once. One after another, or one "
        "kind "
        "alone, may cost less; kinds alone are searched here with uneven layers, too, so that they may come out a "
        "little "
        "better than as an option of their own.");
  for (std::size_t i = 2; i < page.tables.size(); ++i) section.tables.push_back(page.tables[i]);
  return section;
}

Section time_section(const Scenario& scenario, const Comparison& comparison) {
  Section section{"Time", {}};
  add(section, cost_and_days(scenario, comparison));
  add(section, training_calendar(scenario, comparison));
  return section;
}

Section machine_section(const Scenario& scenario, const Comparison& comparison, const Page& page) {
  Section section{"Plans and machines", {}};
  section.first = {page.tables[0]};
  section.first.front().title = "The plan of every option";
  add(section, step_shares(comparison));
  add(section, memory_bars(comparison));
  for (const OptionAnswer* answer : shown(comparison)) {
    add(section, pipeline_timeline(scenario, *answer));
    add(section, roofline(scenario, *answer));
  }
  section.tables = {page.tables[1]};
  return section;
}

Section purchase_section(const Scenario& scenario, const Findings& findings) {
  const Page page = procure_page(scenario, *findings.purchases, findings.risk);
  Section section{"What to buy and rent", page.remarks};
  add(section, supply_bars(*findings.purchases));
  add(section, delivery_calendar(*findings.purchases));
  add(section, purchase_cash(scenario, *findings.purchases));
  section.tables = page.tables;
  return section;
}

/// Every figure with range, grade and source; and what compare remarks that has not been `said`.
Section basis_section(const Scenario& scenario, const Comparison& comparison, const Page& page,
                      const std::vector<std::string>& said) {
  Section section{"What this rests on", {}};
  for (const std::string& remark : page.remarks)
    if (remark != comparison.recommendation && std::find(said.begin(), said.end(), remark) == said.end())
      section.words.push_back(remark);
  section.tables = {assumptions_table(scenario, comparison)};
  return section;
}

Section validation_section(const Findings& findings) {
  Page page = validate_page(findings.runs, findings.predictions, findings.left_out);
  Section section{"How far predictions can be trusted", {page.title + "."}};
  for (std::string& remark : page.remarks) section.words.push_back(std::move(remark));
  for (std::string& remark : evidence_remarks(findings.comparison.options, findings.evidence))
    section.words.push_back(std::move(remark));
  add(section, predicted_and_measured(findings.runs, findings.predictions));
  section.tables = std::move(page.tables);
  section.tables.insert(section.tables.begin(), nearest_table(findings.comparison.options, findings.evidence));
  section.tables.insert(section.tables.begin() + 1,
                        nearest_whole_table(findings.comparison.options, findings.evidence));
  return section;
}

bool is_empty(const Section& section) {
  return section.words.empty() && section.first.empty() && section.figures.empty() && section.tables.empty();
}

}  // namespace

Report procurement_report(const Scenario& scenario, const Findings& findings) {
  const Comparison& comparison = findings.comparison;
  const Page page = compare_page(scenario, comparison);
  Report report{scenario.name, comparison.recommendation, {}};
  report.sections.push_back(executive(scenario, comparison, findings.evidence));
  if (findings.purchases) {
    report.sections.push_back(purchase_section(scenario, findings));
    report.sections.front().words.insert(report.sections.front().words.begin(), comparison.recommendation);
    report.lead = report.sections.back().words.front();
  }
  report.sections.push_back(money_section(scenario, comparison));
  report.sections.push_back(surety_section(scenario, comparison, page));
  report.sections.push_back(time_section(scenario, comparison));
  report.sections.push_back(machine_section(scenario, comparison, page));
  report.sections.push_back(basis_section(scenario, comparison, page, report.sections.front().words));
  if (!findings.runs.empty()) report.sections.push_back(validation_section(findings));
  std::erase_if(report.sections, is_empty);
  return report;
}

}  // namespace chipmix::report
