#include "report/plan_precision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/number.hpp"
#include "scenario/number_formats.hpp"

namespace chipmix::report {
namespace {

using hardware::NodeGroup;
using Json = nlohmann::ordered_json;

constexpr double fp32_bytes = 4;

const scenario::Option& host_of(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer,
                                const scenario::Run& run) {
  return scenario.host(scenario.options[scenario.find(answer.name)],
                       static_cast<std::size_t>(&run - answer.runs.data()));
}

/// With fp32 gradients: the fullest rank of a device kind, as a share of its memory.
double fill_with_wide_gradients(const scenario::Run& run, const NodeGroup& group,
                                const scenario::NumberFormats& formats) {
  double fullest = 0;
  for (const estimate::StageMemory& stage : run.estimate.memory) {
    if (stage.device != group.device.id) continue;
    const double more = fp32_bytes / formats.gradient_bytes - 1;
    fullest = std::max(fullest, (stage.peak() + stage.use.total("gradients") * more) / stage.capacity);
  }
  return fullest;
}

std::string remark(const scenario::Run& run, const NodeGroup& group, const scenario::NumberFormats& formats) {
  const hardware::SoftwareStack& stack = group.stack;
  std::string text = fmt::format(
      "Number formats on {}, as {} sets them: products in {}; a weight takes {:g} bytes ({}), its gradient {:g} ({}), "
      "its optimizer states {:g} ({}).",
      group.device.name, stack.name, name(formats.compute), formats.weight_bytes, formats.weights,
      formats.gradient_bytes, formats.gradients, formats.optimizer_bytes, formats.optimizer);
  if (formats.gradient_bytes >= fp32_bytes) return text;
  const double fill = fill_with_wide_gradients(run, group, formats);
  if (fill <= 0) return text;
  return text + fmt::format(" With fp32 gradients the fullest rank would take {} of its memory{}.", percent(fill),
                            fill > 1 ? ": this plan would not fit" : "");
}

struct UsedGroup {
  const scenario::Run* run;
  const NodeGroup* group;
  scenario::NumberFormats formats;
};

/// Each kind of device with the run it is fullest in.
std::vector<UsedGroup> used_groups(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer) {
  std::vector<UsedGroup> list;
  for (const scenario::Run& run : answer.runs) {
    const scenario::Option& host = host_of(scenario, answer, run);
    for (std::size_t i = 0; i < host.cluster->groups.size(); ++i) {
      const NodeGroup& group = host.cluster->groups[i];
      if (i < run.used.size() && run.used[i] == 0) continue;
      const auto same = std::find_if(list.begin(), list.end(), [&](const UsedGroup& one) {
        return one.group->device.id == group.device.id && one.group->stack.id == group.stack.id;
      });
      if (same == list.end())
        list.push_back({&run, &group, scenario::number_formats(group, host)});
      else if (fill_with_wide_gradients(run, group, same->formats) >
               fill_with_wide_gradients(*same->run, group, same->formats))
        same->run = &run;
    }
  }
  return list;
}

}  // namespace

std::vector<std::string> precision_remarks(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer) {
  std::vector<std::string> list;
  if (!answer.feasible()) return list;
  for (const UsedGroup& one : used_groups(scenario, answer)) list.push_back(remark(*one.run, *one.group, one.formats));
  return list;
}

std::vector<std::vector<Cell>> precision_rows(const scenario::Scenario& scenario, int only) {
  std::vector<std::vector<Cell>> rows;
  std::vector<std::string> seen;
  const auto add = [&](const scenario::Option& host) {
    if (!host.cluster) return;
    for (const NodeGroup& group : host.cluster->groups) {
      const scenario::NumberFormats formats = scenario::number_formats(group, host);
      const std::string key = group.stack.id + name(formats.compute);
      if (formats.is_usual() || std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      seen.push_back(key);
      if (!formats.gradient_mark.empty())
        rows.push_back({"gradients, " + group.stack.id, formats.gradients, group.stack.gradient_bytes.source});
      if (!formats.optimizer_mark.empty())
        rows.push_back({"optimizer, " + group.stack.id, formats.optimizer, group.stack.optimizer_bytes.source});
    }
  };
  for (std::size_t i = 0; i < scenario.options.size(); ++i) {
    const scenario::Option& option = scenario.options[i];
    if (only >= 0 && static_cast<int>(i) != only) continue;
    add(option);
    for (const scenario::Phase& phase : option.phases) add(scenario.options[phase.option]);
  }
  return rows;
}

Json precision_json(const scenario::Scenario& scenario, const scenario::OptionAnswer& answer) {
  Json list = Json::array();
  for (const UsedGroup& one : used_groups(scenario, answer)) {
    const hardware::SoftwareStack& stack = one.group->stack;
    list.push_back({{"device", one.group->device.id},
                    {"stack", stack.id},
                    {"compute", name(one.formats.compute)},
                    {"weight_bytes", one.formats.weight_bytes},
                    {"gradient_bytes", one.formats.gradient_bytes},
                    {"optimizer_bytes", one.formats.optimizer_bytes},
                    {"gradients", one.formats.gradients},
                    {"optimizer", one.formats.optimizer}});
  }
  return list;
}

}  // namespace chipmix::report
