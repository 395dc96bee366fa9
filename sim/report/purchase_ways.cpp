#include "report/purchase_ways.hpp"

#include <fmt/format.h>

#include <numeric>

#include "report/number.hpp"

namespace chipmix::report {
namespace {

constexpr double least_devices = 0.5;

std::string listed(const std::string& before, const std::string& next) {
  return before.empty() ? next : before + ", " + next;
}

/// "512 h800", for each kind of which there is some.
std::string bought(const scenario::Procurement& result, const procurement::Decision& decision) {
  std::string text;
  for (std::size_t k = 0; k < result.problem.kinds.size(); ++k)
    if (const int devices = decision.bought(static_cast<int>(k)); devices > 0)
      text = listed(text, grouped(devices) + " " + result.problem.kinds[k].name);
  return text.empty() ? "-" : text;
}

std::string rented(const scenario::Procurement& result, const procurement::Decision& decision) {
  std::string text;
  for (std::size_t k = 0; k < result.problem.kinds.size(); ++k) {
    const double devices = std::accumulate(decision.rented[k].begin(), decision.rented[k].end(), 0.0);
    if (devices > least_devices) text = listed(text, grouped(devices) + " " + result.problem.kinds[k].name);
  }
  return text.empty() ? "-" : text;
}

}  // namespace

Table ways_table(const scenario::Scenario& scenario, const scenario::Procurement& result) {
  Table table;
  table.title = "Ways to have it done";
  table.columns = {{"way"},           numeric("in all"), numeric("P10 to P90"),   numeric("paid out"),
                   numeric("months"), {"bought"},        {"device-months rented"}};
  const auto paid = [&](double amount) { return money({amount, scenario.currency}); };
  for (const scenario::Way& way : result.ways) {
    if (!way.decision) {
      table.add({way.name, way.is_open ? "not known in the time given" : "cannot be done", {}, {}, {}, {}, {}});
      continue;
    }
    const procurement::Decision& decision = *way.decision;
    table.add({way.name,
               {decision.cost, paid(decision.cost)},
               way.prices ? paid(way.prices->p10) + " to " + paid(way.prices->p90) : "",
               {decision.spent(), paid(decision.spent())},
               {way.finish, fmt::format("{:.1f}", way.finish)},
               bought(result, decision),
               rented(result, decision)});
  }
  return table;
}

}  // namespace chipmix::report
