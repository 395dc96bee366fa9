#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart/charts.hpp"
#include "report/decision/front.hpp"
#include "report/number.hpp"
#include "scenario/confidence.hpp"

namespace chipmix::report {
namespace {

constexpr std::size_t best_shown = 3;

std::string targets(const Matter& matter) {
  const Scenario& scenario = matter.scenario;
  std::vector<std::string> parts;
  if (scenario.deadline) parts.push_back(matter.say.days(days(*scenario.deadline)));
  if (scenario.budget) parts.push_back(matter.say.money(*scenario.budget));
  return parts.empty() ? "" : matter.say(Text::within, {matter.say.list(parts)});
}

/// "2T".
std::string tokens_text(double tokens) {
  std::string text = scaled(tokens);
  std::erase(text, ' ');
  return text;
}

std::string question(const Matter& matter) {
  const Scenario& scenario = matter.scenario;
  const bool is_one = scenario.options.size() == 1;
  return matter.say(is_one ? Text::question_one_option : Text::question,
                    {is_one ? scenario.options.front().label : std::to_string(scenario.options.size()),
                     scenario.job.model.name, tokens_text(scenario.job.tokens), targets(matter)});
}

/// "23 % less than D": of a total beside another.
std::string beside(const Matter& matter, const OptionAnswer& one, const OptionAnswer& other) {
  const double ratio = total(one) / total(other);
  return matter.say(ratio < 1 ? Text::less_than : Text::more_than,
                    {fmt::format("{:.0f}", std::abs(1 - ratio) * 100), other.label});
}

std::string finish(const Matter& matter, const OptionAnswer& answer) {
  const std::string day = day_after(matter.scenario.start, days(answer.duration));
  return day.empty() ? matter.say(Text::in_days, {matter.say.days(days(answer.duration))})
                     : matter.say(Text::by_day, {day});
}

/// How firm the lead is, in words.
std::string lead(const Matter& matter, const OptionAnswer& best) {
  constexpr double firm = 0.8, open = 0.6;
  if (!best.surety || !matter.next()) return {};
  const double sure = best.surety->cheapest;
  const Text text = sure >= firm ? Text::lead_firm : sure >= open ? Text::lead_likely : Text::lead_open;
  return matter.say(text, {fmt::format("{:.0f}", 100 * sure), matter.next()->label});
}

/// What it misses of deadline and budget, and what would meet the deadline.
std::string missed(const Matter& matter, const OptionAnswer& best) {
  if (meets_targets(best)) {
    const OptionAnswer& cheapest =
        **std::min_element(matter.order.begin(), matter.order.end(), [](const OptionAnswer* a, const OptionAnswer* b) {
          if (a->priced() != b->priced()) return a->priced();
          return a->priced() && total(*a) < total(*b);
        });
    return &cheapest == &best || !cheapest.priced() ? "" : matter.say(Text::cheaper_misses, {cheapest.label});
  }
  std::string text;
  if (best.deadline && !best.deadline->is_met())
    text += matter.say(Text::is_late, {matter.say.days(days(best.deadline->late))});
  if (best.deadline && best.deadline->enough)
    text += matter.say(Text::enough_devices, {grouped(best.deadline->enough->devices)});
  if (best.budget && !best.budget->is_met()) text += matter.say(Text::is_over, {matter.money(best.budget->over)});
  return text;
}

/// More devices of another option, where they are in time for less.
std::string larger(const Matter& matter, const OptionAnswer& best) {
  const auto found = larger_in_time(matter.comparison());
  if (!found || found->option == &best || found->cost >= cost_in_time(best)) return {};
  return matter.say(Text::larger_in_time,
                    {found->option->label, grouped(static_cast<double>(found->devices)), matter.money(found->cost)});
}

std::string answer_sentence(const Matter& matter) {
  const OptionAnswer* best = matter.best();
  if (!best) return matter.say(Text::none_runs);
  if (!best->priced()) return matter.say(Text::fastest, {best->label, matter.say.days(days(best->duration))});
  std::string text = meets_targets(*best) ? "" : matter.say(Text::none_meets);
  text += matter.say(Text::choose, {best->label, matter.money(total(*best)), finish(matter, *best)});
  const OptionAnswer& baseline = matter.baseline();
  const OptionAnswer* other = &baseline != best && baseline.priced() ? &baseline : matter.next();
  if (other) text += matter.say(Text::beside, {beside(matter, *best, *other)});
  return text + matter.say(Text::full_stop) + missed(matter, *best) + larger(matter, *best);
}

Headline total_headline(const Matter& matter, const OptionAnswer& best) {
  const double cost = total(best);
  return {matter.say(Text::expected_total), matter.money(cost),
          matter.say(Text::p10_p90, {money_span(matter, cost * best.cost_p10, cost * best.cost_p90)})};
}

Headline finish_headline(const Matter& matter, const OptionAnswer& best) {
  const double length = days(best.duration);
  const std::string day = day_after(matter.scenario.start, length);
  return {matter.say(Text::finished_by), day.empty() ? matter.say.days(length) : day,
          matter.say(Text::p10_p90, {matter.say(Text::n_days, {matter.say.span(significant(length * best.p10),
                                                                               significant(length * best.p90))})})};
}

Headline saving_headline(const Matter& matter, const OptionAnswer& best) {
  const OptionAnswer& baseline = matter.baseline();
  const bool is_other = &baseline != &best && baseline.priced();
  const OptionAnswer* other = is_other ? &baseline : matter.next();
  if (!other) return {matter.say(Text::saving), "–", matter.say(Text::nothing_to_compare)};
  return {matter.say(is_other ? Text::saving : Text::saving_next), matter.money(total(*other) - total(best)),
          beside(matter, best, *other)};
}

std::vector<Headline> headlines(const Matter& matter) {
  const OptionAnswer* best = matter.best();
  if (!best) return {};
  std::vector<Headline> list;
  if (best->priced()) list.push_back(total_headline(matter, *best));
  list.push_back(finish_headline(matter, *best));
  list.push_back({matter.say(Text::peak_power), significant(megawatts(matter.scenario, *best)) + " MW",
                  matter.say(Text::n_devices, {grouped(best->devices)})});
  if (best->surety)
    list.push_back({matter.say(Text::confidence), fmt::format("{:.0f} %", 100 * best->surety->cheapest),
                    matter.say(Text::of_outcomes, {grouped(scenario::usual_worlds)})});
  if (best->priced()) list.push_back(saving_headline(matter, *best));
  return list;
}

}  // namespace

Figure cost_chart(const Matter& matter, std::size_t most, bool is_column) {
  Figure figure;
  figure.title = matter.say(Text::options_by_cost);
  figure.caption = matter.say(Text::bar_caption);
  figure.data.columns = {
      {matter.say(Text::option)}, numeric("P10"), numeric(matter.say(Text::expected_total)), numeric("P90")};
  std::vector<const OptionAnswer*> shown;
  for (const OptionAnswer* a : matter.order)
    if (a->priced() && shown.size() < most) shown.push_back(a);
  std::stable_sort(shown.begin(), shown.end(), [](auto* a, auto* b) { return total(*a) < total(*b); });
  std::vector<Bar> list;
  for (const OptionAnswer* a : shown) {
    const double cost = total(*a), low = cost * a->cost_p10, high = cost * a->cost_p90;
    list.push_back({a->label, low, cost, high, matter.money(cost), matter.colour(*a), 0, a == matter.best()});
    figure.data.add({a->label, {low, grouped(low)}, {cost, grouped(cost)}, {high, grouped(high)}});
  }
  figure.svg = bars({figure.title, figure.caption}, list, is_column);
  return figure;
}

FrontPage option_decision(const Matter& matter) {
  FrontPage decision{question(matter), answer_sentence(matter)};
  if (matter.best() && matter.best()->priced()) decision.firmness = lead(matter, *matter.best());
  decision.headlines = headlines(matter);
  decision.basis = option_basis(matter);
  decision.options = cost_chart(matter, best_shown, true);
  decision.options.title = matter.say(matter.order.size() > best_shown ? Text::best_three : Text::options_by_cost);
  decision.risks = option_risks(matter);
  decision.asked = option_asked(matter);
  return decision;
}

}  // namespace chipmix::report
