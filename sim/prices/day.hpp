// Days of quotes and rates: as exact as their source states them.
#pragma once

#include <optional>
#include <string>

namespace chipmix::prices {

/// Days since 1970-01-01 of "YYYY-MM-DD"; of "YYYY-MM" and "YYYY" the first day they can mean, so that nothing looks
/// younger than it is. Nothing: not a day.
std::optional<int> day_number(const std::string& text);

/// The day on which chipmix runs, YYYY-MM-DD, by Greenwich; that of SOURCE_DATE_EPOCH where it is set
/// (reproducible-builds.org).
std::string today();

/// "2027-01-05 is after today, 2026-11-30"; empty of a day that has come.
std::string future_fault(const std::string& date);

/// From a quote's day to another; both must be days.
int age(const std::string& date, const std::string& today);

}  // namespace chipmix::prices
