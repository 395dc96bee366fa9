#include "validation/run_members.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/spelling.hpp"

namespace chipmix::validation {

constexpr long long most_counted = 100'000'000;
constexpr double least = 1e-12, most = 1e15;  // of any figure of a run, in its field's unit

std::optional<io::Value> Members::find(const std::string& key) const {
  known_.insert(key);
  if (auto member = value_.find(key); member && !member->is_null()) return member;
  const auto stated = fallback_ ? fallback_->find(key) : std::nullopt;
  auto value = stated && stated->is_object() ? stated->find("value") : std::nullopt;
  if (!value || value->is_null()) return std::nullopt;
  if (by_default_ != nullptr && std::find(by_default_->begin(), by_default_->end(), key) == by_default_->end())
    by_default_->push_back(key);
  return value;
}

std::optional<int> Members::count(const std::string& key) const {
  const auto member = find(key);
  const auto number = member ? member->as_integer() : std::nullopt;
  if (!number) return std::nullopt;
  if (*number < 0 || *number > most_counted) {
    member->error("must be between 0 and 100,000,000");
    return std::nullopt;
  }
  return static_cast<int>(*number);
}

std::optional<double> Members::number(const std::string& key) const {
  const auto member = find(key);
  const auto number = member ? member->as_number() : std::nullopt;
  if (!number) return std::nullopt;
  if (*number == 0 || (*number >= least && *number <= most)) return number;
  member->error("must be between 1e-12 and 1e15, or 0");
  return std::nullopt;
}

std::optional<bool> Members::truth(const std::string& key) const {
  const auto member = find(key);
  return member ? member->as_boolean() : std::nullopt;
}

std::string Members::text(const std::string& key) const {
  const auto member = find(key);
  return member ? member->as_text().value_or("") : "";
}

std::string Members::word(const std::string& key, const std::vector<std::string>& words) const {
  std::string said = text(key);
  if (said.empty() || std::find(words.begin(), words.end(), said) != words.end()) return said;
  const auto near = nearest_spelling(said, words);
  find(key)->error(fmt::format("'{}' is none of {}", said.substr(0, 40), fmt::join(words, ", ")),
                   near ? fmt::format("did you mean '{}'?", *near) : "");
  return "";
}

std::string Members::text_or_flag(const std::string& key) const {
  const auto member = find(key);
  if (!member) return "";
  if (member->is_boolean()) return *member->as_boolean() ? "true" : "false";
  return member->as_text().value_or("");
}

std::vector<std::string> Members::texts(const std::string& key) const {
  std::vector<std::string> texts;
  for (const io::Value& element : list(key))
    if (auto text = element.as_text()) texts.push_back(*text);
  return texts;
}

std::vector<int> counts_in(const io::Value& list) {
  std::vector<int> counts;
  for (const io::Value& element : list.as_list())
    if (const auto count = element.as_integer(); count && *count >= 0 && *count <= most_counted)
      counts.push_back(static_cast<int>(*count));
    else if (count)
      element.error("must be between 0 and 100,000,000");
  return counts;
}

std::vector<int> Members::counts(const std::string& key) const {
  const auto member = find(key);
  return member ? counts_in(*member) : std::vector<int>{};
}

std::optional<io::Value> Members::part(const std::string& key) const {
  auto member = find(key);
  if (!member) value_.error(fmt::format("a run needs '{}'", key));
  if (member && !member->is_object()) member->expected("an object");
  return member && member->is_object() ? member : std::nullopt;
}

std::vector<io::Value> Members::list(const std::string& key) const {
  const auto member = find(key);
  return member ? member->as_list() : std::vector<io::Value>{};
}

void Members::pass_over(std::initializer_list<const char*> keys) const { known_.insert(keys.begin(), keys.end()); }

void Members::report_unknown() const {
  if (!value_.is_object()) return;
  const std::vector<std::string> known(known_.begin(), known_.end());
  for (const auto& [key, member] : value_.members())
    if (!known_.contains(key)) {
      const auto near = nearest_spelling(key, known);
      member.error_at_key(fmt::format("'{}' is not a field of a run and is ignored", key),
                          near ? fmt::format("did you mean '{}'?", *near) : "");
    }
}

}  // namespace chipmix::validation
