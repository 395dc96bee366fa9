#include "report/surety_table.hpp"

#include <fmt/format.h>

#include "report/number.hpp"
#include "report/percent_change.hpp"
#include "scenario/confidence.hpp"

namespace chipmix::report {
namespace {

using scenario::OptionAnswer;
using scenario::Scenario;

/// "2.41 USD/h": of the devices of an option that has one kind at one price.
std::string price_text(const Scenario& scenario, const OptionAnswer& answer, double factor) {
  const scenario::Option& option = scenario.options[scenario.find(answer.name)];
  if (option.rents.size() != 1 || !option.rent()) return {};
  const Money hour = option.rent()->value * Seconds{seconds_per_hour} * factor;
  return money(hour) + "/h";
}

Cell share(const std::optional<double>& value) {
  return value ? Cell{*value, fmt::format("{:.0f} %", 100 * *value)} : Cell{};
}

Cell price_tie_cell(const Scenario& scenario, const OptionAnswer& answer) {
  const auto& factor = answer.surety->price_factor;
  if (!factor) return {};
  const std::string price = price_text(scenario, answer, *factor);
  return {*factor, price.empty() ? percent_change(*factor) : fmt::format("{} ({})", price, percent_change(*factor))};
}

Cell mfu_tie(const OptionAnswer& answer) {
  if (!answer.surety->mfu) return {};
  return {*answer.surety->mfu, fmt::format("{} (is {})", percent(*answer.surety->mfu), percent(answer.mfu))};
}

/// As the recommendation: those that keep deadline and budget first, then by cost.
bool is_ahead(const OptionAnswer& one, const OptionAnswer& other) {
  const bool is_kept = meets_targets(one);
  if (is_kept != meets_targets(other)) return is_kept;
  return one.bill.total().amount < other.bill.total().amount;
}

const OptionAnswer* cheapest(const scenario::Comparison& comparison) {
  const OptionAnswer* best = nullptr;
  for (const OptionAnswer& a : comparison.options)
    if (a.surety && (!best || is_ahead(a, *best))) best = &a;
  return best;
}

}  // namespace

Table surety_table(const Scenario& scenario, const scenario::Comparison& comparison) {
  Table table;
  table.title = "Confidence, and what would change the order";
  table.columns = {{"option"},
                   numeric("cheapest in"),
                   numeric("cheaper than " + scenario.options[scenario.baseline].name + " in"),
                   numeric("break-even price"),
                   numeric("break-even share of peak")};
  for (const OptionAnswer& a : comparison.options)
    if (a.surety)
      table.add({a.label, share(a.surety->cheapest), share(a.surety->beats_baseline), price_tie_cell(scenario, a),
                 mfu_tie(a)});
  return table;
}

std::string change_remark(const Scenario& scenario, const scenario::Comparison& comparison) {
  const OptionAnswer* best = cheapest(comparison);
  if (!best || (!best->surety->price_factor && !best->surety->mfu)) return {};
  std::string text = fmt::format("What would change this answer: {} is cheapest in {:.0f} % of {} simulations",
                                 best->label, 100 * best->surety->cheapest, grouped(scenario::usual_worlds));
  if (best->surety->price_factor) {
    const std::string price = price_text(scenario, *best, *best->surety->price_factor);
    const OptionAnswer* rival = price_rival(comparison, *best);
    text += fmt::format("; a price of its devices {:.0f} % higher{} would make {} as cheap",
                        100 * (*best->surety->price_factor - 1), price.empty() ? "" : " (" + price + ")",
                        rival ? rival->label : "another option");
  }
  const OptionAnswer* rival = rate_rival(comparison, *best);
  if (best->surety->mfu && rival)
    text += fmt::format("; {} of peak instead of {} would make {} as cheap", percent(*best->surety->mfu),
                        percent(best->mfu), rival->label);
  return text + ".";
}

}  // namespace chipmix::report
