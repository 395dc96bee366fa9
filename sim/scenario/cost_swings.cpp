#include "scenario/cost_swings.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "scenario/cost_terms.hpp"

namespace chipmix::scenario {
namespace {

using economics::PriceFigure;
using economics::Row;

double width(const CostSwing& swing) { return std::abs(swing.at_high - swing.at_low); }

const PriceFigure* of_cause(const Row& row, const std::string& cause) {
  for (const PriceFigure& figure : row.quote.figures)
    if (figure.cause == cause) return &figure;
  return nullptr;
}

}  // namespace

std::vector<CostSwing> cost_swings(const Scenario& scenario, const OptionAnswer& answer) {
  std::vector<CostSwing> list;
  if (!answer.priced() || answer.runs.size() != 1) return list;
  const double cost = answer.bill.total().amount;
  const auto at = [&](auto time, auto price) { return total_at(scenario, answer, time, price) / cost; };
  const auto with_time = [&](double factor) {
    return at([=](const Run&) { return factor; }, [](const Row&) { return 1.0; });
  };
  const Run& run = answer.runs.front();
  list.push_back({"time of the run", with_time(run.p10), with_time(run.p90), "see the step time's interval"});
  std::set<std::string> seen;
  for (const Row& row : answer.bill.entries())
    for (const PriceFigure& figure : row.quote.figures) {
      if (!seen.insert(figure.cause).second) continue;
      const auto with_price = [&](double PriceFigure::*end) {
        return at([](const Run&) { return 1.0; },
                  [&](const Row& other) {
                    const PriceFigure* same = of_cause(other, figure.cause);
                    return same ? same->*end : 1.0;
                  });
      };
      list.push_back({figure.what, with_price(&PriceFigure::at_low), with_price(&PriceFigure::at_high), figure.source});
    }
  std::stable_sort(list.begin(), list.end(), [](auto& a, auto& b) { return width(a) > width(b); });
  return list;
}

}  // namespace chipmix::scenario
