#include "sweep/row.hpp"

#include <fmt/format.h>

#include <cctype>
#include <limits>

#include "base/lower_case.hpp"

namespace chipmix::sweep {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

Row blank(const std::string& option) {
  Row row;
  row.option = option;
  row.figures.fill(nothing);
  return row;
}

}  // namespace

std::vector<std::string> figure_names(const std::string& currency, bool intervals) {
  const std::string money = lower_case(currency);
  std::vector<std::string> names = {"devices",
                                    "step_time_s",
                                    "tokens_per_s",
                                    "mfu",
                                    "days",
                                    "device_hours",
                                    fmt::format("cost_{}", money),
                                    fmt::format("cost_per_1t_tokens_{}", money),
                                    "energy_kwh",
                                    "carbon_t",
                                    "goodput"};
  if (!intervals) return names;
  for (const char* name : {"days_p10", "days_p90"}) names.emplace_back(name);
  for (const char* end : {"p10", "p90"}) names.push_back(fmt::format("cost_{}_{}", end, money));
  return names;
}

Row refused(const std::string& option, std::string reason) {
  Row row = blank(option);
  row.reason = std::move(reason);
  return row;
}

Row failed(const std::string& option, std::string error) {
  Row row = blank(option);
  row.error = std::move(error);
  return row;
}

Row answered(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer, std::string plan,
             bool intervals) {
  if (!answer.feasible()) return refused(answer.name, answer.reason->explanation);
  Row row = blank(answer.name);
  row.feasible = true;
  row.plan = std::move(plan);
  row.figure(Figure::devices) = answer.devices;
  if (answer.runs.size() == 1) row.figure(Figure::step_time) = answer.runs.front().estimate.step_time.value();
  row.figure(Figure::tokens_per_s) = answer.tokens_per_s;
  row.figure(Figure::mfu) = answer.mfu;
  row.figure(Figure::days) = days(answer.duration);
  row.figure(Figure::device_hours) = hours(answer.device_time);
  const double cost = answer.priced() ? answer.bill.total().amount : nothing;
  row.figure(Figure::cost) = cost;
  row.figure(Figure::cost_per_1t) = answer.priced() ? cost_per_1t(answer, scenario).amount : nothing;
  if (answer.energy) row.figure(Figure::energy) = kilowatt_hours(*answer.energy);
  if (answer.carbon) row.figure(Figure::carbon) = answer.carbon->value() / 1000;  // t
  if (answer.runs.size() == 1 && answer.runs.front().interruptions)
    row.figure(Figure::goodput) = answer.runs.front().interruptions->goodput();
  if (!intervals) return row;
  row.figure(Figure::days_p10) = days(answer.duration) * answer.p10;
  row.figure(Figure::days_p90) = days(answer.duration) * answer.p90;
  row.figure(Figure::cost_p10) = cost * answer.cost_p10;
  row.figure(Figure::cost_p90) = cost * answer.cost_p90;
  return row;
}

}  // namespace chipmix::sweep
