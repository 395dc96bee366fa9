#include "report/decision/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "report/chart/design.hpp"
#include "report/money_scale.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

int rank(const OptionAnswer& answer) {
  if (!answer.feasible()) return 3;
  if (!answer.priced()) return 2;
  return meets_targets(answer) ? 0 : 1;
}

/// Whose colour an option has: the vendor of the device that it has most of; of one that nobody names, the device.
std::string colour_key(const Scenario& scenario, const scenario::Option& option) {
  const scenario::Option& host = option.cluster ? option : scenario.options[option.phases.front().option];
  const auto& groups = host.cluster->groups;
  const auto most = std::max_element(groups.begin(), groups.end(),
                                     [](const auto& a, const auto& b) { return a.devices < b.devices; });
  if (!option.cluster) return "several devices, one after another";
  return most->device.vendor == "not named" ? most->device.id : most->device.vendor;
}

}  // namespace

std::vector<const OptionAnswer*> ranked(const Comparison& comparison) {
  std::vector<const OptionAnswer*> list;
  for (const OptionAnswer& answer : comparison.options) list.push_back(&answer);
  std::stable_sort(list.begin(), list.end(), [](const OptionAnswer* a, const OptionAnswer* b) {
    if (rank(*a) != rank(*b)) return rank(*a) < rank(*b);
    return a->priced() ? total(*a) < total(*b) : a->duration < b->duration;
  });
  return list;
}

Matter matter(const Scenario& scenario, const Findings& findings, const Say& say) {
  Matter all{scenario, findings, say, ranked(findings.comparison)};
  std::vector<std::string> keys, vendors;
  for (const scenario::Option& option : scenario.options) keys.push_back(colour_key(scenario, option));
  all.colours = design::shades(keys);
  if (!findings.purchases) return all;
  for (const procurement::Kind& kind : findings.purchases->problem.kinds) vendors.push_back(kind.vendor);
  all.kind_colours = design::shades(vendors);
  return all;
}

std::string Matter::kind(std::size_t kind) const {
  const scenario::Option& option = scenario.options[scenario.procurement->supplies[kind].option];
  if (!option.cluster) return option.label;
  const int devices = option.cluster->groups.front().devices;
  for (const std::string& count : {grouped(devices), std::to_string(devices)})
    for (const char* space : {" ", " x ", " × "})
      if (const std::string start = count + space;
          option.label.starts_with(start) && option.label.size() > start.size())
        return option.label.substr(start.size());
  return option.label;
}

std::string Matter::cluster(const procurement::Column& column) const {
  std::string text;
  for (std::size_t k = 0; k < column.devices.size(); ++k)
    if (column.devices[k] > 0)
      text += fmt::format("{}{} × {}", text.empty() ? "" : " + ", grouped(column.devices[k]), kind(k));
  return text;
}

std::set<std::string> given_names(const Matter& matter) {
  const Scenario& scenario = matter.scenario;
  std::set<std::string> names{scenario.name, scenario.description, scenario.job.model.name};
  for (const scenario::Option& option : scenario.options) {
    names.insert({option.name, option.label});
    for (const auto& group : option.cluster ? option.cluster->groups : std::vector<hardware::NodeGroup>{})
      names.insert({group.name, group.device.name, group.device.id, group.node.name});
  }
  for (const scenario::JobStage& stage : scenario.stages) names.insert(stage.name);
  for (const scenario::PublishedSpec& figure : scenario.published) names.insert(figure.label);
  if (matter.findings.purchases)
    for (const procurement::Work& work : matter.findings.purchases->problem.works) names.insert(work.name);
  if (matter.findings.risk) names.insert(matter.findings.risk->worlds.begin(), matter.findings.risk->worlds.end());
  return names;
}

double megawatts(const Scenario& scenario, const OptionAnswer& answer) {
  const scenario::Option& option = scenario.options[scenario.find(answer.name)];
  double most = 0;
  for (std::size_t i = 0; i < answer.runs.size(); ++i) {
    const scenario::Option& host = scenario.host(option, i);
    double sum = 0;
    for (std::size_t group = 0; group < answer.runs[i].used.size(); ++group)
      sum += economics::provisioned(host.cluster->groups[group], scenario.electricity) * answer.runs[i].used[group];
    most = std::max(most, sum);
  }
  return most / 1000;
}

std::string money_span(const Matter& matter, double low, double high) {
  const MoneyScale scale({low, high}, matter.scenario.currency, matter.say.language());
  return matter.say.span(scale.text(low), scale.text(high)) + " " + scale.unit();
}

std::string day_after(const std::optional<std::string>& start, double days) {
  using namespace std::chrono;
  int y = 0;
  unsigned m = 0, d = 0;
  if (!start || std::sscanf(start->c_str(), "%d-%u-%u", &y, &m, &d) != 3) return {};
  const sys_days from = year{y} / month{m} / day{d};
  const year_month_day end = from + std::chrono::days{static_cast<int>(std::ceil(days))};
  return fmt::format("{:04d}-{:02d}-{:02d}", static_cast<int>(end.year()), static_cast<unsigned>(end.month()),
                     static_cast<unsigned>(end.day()));
}

}  // namespace chipmix::report
