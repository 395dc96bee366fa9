// A figure and where it comes from: every physical number of a profile is one of these.
#pragma once

#include <optional>
#include <string>

namespace chipmix {

/// How a figure is known, best first. The weakest grade used in an answer is the answer's grade.
enum class Evidence { measured, datasheet, scaled, assumed };

const char* name(Evidence grade);
constexpr Evidence weakest(Evidence a, Evidence b) { return a < b ? b : a; }

/// Bounds within which the figure is believed to lie (80 % of the belief).
template <class T>
struct Interval {
  T low{};
  T high{};
};

template <class T>
struct Sourced {
  T value{};
  std::optional<Interval<T>> range{};
  Evidence grade = Evidence::assumed;
  std::string source{};
  std::string note{};
};

}  // namespace chipmix
