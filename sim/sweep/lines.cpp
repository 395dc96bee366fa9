#include "sweep/lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "report/table.hpp"

namespace chipmix::sweep {
namespace {

using Json = nlohmann::ordered_json;

const std::string* value_at(const Point& changes, const std::string& path) {
  const auto found = std::find_if(changes.begin(), changes.end(), [&](const auto& one) { return one.first == path; });
  return found == changes.end() ? nullptr : &found->second;
}

/// JSON text without its quotes, other values as they are written.
std::string plain(const std::string& value) {
  return value.starts_with('"') ? Json::parse(value).get<std::string>() : value;
}

/// A row is one line.
std::string field(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return report::csv_field(text);
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

constexpr std::size_t key_size = 36;  // of a UUID as text

std::optional<std::size_t> number_before(std::string_view text, char end) {
  std::size_t number = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool ends = stop != text.data() + text.size() && *stop == end;
  return fault == std::errc() && ends ? std::optional(number) : std::nullopt;
}

/// A key, what stands between, and a number that a comma follows.
std::optional<Label> label(std::string_view line, std::string_view between) {
  if (line.size() < key_size) return std::nullopt;
  const std::string_view key = line.substr(0, key_size), rest = line.substr(key_size);
  const bool is_key = std::all_of(key.begin(), key.end(), [](char c) { return c == '-' || std::isxdigit(c) != 0; });
  if (!is_key || !rest.starts_with(between)) return std::nullopt;
  const auto point = number_before(rest.substr(between.size()), ',');
  return point ? std::optional(Label{std::string(key), *point}) : std::nullopt;
}

}  // namespace

std::optional<LineFormat> line_format(const std::string& path) {
  if (path.ends_with(".csv")) return LineFormat::csv;
  return path.ends_with(".jsonl") ? std::optional(LineFormat::jsonl) : std::nullopt;
}

Lines::Lines(LineFormat format, std::vector<std::string> paths, std::vector<std::string> figures)
    : format_(format), paths_(std::move(paths)), figures_(std::move(figures)), columns_{"key", "point"} {
  columns_.insert(columns_.end(), paths_.begin(), paths_.end());
  for (const char* name : {"option", "feasible", "plan"}) columns_.emplace_back(name);
  columns_.insert(columns_.end(), figures_.begin(), figures_.end());
  for (const char* name : {"reason", "error"}) columns_.emplace_back(name);
}

std::string Lines::header() const {
  if (format_ == LineFormat::jsonl) return "";
  std::string text;
  for (const std::string& column : columns_) text += (text.empty() ? "" : ",") + field(column);
  return text + '\n';
}

std::string Lines::line(const std::string& key, std::size_t point, const Point& changes, const Row& row) const {
  return format_ == LineFormat::csv ? csv(key, point, changes, row) : json(key, point, changes, row);
}

std::string Lines::csv(const std::string& key, std::size_t point, const Point& changes, const Row& row) const {
  std::string text = fmt::format("{},{}", key, point);
  for (const std::string& path : paths_) {
    const std::string* value = value_at(changes, path);
    text += ',' + (value ? field(plain(*value)) : "");
  }
  text += fmt::format(",{},{},{}", field(row.option), row.feasible, field(row.plan));
  for (std::size_t i = 0; i < figures_.size(); ++i) text += ',' + report::exact(row.figures[i]);
  return text + fmt::format(",{},{}\n", field(row.reason), field(row.error));
}

std::string Lines::json(const std::string& key, std::size_t point, const Point& changes, const Row& row) const {
  Json json = {{"key", key}, {"point", point}};
  for (const std::string& path : paths_) {
    const std::string* value = value_at(changes, path);
    json[path] = value ? Json::parse(*value) : Json(nullptr);
  }
  json["option"] = row.option;
  json["feasible"] = row.feasible;
  json["plan"] = text_or_null(row.plan);
  for (std::size_t i = 0; i < figures_.size(); ++i)
    json[figures_[i]] = std::isfinite(row.figures[i]) ? Json(row.figures[i]) : Json(nullptr);
  json["reason"] = text_or_null(row.reason);
  json["error"] = text_or_null(row.error);
  return json.dump() + '\n';
}

namespace {

/// Fields of a CSV line, without their quotes.
std::vector<std::string> split_csv(const std::string& line) {
  std::vector<std::string> list(1);
  bool is_quoted = false;
  for (char c : line) {
    if (c == '"')
      is_quoted = !is_quoted;
    else if (c == ',' && !is_quoted)
      list.emplace_back();
    else if (c != '\n')
      list.back() += c;
  }
  return list;
}

bool is_figure(const std::string& text) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  return text.empty() || (fault == std::errc() && end == text.data() + text.size() && std::isfinite(value));
}

}  // namespace

bool Lines::holds(const std::string& line) const {
  const std::size_t before = 2 + paths_.size() + 3;  // key, point; option, feasible, plan
  if (format_ == LineFormat::csv) {
    const auto fields = split_csv(line);
    if (fields.size() != columns_.size()) return false;
    const std::string& feasible = fields[before - 2];
    return (feasible == "true" || feasible == "false") &&
           std::all_of(fields.begin() + static_cast<std::ptrdiff_t>(before),
                       fields.begin() + static_cast<std::ptrdiff_t>(before + figures_.size()), is_figure);
  }
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || json.size() != columns_.size()) return false;
  for (const std::string& column : columns_)
    if (!json.contains(column)) return false;
  const auto is_number = [&](const std::string& figure) { return json[figure].is_number() || json[figure].is_null(); };
  return json["feasible"].is_boolean() && std::all_of(figures_.begin(), figures_.end(), is_number);
}

std::optional<Label> label_of(const std::string& line, LineFormat format) {
  if (format == LineFormat::csv) return label(line, ",");
  constexpr std::string_view start = R"({"key":")";
  return line.starts_with(start) ? label(std::string_view(line).substr(start.size()), R"(","point":)") : std::nullopt;
}

namespace {

/// Fields of a CSV line; nothing where a quote is left open.
std::optional<std::size_t> fields_of(const std::string& line) {
  std::size_t count = 1;
  bool is_quoted = false;
  for (char c : line) {
    if (c == '"') is_quoted = !is_quoted;
    if (c == ',' && !is_quoted) ++count;
  }
  return is_quoted ? std::nullopt : std::optional(count);
}

}  // namespace

bool is_whole(const std::string& line, const std::string& header, LineFormat format) {
  if (format == LineFormat::jsonl) return Json::accept(line);
  const auto fields = fields_of(line);
  return fields && fields == fields_of(header);
}

}  // namespace chipmix::sweep
