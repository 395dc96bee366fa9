// One word for one thing, however it is spelt.
#pragma once

#include <string>
#include <string_view>

namespace chipmix {

/// The text with A-Z as a-z; every other byte, UTF-8 included, as it is.
inline std::string lower_case(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lowered;
}

}  // namespace chipmix
