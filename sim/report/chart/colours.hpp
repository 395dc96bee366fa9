// Colours that colour-blind readers tell apart, and which of them a vendor always has.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace chipmix::report {

/// Okabe and Ito's colours (jfly.uni-koeln.de/color, 2008), and a grey.
inline constexpr std::array palette = {"#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c8c8c"};

/// The same colour for a vendor in every chart; vendors without one of their own share the blue. A name tells them
/// apart: colour is never all that does.
inline const char* vendor_colour(std::string_view vendor) {
  constexpr std::array<std::pair<std::string_view, int>, 9> known = {{{"NVIDIA", 2},
                                                                      {"Huawei", 3},
                                                                      {"AMD", 1},
                                                                      {"Intel", 5},
                                                                      {"Google", 4},
                                                                      {"AWS", 4},
                                                                      {"Hygon", 4},
                                                                      {"Moore Threads", 5},
                                                                      {"Cambricon", 5}}};
  for (const auto& [name, colour] : known)
    if (vendor == name) return palette[colour];
  return palette.front();
}

}  // namespace chipmix::report
