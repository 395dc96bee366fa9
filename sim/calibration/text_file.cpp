#include "calibration/text_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <memory>

#include "io/scanner.hpp"

namespace chipmix::calibration {
namespace {

// Of a time, a size or a rate, in the unit of its column: a picosecond in seconds to an exabyte in bytes.
constexpr double least_figure = 1e-12, greatest_figure = 1e18;
constexpr double greatest_count = 1e9;  // of ranks, rows, columns, heads: what an int holds

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return text.substr(0, 0);
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

std::vector<Line> TextFile::lines() const {
  std::vector<Line> list;
  for (std::size_t begin = 0; begin < text_.size();) {
    const std::size_t end = std::min(text_.find('\n', begin), text_.size());
    list.push_back({text_.substr(begin, end - begin), begin});
    begin = end + 1;
  }
  return list;
}

void TextFile::fault(std::size_t offset, std::string message, std::string hint) {
  if (diagnostics_.full()) return diagnostics_.add({});  // only counted: spares looking for its line
  Diagnostic fault = io::diagnostic_at(file_, text_, {offset, std::move(message), std::move(hint)});
  fault.place.line += static_cast<int>(lines_before_);
  diagnostics_.add(std::move(fault));
}

std::optional<double> TextFile::positive(const Field& field, const char* what) {
  const auto value = number(field.text);
  if (!value) {
    fault(field.offset, fmt::format("expected {} as a number, found '{}'", what, field.text),
          "the unit is in the header, numbers have none");
    return std::nullopt;
  }
  if (*value >= least_figure && *value <= greatest_figure) return value;
  fault(field.offset,
        *value > 0 && std::isfinite(*value)
            ? fmt::format("{} must be between {:g} and {:g}, found {}", what, least_figure, greatest_figure, field.text)
            : fmt::format("{} must be more than 0, found {}", what, field.text));
  return std::nullopt;
}

std::optional<double> TextFile::whole(const Field& field, const char* what) {
  const auto value = positive(field, what);
  if (!value) return std::nullopt;
  if (*value == std::floor(*value) && *value <= greatest_count) return value;
  fault(field.offset, fmt::format("{} must be a whole number up to {:g}, found {}", what, greatest_count, field.text));
  return std::nullopt;
}

std::vector<Field> words(const Line& line) {
  std::vector<Field> list;
  for (std::size_t begin = line.text.find_first_not_of(blanks); begin != std::string_view::npos;) {
    const std::size_t end = std::min(line.text.find_first_of(blanks, begin), line.text.size());
    list.push_back({line.text.substr(begin, end - begin), line.offset + begin});
    begin = line.text.find_first_not_of(blanks, end);
  }
  return list;
}

std::vector<Field> fields(const Line& line, char separator) {
  std::vector<Field> list;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= line.text.size(); ++i) {
    if (i < line.text.size() && line.text[i] == '"') quoted = !quoted;
    if (i < line.text.size() && (quoted || line.text[i] != separator)) continue;
    std::string_view field = trimmed(line.text.substr(begin, i - begin));
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
    list.push_back({field, line.offset + static_cast<std::size_t>(field.data() - line.text.data())});
    begin = i + 1;
  }
  return list;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

MeasurementFile from_text(std::string file, std::string text, std::string format, std::vector<Sample> samples,
                          std::vector<std::size_t> offsets) {
  MeasurementFile result{file, std::move(format), {}};
  result.data.samples = std::move(samples);
  const auto kept = std::make_shared<const std::string>(std::move(text));
  result.fault = [file, kept, offsets](std::size_t sample, std::string message, std::string hint) {
    return io::diagnostic_at(file, *kept, {offsets.at(sample), std::move(message), std::move(hint)});
  };
  return result;
}

}  // namespace chipmix::calibration
