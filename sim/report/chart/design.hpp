// The design of a report, in one place: sizes of type, spaces, colours. Pages, charts and print take them from here.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace chipmix::report::design {

/// Type of a page in rem, each step a major third (1.25) above the one before.
inline constexpr double small_type = 0.8, body_type = 1, large_type = 1.25, title_type = 1.563, figure_type = 1.953;
/// Type of a chart, in units of its drawing.
inline constexpr double chart_type = 13;
/// Spaces in rem.
inline constexpr double tight = 0.25, near = 0.5, apart = 1, part = 1.5, chapter = 2.5;

/// Colours of a theme.
struct Theme {
  const char *ink, *paper, *soft, *rule, *band, *accent;
};
inline constexpr Theme light{"#1a1a1a", "#ffffff", "#555555", "#d0d0d0", "#f4f6f8", "#0058a3"};
inline constexpr Theme dark{"#ececec", "#16181b", "#b4b4b4", "#3a3f45", "#1f2328", "#7fbfff"};
inline constexpr Theme print{"#000000", "#ffffff", "#444444", "#bbbbbb", "#f4f4f4", "#000000"};

/// A hue and its shades. Every shade has a contrast of 3 or more to the paper of both themes (WCAG 2.1, 1.4.11):
/// relative luminance between 0.13 and 0.29. Hues follow Okabe and Ito (jfly.uni-koeln.de/color, 2008), which
/// colour-blind readers tell apart; a name stands beside every mark, so that colour is never all that does.
using Hue = std::array<const char*, 4>;
inline constexpr Hue green{"#0b8c6a", "#09744d", "#0da58c", "#0a7d79"},
    vermilion{"#dd4812", "#bf2d10", "#ed6d22", "#a95b0e"}, blue{"#117ed7", "#0d6b9d", "#4994f0", "#2766ed"},
    pink{"#cb4c94", "#ae3285", "#d672a1", "#c63a69"}, ochre{"#9f7412", "#8c5a10", "#af9013", "#79720d"},
    violet{"#8f64d8", "#6f4bd2", "#ab7edf", "#9a47d1"}, teal{"#1b8898", "#147073", "#239fc4", "#1e76a9"},
    olive{"#658622", "#596c1b", "#6da128", "#487c1f"};
inline constexpr std::array<const Hue*, 8> hues = {&blue, &pink, &ochre, &violet, &teal, &olive, &green, &vermilion};

/// Parts of a whole (accounts of money, time, memory): less saturated than any vendor's colour, light beside dark.
inline constexpr std::array accounts = {"#496a98", "#c68f31", "#4591a0", "#c15c6c", "#729c54", "#8f5eb1", "#be7854"};

inline constexpr const char* grey = "#7d7d7d";  ///< what is no option's: waiting, losses, caps
inline constexpr const char* good = "#0b8c6a";  ///< less money
inline constexpr const char* bad = "#c06010";   ///< more money
inline constexpr const char* one = "#117ed7";   ///< a series alone, totals
inline constexpr double muted = 0.45;           ///< opacity of what is not the point

/// A hue for each key, the same in every chart of a report: known vendors have their own, others the next that is free.
/// The n-th option of one key has the key's n-th shade.
std::vector<std::string> shades(const std::vector<std::string>& keys);

/// The theme's colours, type and spaces as custom properties of CSS.
std::string properties(const Theme& theme);
std::string scales();

}  // namespace chipmix::report::design
