#include "sweep/point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <set>
#include <stdexcept>

namespace chipmix::sweep {
namespace {

constexpr int most_values = 1'000'000;  // of one axis

[[noreturn]] void refuse(const std::string& message) { throw std::invalid_argument(message); }

/// The parts of a text between commas that are outside brackets and quotes.
std::vector<std::string> split_axes(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && (i == 0 || text[i - 1] != '\\')) is_quoted = !is_quoted;
    if (!is_quoted && (c == '[' || c == '{')) ++depth;
    if (!is_quoted && (c == ']' || c == '}')) --depth;
    if (c == ',' && depth == 0 && !is_quoted)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

template <class Number>
std::optional<Number> number(const std::string& text) {
  Number value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  return fault == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// "FROM:TO:COUNT" or "FROM:TO:COUNT UNIT".
struct Range {
  double from = 0, to = 0;
  int count = 0;
  std::string unit;
};

std::optional<Range> read_range(const std::string& text) {
  const auto first = text.find(':'), second = text.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  const auto space = text.find(' ', second);
  const auto from = number<double>(text.substr(0, first));
  const auto to = number<double>(text.substr(first + 1, second - first - 1));
  const auto count = number<int>(text.substr(second + 1, space == std::string::npos ? space : space - second - 1));
  if (!from || !to || !count) return std::nullopt;
  return Range{*from, *to, *count, space == std::string::npos ? "" : text.substr(space)};
}

std::vector<std::string> spread(const Range& range) {
  if (range.count < 2 || range.count > most_values)
    refuse(fmt::format("a range has 2 to {} values, not {}", most_values, range.count));
  std::vector<std::string> values;
  for (int i = 0; i < range.count; ++i) {
    const double value = range.from + (range.to - range.from) * i / (range.count - 1);
    // 12 digits: without the last bits that adding up leaves behind (0.30000000000000004)
    values.push_back(io::json_text(fmt::format("{:.12g}{}", value, range.unit)));
  }
  return values;
}

}  // namespace

Axis read_axis(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    refuse(fmt::format("needs PATH=V1,V2,... or PATH=FROM:TO:COUNT, not '{}'", text));
  Axis axis{text.substr(0, equals), {}};
  const std::string words = text.substr(equals + 1);
  if (const auto range = read_range(words)) {
    axis.values = spread(*range);
  } else {
    for (const std::string& word : split_axes(words)) {
      if (word.empty()) refuse(fmt::format("has an empty value in '{}'", text));
      axis.values.push_back(io::json_text(word));
    }
  }
  std::set<std::string> seen;
  for (const std::string& value : axis.values)
    if (!seen.insert(value).second) refuse(fmt::format("has the value {} twice in '{}'", value, axis.path));
  return axis;
}

Grid::Grid(std::vector<Axis> axes) : axes_(std::move(axes)) {
  for (const Axis& axis : axes_) {
    if (size_ > std::numeric_limits<std::uint32_t>::max() / axis.values.size())
      refuse("has more combinations of values than can be counted");
    size_ *= axis.values.size();
  }
}

Point Grid::point(std::size_t index) const {
  Point point(axes_.size());
  for (std::size_t i = axes_.size(); i-- > 0;) {
    const Axis& axis = axes_[i];
    point[i] = {axis.path, axis.values[index % axis.values.size()]};
    index /= axis.values.size();
  }
  return point;
}

Shard read_shard(const std::string& text) {
  const auto slash = std::min(text.find('/'), text.size());
  const Shard shard{number<std::size_t>(text.substr(0, slash)).value_or(0),
                    number<std::size_t>(text.substr(std::min(slash + 1, text.size()))).value_or(0)};
  if (shard.index < 1 || shard.index > shard.count) refuse(fmt::format("needs I/N with I from 1 to N, not '{}'", text));
  return shard;
}

}  // namespace chipmix::sweep
