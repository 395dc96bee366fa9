// What a scenario leaves open of prices: rents and exchange rates from dated public figures.
#pragma once

#include <optional>
#include <string>

#include "prices/book.hpp"
#include "scenario/scenario.hpp"

namespace chipmix::scenario {

class PublicPrices {
 public:
  /// Ages count from the scenario's `price_date`, or from the newest quote there is.
  PublicPrices(const ScenarioSpec& spec, const io::Value& root, Library& library, Scenario& scenario)
      : spec_(spec), root_(root), library_(library), scenario_(scenario) {}

  /// Takes the scenario's own rates, which must not contradict one another, and adds published ones for the currencies
  /// of its prices that its own cannot convert.
  void read_rates();

  /// The median rent on demand of the device of a group, and the note of it in the scenario. Quotes of the scenario's
  /// own files stand before public ones. Nothing, where there is no quote or the scenario wants none.
  std::optional<Sourced<Rent>> rent(const Option& option, std::size_t group);

 private:
  void complete_rates();
  void complete(const Currency& from, const Currency& to);
  template <class Figure>
  void complete_range(const Figure& figure);
  template <class Spec>
  void complete_option(const Spec& spec);
  std::optional<prices::Median> median(const prices::Book& book, const std::string& device);
  void read_own();
  const std::string& today();

  const ScenarioSpec& spec_;
  const io::Value root_;
  Library& library_;
  Scenario& scenario_;
  std::optional<prices::Book> own_;  ///< of `price_files`, once they were asked for
};

}  // namespace chipmix::scenario
