// The "chipmix" object of a model file: what the model is called, where its configuration and its published parameter
// counts were read. A config.json as its makers publish it has none.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/spelling.hpp"
#include "io/quantity_text.hpp"
#include "workload/hf_parts.hpp"

namespace chipmix::workload {
namespace {

struct Rounded {
  double value = 0;
  double rounding = 0;  ///< half a unit of the last digit
};

/// "16.8B" was rounded to 0.1 B; a plain number is exact.
double half_unit(const std::string& text, double value) {
  const auto point = text.find('.');
  const auto digits_end = text.find_first_not_of("0123456789.");
  const std::size_t end = digits_end == std::string::npos ? text.size() : digits_end;
  const double decimals = point == std::string::npos ? 0 : static_cast<double>(end - point - 1);
  const double mantissa = std::stod(text.substr(0, end));
  return mantissa > 0 ? 0.5 * value / mantissa * std::pow(10.0, -decimals) : 0;
}

Rounded read_count(const io::Value& value) {
  if (value.is_number()) {
    const double number = value.as_number().value_or(0);
    if (number <= 0) value.error("a parameter count must be above 0");
    return {number, 0.5};
  }
  const auto text = value.as_text();
  if (!text) return {};
  const auto count = io::parse_count(*text);
  if (!count.value || *count.value <= 0 || text->find_first_not_of("0123456789.kMGBTP") != std::string::npos) {
    value.error(count.message.empty() ? fmt::format("'{}' is not a parameter count", *text) : count.message,
                "write it with the digits that were published, for example \"16.8B\"");
    return {};
  }
  return {*count.value, half_unit(*text, *count.value)};
}

template <std::size_t N>
void check_keys(const io::Value& object, const std::array<const char*, N>& known) {
  for (const auto& [key, value] : object.members())
    if (std::find(known.begin(), known.end(), key) == known.end())
      value.error_at_key(fmt::format("unknown key '{}'", key), spelling_hint(key, {known.begin(), known.end()}));
}

PublishedCount read_published(const io::Value& object) {
  check_keys(object, std::array{"total", "active", "source"});
  PublishedCount published;
  const auto read = [&](const char* key) {
    const auto value = find_any(object, {key});
    return value ? read_count(*value) : Rounded{};
  };
  const Rounded total = read("total"), active = read("active");
  published.total = total.value;
  published.total_rounding = total.rounding;
  published.active = active.value;
  published.active_rounding = active.rounding;
  const auto source = text(object, {"source"});
  if (!source && object.is_object()) object.error("missing key 'source'", "say where the counts were published");
  published.source = source.value_or("");
  return published;
}

}  // namespace

void read_note(const io::Value& root, ModelSpec& model) {
  const auto note = find_any(root, {"chipmix"});
  if (!note) {
    model.name = text(root, {"_name_or_path"}).value_or("");
    model.id = model.name.substr(model.name.find_last_of("/\\") + 1);  // npos + 1 is 0
    return;
  }
  check_keys(*note, std::array{"id", "name", "source", "published"});
  model.id = text(*note, {"id"}).value_or("");
  model.name = text(*note, {"name"}).value_or(model.id);
  model.source = text(*note, {"source"}).value_or("");
  if (const auto published = find_any(*note, {"published"})) model.published = read_published(*published);
}

}  // namespace chipmix::workload
