// Finding and checking single values of a config.json.
#include "workload/hf_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace chipmix::workload {
namespace {

std::optional<int> checked(const io::Value& value, std::string_view key, int low, int high) {
  const auto number = value.as_integer();
  if (!number) return std::nullopt;
  if (*number >= low && *number <= high) return static_cast<int>(*number);
  value.error(fmt::format("'{}' must be from {} to {}, found {}", key, low, high, *number));
  return std::nullopt;
}

std::optional<int> common(const io::Value& list, std::string_view key, int low, int high) {
  std::optional<int> first;
  for (const io::Value& element : list.as_list()) {
    const auto number = checked(element, key, low, high);
    if (!number) return std::nullopt;
    if (first && *number != *first) {
      element.error(fmt::format("'{}' differs between layers: {} and {}", key, *first, *number),
                    "layers that differ in this are not supported");
      return std::nullopt;
    }
    first = number;
  }
  if (!first) list.error(fmt::format("'{}' is an empty list", key));
  return first;
}

}  // namespace

std::optional<io::Value> find_any(const io::Value& config, const Spellings& spellings) {
  for (const std::string_view key : spellings)
    if (auto value = config.find(key); value && !value->is_null()) return value;
  return std::nullopt;
}

std::optional<int> count(const io::Value& config, const Spellings& spellings, int low, int high) {
  for (const std::string_view key : spellings) {
    const auto value = config.find(key);
    if (!value || value->is_null()) continue;
    return value->is_list() ? common(*value, key, low, high) : checked(*value, key, low, high);
  }
  return std::nullopt;
}

int required_count(const io::Value& config, const Spellings& spellings, int low, int high) {
  if (find_any(config, spellings)) return count(config, spellings, low, high).value_or(0);
  config.error(fmt::format("missing key '{}'", spellings.front()),
               spellings.size() > 1 ? fmt::format("accepted spellings: {}", fmt::join(spellings, ", ")) : "");
  return 0;
}

bool flag(const io::Value& config, const Spellings& spellings, bool otherwise) {
  const auto value = find_any(config, spellings);
  return value ? value->as_boolean().value_or(otherwise) : otherwise;
}

std::optional<std::string> text(const io::Value& config, const Spellings& spellings) {
  const auto value = find_any(config, spellings);
  return value ? value->as_text() : std::nullopt;
}

void fault(const io::Value& config, const Spellings& spellings, std::string message, std::string hint) {
  const auto value = find_any(config, spellings);
  (value ? *value : config).error(std::move(message), std::move(hint));
}

}  // namespace chipmix::workload
