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
  PublicPrices(ScenarioSpec& spec, const io::Value& root, Library& library, Scenario& scenario)
      : spec_(spec), root_(root), library_(library), scenario_(scenario) {}

  /// Takes the scenario's own rates, which must not contradict one another, and adds published ones for the currencies
  /// of its prices that its own cannot convert. Prices what is bought and has no price.
  void read_rates();

  /// The median rent on demand of the device of a group, and the note of it in the scenario. Quotes of the scenario's
  /// own files stand before public ones. Nothing, where there is no quote or the scenario wants none.
  std::optional<Sourced<Rent>> rent(const Option& option, std::size_t group);

 private:
  /// What is bought, and the option it is shown with.
  struct Bought {
    std::string option;
    std::size_t group = 0;
    std::string device;
  };

  void check_published(std::size_t index);
  void price_purchases();
  void price_purchase(std::optional<economics::Ownership>& own, const Bought& bought, const io::Value& at);
  void complete_rates();
  void complete(const Currency& from, const Currency& to);
  template <class Figure>
  void complete_range(const Figure& figure);
  template <class Spec>
  void complete_option(const Spec& spec);
  std::optional<prices::Median> median_of(const std::string& device, prices::Kind kind, bool& is_own);
  std::optional<prices::Median> median(const prices::Book& book, const std::string& device, prices::Kind kind);
  void read_own();
  void note_age();
  const std::string& today();

  ScenarioSpec& spec_;
  const io::Value root_;
  Library& library_;
  Scenario& scenario_;
  std::optional<prices::Book> own_;  ///< of `price_files`, once they were asked for
  bool is_age_noted_ = false;
};

}  // namespace chipmix::scenario
