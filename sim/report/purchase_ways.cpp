#include "report/purchase_ways.hpp"

#include <fmt/format.h>

#include "report/number.hpp"
#include "report/purchase_remarks.hpp"

namespace chipmix::report {
Table ways_table(const scenario::Scenario& scenario, const scenario::Procurement& result) {
  Table table;
  table.title = "Alternatives";
  table.columns = {{"way"},           numeric("total"), numeric("P10 to P90"),   numeric("paid out"),
                   numeric("months"), {"bought"},       {"device-months rented"}};
  const auto paid = [&](double amount) { return money({amount, scenario.currency}); };
  for (const scenario::Way& way : result.ways) {
    if (!way.decision) {
      table.add({way.name, way.is_open ? "not decided in the search time" : "cannot be done", {}, {}, {}, {}, {}});
      continue;
    }
    const procurement::Decision& decision = *way.decision;
    table.add({way.name,
               {decision.cost, paid(decision.cost)},
               way.prices ? paid(way.prices->p10) + " to " + paid(way.prices->p90) : "",
               {decision.spent(), paid(decision.spent())},
               {way.finish, fmt::format("{:.1f}", way.finish)},
               bought_text(result.problem, decision),
               rented_text(result.problem, decision)});
  }
  return table;
}

}  // namespace chipmix::report
