// A JSON value and where it stands. Reading it as the wrong kind records a Diagnostic and returns nothing,
// so that one pass over a file finds every fault in it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"

namespace chipmix::io {

class Document;

/// Whether a figure may stand without its grade and source: in scenarios it may, in profiles it may not.
enum class Figures { sourced, plain };

/// Collects faults; thrown together. Keeps the first 100 and counts the rest.
class Diagnostics {
 public:
  static constexpr std::size_t most_kept = 100;

  void add(Diagnostic diagnostic);
  bool empty() const { return list_.empty(); }
  /// Faults recorded, those not kept included: grows with every fault.
  std::size_t size() const { return list_.size() + dropped_; }
  bool full() const { return list_.size() >= most_kept; }
  const std::vector<Diagnostic>& list() const { return list_; }
  /// Takes out the faults recorded since there were `before` of them.
  std::vector<Diagnostic> take(std::size_t before);
  /// Throws InputError with all faults, ordered by file, line and column, if there are any.
  void throw_if_any() const;

 private:
  std::vector<Diagnostic> list_;
  std::size_t dropped_ = 0;
};

class Value {
 public:
  Value(const Document& document, const nlohmann::ordered_json& json, std::string pointer, Diagnostics& diagnostics,
        Figures figures = Figures::sourced);

  const Document& document() const { return *document_; }
  const std::string& pointer() const { return pointer_; }
  Diagnostics& diagnostics() const { return *diagnostics_; }
  Figures figures() const { return figures_; }

  bool is_null() const;
  bool is_text() const;
  bool is_number() const;
  bool is_boolean() const;
  bool is_list() const;
  bool is_object() const;
  std::string kind() const;     ///< "a number", "text", "a list", ... for messages
  std::string to_json() const;  ///< the value, written compactly

  /// Records a fault at this value / at this value's key.
  void error(std::string message, std::string hint = "") const;
  void error_at_key(std::string message, std::string hint = "") const;
  /// Records "expected WANTED, found a number" at this value.
  void expected(const std::string& wanted, std::string hint = "") const;

  std::optional<double> as_number() const;
  std::optional<long long> as_integer() const;  ///< 3 and 3.0 are integers, 3.5 is not
  std::optional<bool> as_boolean() const;
  std::optional<std::string> as_text() const;
  std::vector<Value> as_list() const;                          ///< empty, with a fault recorded, if it is not a list
  std::vector<std::pair<std::string, Value>> members() const;  ///< in the order of the text
  std::optional<Value> find(std::string_view key) const;

 private:
  void record(std::string message, std::string hint, bool key) const;
  Value child(const nlohmann::ordered_json& json, const std::string& token) const;

  const Document* document_;
  const nlohmann::ordered_json* json_;
  std::string pointer_;
  Diagnostics* diagnostics_;
  Figures figures_;
};

}  // namespace chipmix::io
