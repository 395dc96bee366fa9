// Patterns of the shell: * ? [a-z], and | between several where a case has them.
#pragma once

#include <string>
#include <string_view>

namespace chipmix::interop {

/// Whether the whole text is as the pattern says.
bool matches(std::string_view text, std::string_view pattern);

/// ${name%pattern} and the like: `op` is one of % %% # ##.
std::string without(std::string_view text, std::string_view op, std::string_view pattern);

/// ${name/pattern/replacement}; `all`: ${name//...}.
std::string replaced(std::string_view text, std::string_view pattern, std::string_view replacement, bool all);

}  // namespace chipmix::interop
