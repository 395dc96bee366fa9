#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/deadline_table.hpp"
#include "report/decision/chapters.hpp"
#include "report/decision/front.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"
#include "report/own_remark.hpp"
#include "report/stage_table.hpp"

namespace chipmix::report {
namespace {

constexpr std::size_t on_first_page = 3;

/// The option that the best one is set beside: the baseline, or where it is that itself the next one.
const OptionAnswer* other(const Matter& matter) {
  const OptionAnswer& baseline = matter.baseline();
  return &baseline != matter.best() && baseline.priced() ? &baseline : matter.next();
}

/// "The whole total is rent": said where a waterfall would have one step.
std::string one_account(const Matter& matter, const OptionAnswer& best) {
  double largest = 0;
  std::string name;
  for (const economics::Row& row : best.bill.entries()) {
    const double amount = best.bill.total(row.account).amount;
    if (amount > largest) largest = amount, name = economics::name(row.account);
  }
  return matter.say(Text::largest_account, {matter.say.fixed_words(name), percent(largest / total(best))});
}

Section money(const Matter& matter) {
  Section section{matter.say(Text::money_chapter)};
  const OptionAnswer* best = matter.best();
  if (!best || !best->priced()) return section;
  section.words.push_back(one_account(matter, *best));
  if (std::string own = own_remark(matter.scenario); !own.empty()) section.words.push_back(std::move(own));
  section.first.push_back(options_table(matter));
  const auto priced = std::count_if(matter.order.begin(), matter.order.end(), [](auto* a) { return a->priced(); });
  if (static_cast<std::size_t>(priced) > on_first_page) add(section, cost_chart(matter, matter.order.size()));
  const OptionAnswer* beside = other(matter);
  if (beside) add(section, cost_difference(matter, *beside, *best));
  if (section.figures.empty() || !beside) add(section, cost_waterfall(matter, *best));
  add(section, cash_curves(matter));
  return section;
}

Section time(const Matter& matter) {
  Section section{matter.say(Text::time_chapter)};
  const OptionAnswer* best = matter.best();
  if (best && best->feasible())
    section.words.push_back(matter.say(Text::time_words, {best->label, matter.say.days(days(best->best_duration)),
                                                          matter.say.days(days(best->duration))}));
  if (best && !best->priced()) section.words.push_back(matter.say(Text::no_prices));
  if (!best || !best->priced()) section.first.push_back(options_table(matter));
  section.first.push_back(plans_table(matter));
  std::vector<const OptionAnswer*> answers = matter.order;
  for (Table table : {deadline_table(matter.scenario, matter.comparison()), stage_table(matter.scenario, answers)})
    if (!table.rows.empty()) section.first.push_back(std::move(table));
  add(section, cost_and_days(matter));
  add(section, training_calendar(matter));
  add(section, step_shares(matter));
  return section;
}

/// The one figure that moves the total, in place of a chart of one bar.
std::string one_swing(const Matter& matter, const std::vector<Cell>& row) {
  return matter.say(Text::one_swing, {row[0].text, row[1].text, row[2].text});
}

Section risk(const Matter& matter) {
  Section section{matter.say(Text::risk_chapter)};
  const OptionAnswer* best = matter.best();
  if (Table sure = certainty_table(matter); !sure.rows.empty()) section.first.push_back(std::move(sure));
  if (!best || !best->priced()) return section;
  Figure swings = cost_tornado(matter, *best);
  if (swings.data.rows.size() > 1)
    add(section, std::move(swings));
  else if (!swings.data.rows.empty())
    section.words.push_back(one_swing(matter, swings.data.rows.front()));
  add(section, chance_curve(matter, *best));
  add(section, share_and_price(matter, *best));
  return section;
}

Section schedule(const Matter& matter) {
  Section section{matter.say(Text::schedule_chapter)};
  const OptionAnswer* best = matter.best();
  if (!best || !best->priced()) return section;
  section.words = option_asked(matter);
  section.first.push_back(payments_table(matter, *best));
  return section;
}

}  // namespace

std::vector<Section> option_chapters(const Matter& matter) {
  return {money(matter), time(matter), risk(matter), schedule(matter)};
}

}  // namespace chipmix::report
