// Reads JSON values as C++ values; what does not fit is recorded with its place.
#include "io/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/words.hpp"
#include "io/document.hpp"
#include "io/scanner.hpp"

namespace chipmix::io {
namespace {

constexpr double largest_exact_integer = 9007199254740992.0;  // 2^53: beyond it a double skips integers (IEEE 754)

bool reads_as_number(const std::string& text) {
  return nlohmann::json::accept(text) && nlohmann::json::parse(text, nullptr, false).is_number();
}

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  if (full())
    ++dropped_;
  else
    list_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Diagnostics::take(std::size_t before) {
  if (before >= list_.size()) return {};
  const auto first = list_.begin() + static_cast<std::ptrdiff_t>(before);
  std::vector<Diagnostic> taken(std::make_move_iterator(first), std::make_move_iterator(list_.end()));
  list_.erase(first, list_.end());
  return taken;
}

void Diagnostics::throw_if_any() const {
  if (empty()) return;
  std::vector<Diagnostic> sorted = list_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.file, a.place.line, a.place.column) < std::tie(b.file, b.place.line, b.place.column);
  });
  if (dropped_ > 0) {
    Diagnostic rest;
    rest.file = sorted.back().file;
    rest.message = fmt::format("{} more {} not shown", dropped_, noun(dropped_, "fault is", "faults are"));
    sorted.push_back(std::move(rest));
  }
  throw InputError(std::move(sorted));
}

Value::Value(const Document& document, const nlohmann::ordered_json& json, std::string pointer,
             Diagnostics& diagnostics, Figures figures)
    : document_(&document), json_(&json), pointer_(std::move(pointer)), diagnostics_(&diagnostics), figures_(figures) {}

bool Value::is_null() const { return json_->is_null(); }
bool Value::is_text() const { return json_->is_string(); }
bool Value::is_number() const { return json_->is_number(); }
bool Value::is_boolean() const { return json_->is_boolean(); }
bool Value::is_list() const { return json_->is_array(); }
bool Value::is_object() const { return json_->is_object(); }

std::string Value::kind() const {
  if (is_text()) return "text";
  if (is_number()) return "a number";
  if (is_boolean()) return "true or false";
  if (is_list()) return "a list";
  if (is_object()) return "an object";
  return "null";
}

std::string Value::to_json() const { return json_->dump(); }

void Value::record(std::string message, std::string hint, bool key) const {
  if (diagnostics_->full()) return diagnostics_->add({});  // only counted: spares looking for its place
  diagnostics_->add(document_->diagnostic(pointer_, std::move(message), std::move(hint), key));
}

void Value::error(std::string message, std::string hint) const { record(std::move(message), std::move(hint), false); }

void Value::error_at_key(std::string message, std::string hint) const {
  record(std::move(message), std::move(hint), true);
}

void Value::expected(const std::string& wanted, std::string hint) const {
  error(fmt::format("expected {}, found {}", wanted, kind()), std::move(hint));
}

std::optional<double> Value::as_number() const {
  if (is_number()) return json_->get<double>();
  const bool quoted = is_text() && reads_as_number(json_->get<std::string>());
  expected("a number", quoted ? "write it without quotes" : "");
  return std::nullopt;
}

std::optional<long long> Value::as_integer() const {
  if (!is_number()) {
    const bool quoted = is_text() && reads_as_number(json_->get<std::string>());
    expected("a whole number", quoted ? "write it without quotes" : "");
    return std::nullopt;
  }
  const double number = json_->get<double>();
  if (number != std::floor(number)) {
    error(fmt::format("expected a whole number, found {}", to_json()));
    return std::nullopt;
  }
  if (json_->is_number_float() && std::abs(number) <= largest_exact_integer) return static_cast<long long>(number);
  const bool fits =
      !json_->is_number_unsigned() ||
      json_->get<unsigned long long>() <= static_cast<unsigned long long>(std::numeric_limits<long long>::max());
  if (json_->is_number_integer() && fits) return json_->get<long long>();
  error(fmt::format("the whole number {} is too large", to_json()));
  return std::nullopt;
}

std::optional<bool> Value::as_boolean() const {
  if (is_boolean()) return json_->get<bool>();
  expected("true or false", is_text() ? "write it without quotes" : "");
  return std::nullopt;
}

std::optional<std::string> Value::as_text() const {
  if (is_text()) return json_->get<std::string>();
  expected("text", is_number() || is_boolean() ? "write it in double quotes" : "");
  return std::nullopt;
}

std::vector<Value> Value::as_list() const {
  std::vector<Value> list;
  if (!is_list()) {
    expected("a list");
    return list;
  }
  list.reserve(json_->size());
  for (const auto& element : *json_) list.push_back(child(element, std::to_string(list.size())));
  return list;
}

std::vector<std::pair<std::string, Value>> Value::members() const {
  std::vector<std::pair<std::string, Value>> members;
  if (!is_object()) {
    expected("an object");
    return members;
  }
  members.reserve(json_->size());
  for (const auto& [key, member] : json_->items()) members.emplace_back(key, child(member, key));
  return members;
}

std::optional<Value> Value::find(std::string_view key) const {
  if (!is_object()) return std::nullopt;
  const auto member = json_->find(std::string(key));
  if (member == json_->end()) return std::nullopt;
  return child(*member, std::string(key));
}

Value Value::child(const nlohmann::ordered_json& json, const std::string& token) const {
  return Value(*document_, json, pointer_ + pointer_token(token), *diagnostics_, figures_);
}

}  // namespace chipmix::io
