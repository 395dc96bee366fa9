#include <fmt/format.h>

#include <algorithm>

#include "hardware/figures.hpp"
#include "report/assumption_list.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

using scenario::Option;
using scenario::Scenario;

constexpr double least_width = 0.01;  // of a step's time, as promised in the header

/// The device, link, server, fabric or stack that a figure belongs to: its id and its name.
std::pair<std::string, std::string> owner(const hardware::NodeGroup& group, const std::string& path) {
  if (path.starts_with("device.")) return {group.device.id, group.device.name};
  if (path.starts_with("scale_up.")) return {group.scale_up.id, group.scale_up.name};
  if (path.starts_with("scale_out.")) return {group.scale_out.id, group.scale_out.name};
  if (path.starts_with("node.")) return {group.node.id, group.node.name};
  if (path.starts_with("fabric.")) return {group.fabric.id, group.fabric.name};
  return {group.stack.id, group.stack.name};
}

/// Known for every answer, whether it has a range or not.
bool is_basic(const std::string& path) {
  return path.starts_with("device.peak.") || path.starts_with("device.efficiency.gemm.") || path == "device.memory" ||
         path == "device.memory_bandwidth" || path == "scale_up.bandwidth" || path == "scale_out.bandwidth";
}

class Figures {
 public:
  explicit Figures(AssumptionList& list) : list_(list) {}

  void add(const scenario::Run& run, const Option& option) {
    const hardware::Cluster& cluster = *option.cluster;
    const bool is_mixed = cluster.groups.size() > 1;
    for (std::size_t i = 0; i < cluster.groups.size(); ++i) {
      hardware::NodeGroup group = cluster.groups[i];
      if (run.used[i] == 0) continue;
      const std::string prefix = is_mixed ? group.name + "." : "";
      const auto visit = [&](const std::string& path, const auto& figure) {
        const auto [id, name] = owner(group, path);
        if (is_basic(path) || moves(run, prefix + path)) list_.add(assumption(path + ":" + id, path, name, figure));
      };
      hardware::for_each_figure(group, group.dtype.value_or(option.dtype), visit);
      list_.add(assumption("stack.gradient_bytes:" + group.stack.id, "bytes of gradient a weight", group.stack.name,
                           group.stack.gradient_bytes));
      list_.add(assumption("stack.optimizer_bytes:" + group.stack.id, "bytes of optimizer state a weight",
                           group.stack.name, group.stack.optimizer_bytes));
      if (group.stack.residual.range)
        list_.add(assumption("stack.residual:" + group.stack.id, "step time, measured over predicted", group.stack.name,
                             group.stack.residual));
    }
    for (const hardware::IslandLink& link : cluster.links) add(run, link, cluster);
  }

 private:
  static bool moves(const scenario::Run& run, const std::string& path) {
    const auto& swings = run.interval.swings;
    return std::any_of(swings.begin(), swings.end(), [&](const uncertainty::Swing& swing) {
      return swing.figure == path && swing.width() >= least_width;
    });
  }

  void add(const scenario::Run& run, const hardware::IslandLink& link, const hardware::Cluster& cluster) {
    const std::string between = cluster.groups[link.one].name + "-" + cluster.groups[link.other].name;
    const auto visit = [&](const std::string& what, const auto& figure) {
      if (moves(run, between + what))
        list_.add(assumption(between + what + ":" + link.link.id, "link between islands" + what,
                             link.link.name + ", " + between, figure));
    };
    visit(".bandwidth", link.link.bandwidth);
    visit(".efficiency", link.link.efficiency);
    visit(".latency", link.link.latency);
  }

  AssumptionList& list_;
};

void add_reliability(const Option& option, AssumptionList& list) {
  const goodput::Reliability& all = *option.reliability;
  const auto add = [&](const std::string& what, const auto& figure) {
    Assumption row = assumption({}, what, option.name, figure);
    row.key = fmt::format("{}:{}:{}", what, row.value, row.source);  // options that say the same share a row
    list.add(std::move(row));
  };
  const auto if_given = [&](const char* what, const auto& figure) {
    if (figure) add(what, *figure);
  };
  add("time between interruptions of a device", all.device_mtbf);
  for (const auto& [device, mtbf] : all.kinds) add("time between interruptions of " + device, mtbf);
  if_given("time between interruptions of a server", all.node_mtbf);
  if (all.switches) add("time between interruptions of a switch", all.switches->mtbf);
  add("recovery from an interruption", all.recovery);
  if_given("rate of storage, for checkpoints", all.storage);
  if_given("time for which a checkpoint blocks the job", all.blocking);
  if_given("repair of a replica", all.repair);
  if_given("rate at which checkpoints are read", all.reading);
  if_given("time for which a failed server is unavailable", all.replacement);
  if (all.spot)
    add("time between losses of spot devices", all.spot->mtbf), add("time without spot devices", all.spot->away);
}

}  // namespace

std::vector<Assumption> time_assumptions(const Scenario& scenario, const scenario::Comparison& comparison) {
  AssumptionList list;
  Figures figures(list);
  for (const scenario::OptionAnswer& answer : comparison.options) {
    const int index = scenario.find(answer.name);
    if (!answer.feasible() || index < 0 || !scenario.options[index].cluster) continue;  // phases: with their options
    const Option& option = scenario.options[index];
    for (const scenario::Run& run : answer.runs) figures.add(run, option);
    if (option.reliability) add_reliability(option, list);
  }
  return std::move(list).rows();
}

}  // namespace chipmix::report
