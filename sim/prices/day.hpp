// Days of quotes and rates: as exact as their source states them.
#pragma once

#include <optional>
#include <string>

namespace chipmix::prices {

/// Days since 1970-01-01 of "YYYY-MM-DD"; of "YYYY-MM" and "YYYY" the first day they can mean, so that nothing looks
/// younger than it is. Nothing: not a day.
std::optional<int> day_number(const std::string& text);

/// From a quote's day to another; both must be days.
int age(const std::string& date, const std::string& today);

}  // namespace chipmix::prices
