#include "scenario/coverage.hpp"

#include <algorithm>

namespace chipmix::scenario {

std::vector<laws::Beyond> beyond_measured(const Scenario& scenario, const OptionAnswer& answer) {
  std::vector<laws::Beyond> all;
  if (!answer.feasible()) return all;
  const Option& option = scenario.options[scenario.find(answer.name)];
  const auto& cluster = option.cluster;
  const auto is_calibrated = [](const hardware::NodeGroup& group) { return !group.device.measured_range.empty(); };
  if (!cluster || std::none_of(cluster->groups.begin(), cluster->groups.end(), is_calibrated)) return all;
  for (std::size_t i = 0; i < answer.runs.size(); ++i) {
    plan::Lowering lowering(scenario.job_of(option, i));
    for (const plan::Program& lane : plan::lower(lowering, answer.runs[i].plan, *cluster).lanes) {
      const auto some = laws::beyond_measured(lane, *cluster);
      all.insert(all.end(), some.begin(), some.end());
    }
  }
  return all;
}

}  // namespace chipmix::scenario
