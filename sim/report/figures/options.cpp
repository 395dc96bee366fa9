#include <algorithm>

#include "report/chart/colours.hpp"
#include "report/figures/figures.hpp"

namespace chipmix::report {
namespace {

const OptionAnswer* least(const Comparison& comparison, const OptionAnswer* without) {
  const OptionAnswer* best = nullptr;
  for (const OptionAnswer& a : comparison.options)
    if (a.priced() && &a != without && (!best || a.bill.total().amount < best->bill.total().amount)) best = &a;
  return best;
}

}  // namespace

const OptionAnswer* cheapest(const Comparison& comparison) { return least(comparison, nullptr); }

const OptionAnswer* runner_up(const Comparison& comparison) { return least(comparison, cheapest(comparison)); }

const char* colour_of(const Scenario& scenario, const OptionAnswer& answer) {
  const scenario::Option* option = &scenario.options[scenario.find(answer.name)];
  if (!option->cluster) option = &scenario.options[option->phases.front().option];
  const auto& groups = option->cluster->groups;
  const auto most = std::max_element(groups.begin(), groups.end(),
                                     [](const auto& a, const auto& b) { return a.devices < b.devices; });
  return vendor_colour(most->device.vendor);
}

}  // namespace chipmix::report
