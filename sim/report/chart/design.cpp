#include "report/chart/design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace chipmix::report::design {
namespace {

const Hue* known(std::string_view vendor) {
  constexpr std::array<std::pair<std::string_view, const Hue*>, 9> vendors = {{{"NVIDIA", &green},
                                                                               {"Huawei", &vermilion},
                                                                               {"AMD", &violet},
                                                                               {"Intel", &blue},
                                                                               {"Google", &ochre},
                                                                               {"AWS", &olive},
                                                                               {"Hygon", &pink},
                                                                               {"Moore Threads", &teal},
                                                                               {"Cambricon", &blue}}};
  for (const auto& [name, hue] : vendors)
    if (name == vendor) return hue;
  return nullptr;
}

/// The first hue that no key has yet; where all are taken, as if none were.
const Hue* next_hue(const std::map<std::string, const Hue*>& taken) {
  for (const Hue* hue : hues)
    if (std::none_of(taken.begin(), taken.end(), [&](const auto& one) { return one.second == hue; })) return hue;
  return hues[taken.size() % hues.size()];
}

}  // namespace

std::vector<std::string> shades(const std::vector<std::string>& keys) {
  std::map<std::string, const Hue*> hue_of;
  for (const std::string& key : keys)
    if (const Hue* own = known(key)) hue_of.emplace(key, own);
  for (const std::string& key : keys)
    if (!hue_of.contains(key)) hue_of.emplace(key, next_hue(hue_of));
  std::map<std::string, std::size_t> used;
  std::vector<std::string> list;
  for (const std::string& key : keys) {
    const Hue& hue = *hue_of.at(key);
    list.emplace_back(hue[used[key]++ % hue.size()]);
  }
  return list;
}

std::string properties(const Theme& theme) {
  return fmt::format("--ink:{};--paper:{};--soft:{};--rule:{};--band:{};--accent:{};", theme.ink, theme.paper,
                     theme.soft, theme.rule, theme.band, theme.accent);
}

std::string scales() {
  return fmt::format(
      "--small:{}rem;--body:{}rem;--large:{}rem;--title:{}rem;--figure:{}rem;"
      "--tight:{}rem;--near:{}rem;--apart:{}rem;--part:{}rem;--chapter:{}rem;",
      small_type, body_type, large_type, title_type, figure_type, tight, near, apart, part, chapter);
}

}  // namespace chipmix::report::design
