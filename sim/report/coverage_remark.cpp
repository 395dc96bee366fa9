#include "report/coverage_remark.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/number.hpp"
#include "scenario/coverage.hpp"

namespace chipmix::report {

std::string coverage_remark(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer) {
  constexpr double near = 1.05;  // a little outside is as good as inside
  std::string text;
  for (const laws::Beyond& one : scenario::beyond_measured(scenario, answer))
    if (one.factor() >= near)
      text += fmt::format("{}{} {} {} ({} times {} {} on {})", text.empty() ? "" : "; ", one.work, one.size,
                          significant(one.value, 6), significant(one.factor(), 2),
                          one.value > one.high ? "beyond" : "below",
                          significant(one.value > one.high ? one.high : one.low, 6), one.device);
  return text.empty() ? text : fmt::format("Outside what was measured, for {}: {}.", answer.name, text);
}

nlohmann::ordered_json coverage_json(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer) {
  auto list = nlohmann::ordered_json::array();
  for (const laws::Beyond& one : scenario::beyond_measured(scenario, answer))
    list.push_back({{"device", one.device},
                    {"work", one.work},
                    {"size", one.size},
                    {"value", one.value},
                    {"measured", {one.low, one.high}},
                    {"factor", one.factor()}});
  return list;
}

}  // namespace chipmix::report
