#include "report/book/workbook.hpp"

#include <fmt/format.h>

#include <cmath>

#include "report/table.hpp"

namespace chipmix::report::book {

std::string place(std::size_t row, std::size_t column) {
  constexpr std::size_t letters = 26;
  std::string name;
  for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / letters)
    name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % letters));
  return name + std::to_string(row + 1);
}

std::string format_of(double value) {
  constexpr int most = 6;
  std::string text = fmt::format("{:.{}f}", value, most);
  text.erase(text.find_last_not_of('0') + 1);
  const std::size_t decimals = text.size() - text.find('.') - 1;
  if (value != 0 && std::abs(value) < 1e-4) return "0.00E+00";
  return decimals == 0 ? number::count : std::string("#,##0.") + std::string(decimals, '0');
}

std::string literal(double value) { return exact(value); }

Row header(const std::vector<std::string>& texts) {
  Row row;
  for (const std::string& text : texts) row.emplace_back(text, Style::header);
  return row;
}

}  // namespace chipmix::report::book
