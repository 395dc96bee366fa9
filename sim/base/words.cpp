#include "base/words.hpp"

#include <fmt/format.h>

namespace chipmix::words {

std::string noun(double count, std::string_view one, std::string_view many) {
  if (count == 1) return std::string(one);
  return many.empty() ? std::string(one) + "s" : std::string(many);
}

std::string counted(double count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, noun(count, one, many));
}

}  // namespace chipmix::words
