// Plain values: numbers, truth values, text, counts and number formats.
#include "io/shape.hpp"

#include <fmt/format.h>

#include <limits>

namespace chipmix::io {

std::optional<double> Reading<double>::read(const Value& value) { return value.as_number(); }
std::string Reading<double>::schema() { return R"({"type":"number"})"; }

std::optional<int> Reading<int>::read(const Value& value) {
  const std::optional<long long> number = value.as_integer();
  if (!number) return std::nullopt;
  if (*number >= std::numeric_limits<int>::min() && *number <= std::numeric_limits<int>::max())
    return static_cast<int>(*number);
  value.error(fmt::format("the whole number {} is too large", value.to_json()), "at most 2147483647 in absolute value");
  return std::nullopt;
}
std::string Reading<int>::schema() { return R"({"type":"integer"})"; }

std::optional<long long> Reading<long long>::read(const Value& value) { return value.as_integer(); }
std::string Reading<long long>::schema() { return R"({"type":"integer"})"; }

std::optional<bool> Reading<bool>::read(const Value& value) { return value.as_boolean(); }
std::string Reading<bool>::schema() { return R"({"type":"boolean"})"; }

std::optional<std::string> Reading<std::string>::read(const Value& value) { return value.as_text(); }
std::string Reading<std::string>::schema() { return R"({"type":"string"})"; }

std::optional<Count> Reading<Count>::read(const Value& value) {
  if (!value.is_number() && !value.is_text()) {
    value.expected("a number", "write a count such as 36700160 or \"1T\"");
    return std::nullopt;
  }
  const QuantityText<double> count = parse_count(value.is_text() ? *value.as_text() : value.to_json());
  if (!count.value) {
    value.error(count.message, count.hint);
    return std::nullopt;
  }
  return Count{*count.value};
}
std::string Reading<Count>::schema() { return count_schema(); }

std::optional<std::string> quantity_source(const Value& value) {
  if (value.is_text()) return value.as_text();
  if (value.is_number()) return value.to_json();
  value.expected("text with a number and a unit");
  return std::nullopt;
}

Names<Dtype> names_of(Type<Dtype>) {
  Names<Dtype> names;
  for (const Dtype dtype : all_dtypes) names.emplace_back(name(dtype), dtype);
  return names;
}

Names<Evidence> names_of(Type<Evidence>) {
  Names<Evidence> names;
  for (const Evidence grade : all_grades) names.emplace_back(name(grade), grade);
  return names;
}

std::vector<std::string> dtype_names() {
  std::vector<std::string> names;
  for (const Dtype dtype : all_dtypes) names.emplace_back(name(dtype));
  return names;
}

std::optional<Dtype> dtype_of_key(const std::string& key, const Value& member) {
  const std::optional<Dtype> dtype = dtype_named(key);
  if (!dtype) member.error_at_key(fmt::format("unknown number format '{}'", key), spelling_hint(key, dtype_names()));
  return dtype;
}

std::string number_text(double number) { return fmt::format("{}", number); }

}  // namespace chipmix::io
