#include <algorithm>

#include "report/assumptions.hpp"
#include "report/decision/chapters.hpp"
#include "report/decision/front.hpp"
#include "report/evidence_tables.hpp"
#include "report/figures/figures.hpp"
#include "report/procure_page.hpp"
#include "report/validate_page.hpp"

namespace chipmix::report {
namespace {

constexpr std::size_t machines_shown = 3;  // options whose step and roofline are drawn

/// The first options that can run.
std::vector<const OptionAnswer*> shown(const Matter& matter) {
  std::vector<const OptionAnswer*> list;
  for (const OptionAnswer* answer : matter.order)
    if (answer->feasible() && list.size() < machines_shown) list.push_back(answer);
  return list;
}

/// Of a portfolio's scenario: its options beside one another, as one job would have them.
Section options_one_by_one(const Matter& matter) {
  Section section{matter.say(Text::options_appendix), {matter.say(Text::options_note)}};
  section.first = {options_table(matter), plans_table(matter)};
  add(section, cost_chart(matter, matter.order.size()));
  const Page page = procure_page(matter.scenario, *matter.findings.purchases, matter.findings.risk);
  section.tables.push_back(page.tables.back());  // the clusters that were simulated
  return section;
}

Section assumptions(const Matter& matter, const Page& compared) {
  Section section{matter.say(Text::assumptions_appendix)};
  for (const std::string& remark : compared.remarks)
    if (remark != matter.comparison().recommendation) section.words.push_back(remark);
  section.tables = {assumptions_table(matter.scenario, matter.comparison())};
  return section;
}

Section evidence(const Matter& matter) {
  const auto& options = matter.comparison().options;
  Section section{matter.say(Text::evidence_appendix), evidence_remarks(options, matter.findings.evidence)};
  section.tables = {evidence_table(options, matter.findings.evidence), nearest_table(options, matter.findings.evidence),
                    nearest_whole_table(options, matter.findings.evidence)};
  return section;
}

Section validation(const Matter& matter) {
  const Findings& findings = matter.findings;
  Page page = validate_page(findings.runs, findings.predictions, findings.left_out);
  Section section{matter.say(Text::validation_appendix), {page.title + "."}};
  for (std::string& remark : page.remarks) section.words.push_back(std::move(remark));
  add(section, predicted_and_measured(matter));
  section.tables = std::move(page.tables);
  return section;
}

Section method(const Matter& matter, const Page& compared) {
  Section section{matter.say(Text::method_appendix)};
  add(section, memory_bars(matter));
  for (const OptionAnswer* answer : shown(matter)) {
    add(section, pipeline_timeline(matter, *answer));
    add(section, roofline(matter, *answer));
  }
  section.tables = compared.tables;
  return section;
}

bool is_empty(const Section& section) {
  const auto has_rows = [](const Table& table) { return !table.rows.empty(); };
  return section.words.empty() && section.figures.empty() &&
         std::none_of(section.first.begin(), section.first.end(), has_rows) &&
         std::none_of(section.tables.begin(), section.tables.end(), has_rows);
}

}  // namespace

std::vector<Section> appendix(const Matter& matter, const Page& compared) {
  std::vector<Section> list;
  if (matter.findings.purchases) list.push_back(options_one_by_one(matter));
  list.push_back(assumptions(matter, compared));
  list.push_back(evidence(matter));
  if (!matter.findings.runs.empty()) list.push_back(validation(matter));
  list.push_back(method(matter, compared));
  std::erase_if(list, is_empty);
  return list;
}

}  // namespace chipmix::report
