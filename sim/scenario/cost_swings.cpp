#include "scenario/cost_swings.hpp"

#include <algorithm>
#include <cmath>

namespace chipmix::scenario {
namespace {

double width(const CostSwing& swing) { return std::abs(swing.at_high - swing.at_low); }

/// A factor on a part of the cost as one on all of it.
double on_all(double part, double factor) { return 1 + part * (factor - 1); }

}  // namespace

std::vector<CostSwing> cost_swings(const Scenario& scenario, const Option& option, const OptionAnswer& answer) {
  std::vector<CostSwing> list;
  if (!answer.priced() || answer.runs.size() != 1 || !option.cluster) return list;
  const Run& run = answer.runs.front();
  const double cost = answer.bill.total().amount;
  list.push_back({"time of the run", run.p10, run.p90, "see the step time's interval"});
  for (std::size_t group = 0; group < run.used.size(); ++group) {
    const auto& rent = option.rents[group];
    if (!rent || run.used[group] == 0) continue;
    const std::string name = option.cluster->groups[group].device.name;
    const Money paid = rent->value * (run.held() * (run.used[group] * (1 + run.spares)));
    const double part = scenario.rates.convert(paid, scenario.currency).amount / cost;
    if (const auto& own = option.owned[group]) {
      const double kilowatts = economics::provisioned(option.cluster->groups[group], scenario.electricity);
      for (const economics::OwnedSwing& swing : economics::swings(*own, kilowatts, scenario.rates))
        list.push_back(
            {swing.figure + " of " + name, on_all(part, swing.at_low), on_all(part, swing.at_high), swing.source});
    } else if (rent->range) {
      const double central = rent->value.per_base_unit;
      list.push_back({"rent of " + name, on_all(part, rent->range->low.per_base_unit / central),
                      on_all(part, rent->range->high.per_base_unit / central), rent->source});
    }
  }
  std::stable_sort(list.begin(), list.end(), [](auto& a, auto& b) { return width(a) > width(b); });
  return list;
}

}  // namespace chipmix::scenario
