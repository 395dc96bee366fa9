#include <algorithm>

#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
#include "report/figures/figures.hpp"
#include "report/number.hpp"

namespace chipmix::report {
namespace {

using Stages = std::vector<const estimate::StageMemory*>;

/// Of each kind of device the fullest.
Stages fullest(const estimate::Estimate& estimate) {
  Stages stages;
  for (const estimate::StageMemory& one : estimate.memory) {
    const auto known =
        std::find_if(stages.begin(), stages.end(), [&](auto* other) { return other->device == one.device; });
    if (known == stages.end())
      stages.push_back(&one);
    else if (one.peak() / one.capacity > (*known)->peak() / (*known)->capacity)
      *known = &one;
  }
  return stages;
}

/// Accounts of all stages, those that are largest anywhere first.
std::vector<std::string> accounts(const Stages& stages) {
  std::vector<std::pair<double, std::string>> list;
  for (const auto* stage : stages)
    for (const auto& entry : stage->use.entries()) {
      const double size = gib(stage->use.total(entry.account));
      const auto known = std::find_if(list.begin(), list.end(), [&](auto& one) { return one.second == entry.account; });
      if (known == list.end())
        list.emplace_back(size, entry.account);
      else
        known->first = std::max(known->first, size);
    }
  std::stable_sort(list.begin(), list.end(), [](auto& a, auto& b) { return a.first > b.first; });
  std::vector<std::string> names;
  for (auto& [size, name] : list) names.push_back(name);
  return names;
}

/// A part for each of the first accounts, and one for all others.
std::vector<double> parts(const estimate::StageMemory& stage, const std::vector<std::string>& names,
                          std::size_t apart) {
  std::vector<double> list(std::min(names.size(), apart + 1), 0);
  for (std::size_t i = 0; i < names.size(); ++i) list[std::min(i, apart)] += gib(stage.use.total(names[i]));
  return list;
}

}  // namespace

Figure memory_bars(const Matter& matter) {
  constexpr std::size_t apart = design::accounts.size() - 1;
  Figure figure;
  figure.title = matter.say(Text::fullest_memory);
  figure.caption = matter.say(Text::fullest_memory_caption);
  Stages stages;
  std::vector<std::string> labels;
  for (const OptionAnswer* one : matter.order) {
    const OptionAnswer& a = *one;
    if (!a.feasible() || a.runs.size() != 1) continue;
    const Stages own = fullest(a.runs.front().estimate);
    for (const estimate::StageMemory* stage : own) {
      stages.push_back(stage);
      labels.push_back(own.size() == 1 ? a.label : matter.say(Text::device_of, {stage->device, a.label}));
    }
  }
  std::vector<std::string> names = accounts(stages);
  figure.data.columns = {{matter.say(Text::option)}, {matter.say(Text::device)}};
  for (const std::string& name : names) figure.data.columns.push_back(numeric(matter.say.fixed_words(name)));
  figure.data.columns.push_back(numeric(matter.say(Text::peak)));
  figure.data.columns.push_back(numeric(matter.say(Text::capacity)));
  std::vector<Stack> list;
  const auto cell = [](Bytes size) { return Cell{gib(size), bytes(size)}; };
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const estimate::StageMemory& stage = *stages[i];
    list.push_back(
        {labels[i], parts(stage, names, apart), significant(gib(stage.peak())) + " GiB", gib(stage.capacity)});
    std::vector<Cell> row = {labels[i], stage.device};
    for (const std::string& name : names) row.push_back(cell(stage.use.total(name)));
    row.push_back(cell(stage.peak())), row.push_back(cell(stage.capacity));
    figure.data.add(std::move(row));
  }
  if (names.size() > apart) names.resize(apart), names.emplace_back(matter.say(Text::all_else));
  for (std::string& name : names) name = matter.say.fixed_words(name);
  figure.svg = stacks({figure.title, matter.say(Text::stacks_words)}, names, list, "GiB");
  return figure;
}

}  // namespace chipmix::report
