// A JSON file: its text, its values, and where each value stands.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "io/value.hpp"

namespace chipmix::io {

/// Dotted paths ("options.0.devices") or JSON pointers, each with the text of its new value.
using Changes = std::vector<std::pair<std::string, std::string>>;

class Document {
 public:
  /// Throws InputError on bad syntax (the place of the offending token), a duplicate key, bytes that are not UTF-8,
  /// brackets nested deeper than 100, or an object with more than 4096 keys. A byte order mark is skipped.
  static Document parse(std::string file, std::string text);
  /// Throws FileError if the file cannot be read (64 MiB at most), otherwise as parse().
  static Document load(const std::filesystem::path& path);

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  /// The name given to parse() or load(). Diagnostics after with() add which path was replaced.
  const std::string& file() const;
  /// Of a copy made by with(): the values, written out.
  const std::string& text() const;
  Value root(Diagnostics& diagnostics, Figures figures = Figures::sourced) const;
  /// The values, written out; of a copy made by filled() with what was added.
  std::string json() const;

  /// Where the value at a JSON pointer begins; with `key`, where its key begins.
  Place place_of(const std::string& pointer, bool key = false) const;
  Diagnostic diagnostic(const std::string& pointer, std::string message, std::string hint, bool key = false) const;

  /// A copy in which the value at a dotted path ("options.0.devices" or a JSON pointer) is replaced by `value`
  /// (JSON if it parses as JSON, text otherwise). A list element that is an object may be addressed by its "name"; a
  /// last key that does not exist is added. Throws InputError naming the nearest path when there is none.
  Document with(const std::string& path, const std::string& value) const;
  /// The same for several changes, one after the other.
  Document with(const Changes& changes) const;

  /// A copy with values that the text leaves out, each at the JSON pointer of a key that does not exist in an object
  /// that does. The text stays, so that diagnostics point at what the user wrote.
  Document filled(const Changes& added) const;

  /// Where with() would put a value: its JSON pointer. Throws InputError as with() does.
  std::string pointer_to(const std::string& path) const;
  /// Whether there is a value at a JSON pointer.
  bool has(const std::string& pointer) const;

 private:
  struct State;
  explicit Document(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What with() takes words for, as compact JSON: JSON as it is, anything else as text.
std::string json_text(const std::string& words);

}  // namespace chipmix::io
