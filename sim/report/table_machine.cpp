// Tables for machines: CSV (RFC 4180), JSON, and Markdown for whatever renders it.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "report/table.hpp"

namespace chipmix::report {
namespace {

/// Above this a double skips whole numbers, so it is not written as one.
constexpr double largest_exact_integer = 0x1p53;

bool is_integer(double number) { return std::abs(number) < largest_exact_integer && number == std::trunc(number); }

std::string csv_value(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell.value)) return csv_field(*text);
  if (const auto* number = std::get_if<double>(&cell.value)) return exact(*number);
  if (const auto* truth = std::get_if<bool>(&cell.value)) return *truth ? "true" : "false";
  return "";
}

nlohmann::ordered_json json_value(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell.value)) return *text;
  if (const auto* truth = std::get_if<bool>(&cell.value)) return *truth;
  const auto* number = std::get_if<double>(&cell.value);
  if (!number || !std::isfinite(*number)) return nullptr;
  if (is_integer(*number)) return static_cast<std::int64_t>(*number);
  return *number;
}

}  // namespace

std::string markdown_text(const std::string& text) {
  std::string out;
  for (const char c : printable_lines(text)) {
    if (c == '|' || c == '\\' || c == '[') out += '\\';
    if (c == '\n')
      out += "<br>";
    else if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

namespace {

std::string header_of(const Column& column) {
  return column.unit.empty() ? column.header : fmt::format("{} ({})", column.header, column.unit);
}

template <class Cells, class Write>
std::string line(const Cells& cells, const char* separator, Write write) {
  std::string out;
  bool first = true;
  for (const auto& cell : cells) {
    if (!first) out += separator;
    first = false;
    out += write(cell);
  }
  return out;
}

}  // namespace

namespace {

bool is_number(const std::string& text) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  return fault == std::errc() && end == text.data() + text.size();
}

/// What a spreadsheet would take for a formula begins with a quote, which makes it text.
std::string no_formula(const std::string& text) {
  std::string shown = printable_lines(text);
  const bool is_formula = shown.size() > 1 && std::string_view("=+-@\t").find(shown.front()) != std::string_view::npos;
  return is_formula && !is_number(shown) ? "'" + shown : shown;
}

}  // namespace

std::string csv_field(const std::string& written) {
  const std::string text = no_formula(written);
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string(2, c) : std::string(1, c);
  return quoted + '"';
}

std::string exact(double number) {
  if (!std::isfinite(number)) return "";
  return is_integer(number) ? fmt::format("{}", static_cast<std::int64_t>(number)) : fmt::format("{}", number);
}

std::string to_csv(const Table& table) {
  std::string out =
      line(table.columns, ",", [](const Column& column) { return csv_field(machine_name(column)); }) + '\n';
  for (const auto& row : table.rows) out += line(row, ",", csv_value) + '\n';
  return out;
}

nlohmann::ordered_json to_json(const Table& table) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& row : table.rows) {
    auto object = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < row.size(); ++i) object[machine_name(table.columns[i])] = json_value(row[i]);
    list.push_back(std::move(object));
  }
  return list;
}

std::string to_markdown(const Table& whole) {
  const Table table = without(whole, machine_only);
  std::string out = table.title.empty() ? "" : fmt::format("### {}\n\n", markdown_text(table.title));
  auto header = [](const Column& column) { return markdown_text(header_of(column)); };
  auto rule = [](const Column& column) { return column.align == Align::right ? "--:" : ":--"; };
  auto text = [](const Cell& cell) { return markdown_text(cell.text); };
  out += fmt::format("| {} |\n", line(table.columns, " | ", header));
  out += fmt::format("|{}|\n", line(table.columns, "|", rule));
  for (const auto& row : table.rows) out += fmt::format("| {} |\n", line(row, " | ", text));
  return out;
}

}  // namespace chipmix::report
