#include "report/decision/chapters.hpp"
#include "report/decision/front.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

Section money(const Matter& matter) {
  const auto& decision = *matter.findings.purchases->decision;
  Section section{matter.say(Text::money_chapter)};
  section.words.push_back(
      matter.say(Text::portfolio_money, {matter.money(decision.cost), matter.money(decision.spent())}));
  section.first.push_back(kinds_table(matter));
  add(section, supply_bars(matter));
  add(section, purchase_cash(matter));
  return section;
}

Section time(const Matter& matter) {
  Section section{matter.say(Text::time_chapter)};
  section.first.push_back(jobs_table(matter));
  add(section, delivery_calendar(matter));
  return section;
}

Section risk(const Matter& matter) {
  Section section{matter.say(Text::risk_chapter)};
  const auto& result = *matter.findings.purchases;
  if (result.prices && result.prices->p90 > result.prices->p10)
    section.words.push_back(
        matter.say(Text::price_range, {matter.money(result.prices->p10), matter.money(result.prices->p90)}));
  if (Table table = futures_table(matter); !table.rows.empty()) section.first.push_back(std::move(table));
  section.first.push_back(changes_table(matter));
  return section;
}

Section schedule(const Matter& matter) {
  Section section{matter.say(Text::schedule_chapter), portfolio_asked(matter)};
  section.first.push_back(months_table(matter));
  return section;
}

}  // namespace

std::vector<Section> portfolio_chapters(const Matter& matter) {
  const auto& result = *matter.findings.purchases;
  if (result.decision) return {money(matter), time(matter), risk(matter), schedule(matter)};
  Section section{matter.say(Text::risk_chapter)};
  for (const scenario::WhatIf& one : result.conflicts)
    section.words.push_back(one.cost ? matter.say(Text::conflict_needed, {matter.say.fixed_words(one.change),
                                                                          matter.money(*one.cost), one.needed})
                                     : matter.say(Text::conflict_open, {matter.say.fixed_words(one.change)}));
  if (result.conflicts.empty()) section.words.push_back(matter.say(Text::no_limit_is_why));
  return {section};
}

}  // namespace chipmix::report
