// The members of one object of a record, each asked for by name; those nobody asked for are known by it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/value.hpp"

namespace chipmix::validation {

/// The counts of a list; what is none is a fault.
std::vector<int> counts_in(const io::Value& list);

/// Absent and null members read as nothing.
class Members {
 public:
  /// `fallback`: an object of `{value, source}` by field, asked where the first has no such member; fields found there
  /// are noted in `by_default`.
  explicit Members(io::Value value, std::optional<io::Value> fallback = {},
                   std::vector<std::string>* by_default = nullptr)
      : value_(std::move(value)), fallback_(std::move(fallback)), by_default_(by_default) {}

  std::optional<io::Value> find(const std::string& key) const;
  std::optional<int> count(const std::string& key) const;
  std::optional<double> number(const std::string& key) const;
  std::optional<bool> truth(const std::string& key) const;
  std::string text(const std::string& key) const;
  /// Text that is one of these; another is a fault, with the nearest of them.
  std::string one_of(const std::string& key, const std::vector<std::string>& known) const;
  /// Text, or "true"/"false" for a truth value: fields that older records had as a flag.
  std::string text_or_flag(const std::string& key) const;
  std::vector<std::string> texts(const std::string& key) const;
  std::vector<int> counts(const std::string& key) const;
  /// The object under a key, which must be there.
  std::optional<io::Value> part(const std::string& key) const;
  std::vector<io::Value> list(const std::string& key) const;

  /// For people, or said again in another member: known, and not read.
  void pass_over(std::initializer_list<const char*> keys) const;
  /// Records a fault at each member that was not asked for.
  void report_unknown() const;

 private:
  io::Value value_;
  std::optional<io::Value> fallback_;
  std::vector<std::string>* by_default_;
  mutable std::set<std::string> known_;
};

}  // namespace chipmix::validation
