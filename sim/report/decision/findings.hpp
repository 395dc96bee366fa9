// What a report is written from, and what all parts of it ask of it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "report/texts/say.hpp"
#include "scenario/procure.hpp"
#include "scenario/risk.hpp"
#include "validation/evidence.hpp"
#include "validation/left_out.hpp"
#include "validation/predict.hpp"

namespace chipmix::report {

using scenario::Comparison;
using scenario::OptionAnswer;
using scenario::Scenario;

struct Findings {
  Comparison comparison;
  std::optional<scenario::Procurement> purchases{};
  std::optional<scenario::Risk> risk{};
  std::vector<validation::OptionEvidence> evidence{};  ///< of each option, in their order
  std::vector<validation::PublishedRun> runs{};
  std::vector<validation::Prediction> predictions{};
  validation::LeftOut left_out{};
};

/// Options in the order of the decision: those with a price that meet deadline and budget, then those that miss one,
/// each by cost; then those without a price, the fastest first; then those that cannot run.
std::vector<const OptionAnswer*> ranked(const Comparison& comparison);

/// A scenario and what was found, with the words to say it.
struct Matter {
  const Scenario& scenario;
  const Findings& findings;
  const Say& say;
  std::vector<const OptionAnswer*> order{};  ///< ranked
  std::vector<std::string> colours{};        ///< of each option of the scenario
  std::vector<std::string> kind_colours{};   ///< of each kind that can be bought or rented

  const Comparison& comparison() const { return findings.comparison; }
  /// The recommended option; null where none can run.
  const OptionAnswer* best() const { return order.empty() || !order.front()->feasible() ? nullptr : order.front(); }
  /// The first after it with a price; null if there is none.
  const OptionAnswer* next() const { return order.size() > 1 && order[1]->priced() ? order[1] : nullptr; }
  const OptionAnswer& baseline() const { return comparison().options[comparison().baseline]; }
  const scenario::Option& option(const OptionAnswer& answer) const {
    return scenario.options[scenario.find(answer.name)];
  }
  const std::string& colour(const OptionAnswer& answer) const { return colours[scenario.find(answer.name)]; }
  /// What a kind that can be bought or rented is called: its option's label, without the count of devices before it.
  std::string kind(std::size_t kind) const;
  /// "512 × H800" of a cluster that jobs run on.
  std::string cluster(const procurement::Column& column) const;
  std::string money(double amount) const { return say.money(amount, scenario.currency); }
};

/// What the scenario calls its options, jobs and futures, its model and devices: kept as they are in every language.
std::set<std::string> given_names(const Matter& matter);

Matter matter(const Scenario& scenario, const Findings& findings, const Say& say);

inline double total(const OptionAnswer& answer) { return answer.bill.total().amount; }

/// Peak of the power to provide for an option's runs, in MW.
double megawatts(const Scenario& scenario, const OptionAnswer& answer);

/// "0.87–2.31 M USD": both ends in one unit.
std::string money_span(const Matter& matter, double low, double high);

/// The day after so many days from `start` (YYYY-MM-DD); empty without a start.
std::string day_after(const std::optional<std::string>& start, double days);

}  // namespace chipmix::report
