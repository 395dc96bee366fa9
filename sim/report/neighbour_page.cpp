#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "planner/losses.hpp"
#include "report/answer_json.hpp"
#include "report/answers.hpp"
#include "report/losses_text.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

using Json = nlohmann::ordered_json;
using planner::Neighbour;
using scenario::NeighbourAnswer;
using scenario::Option;
using scenario::Scenario;

plan::ParallelPlan laid_out(const Scenario& scenario, const Option& option, const plan::UniformPlan& plan) {
  return plan::lay_out(plan, scenario.job.model.layers, scenario.job_of(option).global_batch, 0,
                       option.cluster->groups.front().device.ranks);
}

/// Time by account, side by side.
Table accounts(const NeighbourAnswer& answer) {
  Table table;
  table.title = "Time of a step";
  table.columns = {{"account"}, numeric("best", "s"), numeric("neighbour", "s"), numeric("difference", "", "share")};
  const engine::Times &best = answer.best.times, &other = answer.other.times;
  for (const planner::Loss& loss : planner::losses(other, best)) {
    const double before = best[loss.account], after = other[loss.account];
    table.add({engine::name(loss.account),
               {before, seconds(Seconds{before})},
               {after, seconds(Seconds{after})},
               {loss.share, signed_percent(loss.share)}});
  }
  const double slower = other.total() / best.total() - 1;
  table.add({"total",
             {best.total(), seconds(Seconds{best.total()})},
             {other.total(), seconds(Seconds{other.total()})},
             {slower, signed_percent(slower)}});
  return table;
}

Table rules(const Neighbour& neighbour) {
  Table table;
  table.title = "Rules it breaks";
  table.columns = {{"rule"}};
  for (const std::string& fault : neighbour.faults) table.add({fault});
  return table;
}

std::string memory_verdict(const Neighbour& other) {
  return fmt::format("does not fit: its fullest rank needs {}, {} more than the {} it may use", bytes(other.peak),
                     bytes(other.peak - other.room), bytes(other.room));
}

/// Of a legal plan.
std::string verdict(const NeighbourAnswer& answer) {
  const double slower = answer.other.times.total() / answer.best.times.total() - 1;
  const std::string pace = slower < 0    ? fmt::format("{} faster", percent(-slower))
                           : slower == 0 ? "as fast"
                                         : fmt::format("{} slower", percent(slower));
  if (!answer.other.fits()) return fmt::format("{}; it would be {}", memory_verdict(answer.other), pace);
  return "is " + pace;
}

Json neighbour_json(const Scenario& scenario, const Option& option, const NeighbourAnswer& answer) {
  const Neighbour& other = answer.other;
  Json json = {{"legal", other.is_legal()}, {"faults", other.faults}};
  if (!other.is_legal()) return json;
  json["plan"] = plan_json(laid_out(scenario, option, other.plan));
  json["fits"] = other.fits();
  json["short_gib"] = other.fits() ? 0 : gib(other.peak - other.room);
  json["step_time_s"] = other.times.total();
  json["slowdown"] = other.times.total() / answer.best.times.total() - 1;
  json["loses_on"] = losses_json(planner::losses(other.times, answer.best.times));
  return json;
}

}  // namespace

Page neighbour_page(const Scenario& scenario, const Option& option, const NeighbourAnswer& answer) {
  Page page;
  const plan::ParallelPlan best = laid_out(scenario, option, answer.best.plan);
  page.title = fmt::format("{}: {}, a plan compared with the best", scenario.name, option.label);
  page.tables.push_back(answer.other.is_legal() ? accounts(answer) : rules(answer.other));
  page.remarks.push_back("Best: " + plan::to_text(best) + ".");
  page.remarks.push_back(answer.other.is_legal()
                             ? fmt::format("Neighbour: {}: {}.",
                                           plan::to_text(laid_out(scenario, option, answer.other.plan)),
                                           verdict(answer))
                             : "The neighbour is not a legal plan.");
  Json json = {{"schema_version", schema_version},
               {"scenario", scenario.name},
               {"option", option.name},
               {"best", {{"plan", plan_json(best)}, {"step_time_s", answer.best.times.total()}}},
               {"neighbour", neighbour_json(scenario, option, answer)}};
  page.json = json.dump(2);
  return page;
}

}  // namespace chipmix::report
