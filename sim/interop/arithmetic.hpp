// Whole-number arithmetic of shell scripts: + - * / %, comparisons, && || ! ?: and brackets.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace chipmix::interop {

/// The value of an expression; nothing if it is anything else, a name has no value, or a result does not fit.
std::optional<long long> evaluate(std::string_view expression,
                                  const std::function<std::optional<long long>(const std::string&)>& value_of);

/// A whole number and nothing else.
std::optional<long long> whole_number(std::string_view text);

}  // namespace chipmix::interop
