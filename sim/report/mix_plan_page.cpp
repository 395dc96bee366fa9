#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/answer_json.hpp"
#include "report/answers.hpp"

namespace chipmix::report {
namespace {

using Json = nlohmann::ordered_json;
using scenario::OptionAnswer;

/// Ways that use all islands at once, fastest first.
std::vector<const OptionAnswer*> joint_ways(const OptionAnswer& answer) {
  std::vector<const OptionAnswer*> list;
  for (const OptionAnswer& way : answer.ways)
    if (way.feasible() && !way.way.empty() && way.runs.size() == 1) list.push_back(&way);
  std::stable_sort(list.begin(), list.end(), [](auto* a, auto* b) { return a->duration < b->duration; });
  return list;
}

Json plan_entry(const scenario::Option& option, const OptionAnswer& way) {
  const scenario::Run& run = way.runs.front();
  Json json = {{"way", way.name},
               {"plan", plan_json(run.plan, *option.cluster)},
               {"step_time_s", run.estimate.step_time.value()},
               {"tokens_per_s", way.tokens_per_s}};
  if (way.priced()) json["cost"] = way.bill.total().amount;
  return json;
}

}  // namespace

Page mix_plan_page(const scenario::Scenario& scenario, const scenario::Option& option, const OptionAnswer& answer,
                   int jobs, double seconds) {
  Page page = estimate_page(scenario, answer);
  Json plans = Json::array();
  for (const OptionAnswer* way : joint_ways(answer)) plans.push_back(plan_entry(option, *way));
  long long considered = 0, evaluated = 0;
  bool complete = true;
  for (const OptionAnswer& way : answer.ways) {
    if (!way.search) continue;
    considered += way.search->considered;
    evaluated += way.search->evaluated;
    complete = complete && way.search->complete;
  }
  page.json = Json{{"schema_version", schema_version},
                   {"scenario", scenario.name},
                   {"option", option.name},
                   {"plans", std::move(plans)},
                   {"search",
                    {{"considered", considered},
                     {"evaluated", evaluated},
                     {"seconds", seconds},
                     {"jobs", jobs},
                     {"complete", complete}}}}
                  .dump(2);
  return page;
}

}  // namespace chipmix::report
