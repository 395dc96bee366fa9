#include "prices/day.hpp"

#include <algorithm>
#include <chrono>

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

int age(const std::string& date, const std::string& today) {
  return day_number(today).value_or(0) - day_number(date).value_or(0);
}

}  // namespace chipmix::prices
