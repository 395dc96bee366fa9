#include "prices/day.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <stdexcept>

namespace chipmix::prices {

std::optional<int> day_number(const std::string& text) {
  const std::string form = "dddd-dd-dd";
  const bool has_form = (text.size() == 4 || text.size() == 7 || text.size() == 10) &&
                        std::equal(text.begin(), text.end(), form.begin(),
                                   [](char c, char f) { return f == 'd' ? c >= '0' && c <= '9' : c == f; });
  if (!has_form) return std::nullopt;
  const std::string full = text + std::string("-01-01").substr(text.size() == 4 ? 0 : text.size() == 7 ? 3 : 6);
  const auto number = [&](std::size_t from, std::size_t digits) { return std::stoi(full.substr(from, digits)); };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok()) return std::nullopt;
  return static_cast<int>(std::chrono::sys_days(day).time_since_epoch().count());
}

std::string today() {
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  const std::time_t now = epoch && *epoch ? std::strtoll(epoch, nullptr, 10) : std::time(nullptr);
  std::tm day{};
  if (!gmtime_r(&now, &day)) throw std::invalid_argument("SOURCE_DATE_EPOCH is not a time");
  return fmt::format("{:04d}-{:02d}-{:02d}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

std::string future_fault(const std::string& date) {
  const std::string now = today();
  return age(date, now) < 0 ? fmt::format("{} is after today, {}", date, now) : "";
}

int age(const std::string& date, const std::string& today) {
  return day_number(today).value_or(0) - day_number(date).value_or(0);
}

}  // namespace chipmix::prices
