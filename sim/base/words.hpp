// Counts with their nouns, so that no sentence speaks of "1 layers".
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

namespace chipmix {

namespace words {
std::string noun(double count, std::string_view one, std::string_view many);
std::string counted(double count, std::string_view one, std::string_view many);
}  // namespace words

/// The noun as it goes with a count: "layer" with 1, else "layers". `many`: a plural that is not the noun and an s.
template <class Number>
requires std::is_arithmetic_v<Number> std::string noun(Number count, std::string_view one, std::string_view many = {}) {
  return words::noun(static_cast<double>(count), one, many);
}

/// "1 layer", "2 layers", "0.5 layers".
template <class Number>
requires std::is_arithmetic_v<Number> std::string counted(Number count, std::string_view one,
                                                          std::string_view many = {}) {
  return words::counted(static_cast<double>(count), one, many);
}

}  // namespace chipmix
