// A figure and where it comes from: every physical number of a profile is one of these.
#pragma once

#include <array>
#include <optional>
#include <string>

namespace chipmix {

/// How a figure is known, best first. The weakest grade used in an answer is the answer's grade. `fitted`: to published
/// training runs or measurements, so it is what they say of it, where a data sheet says what its maker promises.
/// `quote`: a figure that a scenario states without a source.
enum class Evidence { measured, fitted, datasheet, quote, scaled, assumed };
inline constexpr std::array all_grades = {Evidence::measured, Evidence::fitted, Evidence::datasheet,
                                          Evidence::quote,    Evidence::scaled, Evidence::assumed};

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
