// Figures of a scenario that a reader may move on the page: prices, exchange rates, electricity.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "report/decision/findings.hpp"

namespace chipmix::report {

enum class LeverKind { price, exchange, power };

struct Lever {
  std::string id;  ///< the same wherever the figure is used (report/price_keys.hpp)
  LeverKind kind = LeverKind::price;
  std::string label;
  double value = 0;
  std::string unit;
  std::string path{};          ///< for --set; empty: not in the scenario's file
  std::vector<int> options{};  ///< of the scenario, whose devices a price is of
  std::function<void(Scenario&, double factor)> multiply{};
};

std::vector<Lever> levers(const Matter& matter);

/// Where an option stands in the scenario file, for --set: by name if the name is a plain word.
std::string option_path(const Scenario& scenario, const scenario::Option& option);

}  // namespace chipmix::report
