// Pieces of JSON Schema (draft-07), each one JSON object as text.
#pragma once

#include <string>
#include <vector>

#include "io/value.hpp"

namespace chipmix::io {

/// While one exists, schemas that this thread writes let figures stand without grade and source.
class PlainFiguresInSchema {
 public:
  PlainFiguresInSchema() { allowed() = true; }
  ~PlainFiguresInSchema() { allowed() = false; }
  PlainFiguresInSchema(const PlainFiguresInSchema&) = delete;
  PlainFiguresInSchema& operator=(const PlainFiguresInSchema&) = delete;

  static bool& allowed() {
    thread_local bool is_allowed = false;
    return is_allowed;
  }
};

struct Property {
  std::string key;
  std::string doc;
  std::string schema;
  bool required = false;
};

std::string object_schema(const std::string& title, const std::string& doc, const std::vector<Property>& properties);
std::string list_schema(const std::string& element, bool may_be_empty = true);
/// An object with any keys, or with keys from `keys` only if there are any.
std::string map_schema(const std::string& member, const std::vector<std::string>& keys = {});
std::string names_schema(const std::vector<std::string>& names);
std::string any_schema(const std::vector<std::string>& alternatives);

/// The schema with members ("\"minimum\":1") added at each of the places (JSON pointers into the schema, "" the top).
std::string with_members(const std::string& schema, const std::vector<std::string>& places, const std::string& members);

/// Whether the value's JSON kind is one that the schema's "type" allows.
bool fits_kind(const std::string& schema, const Value& value);
/// The kinds a schema allows, in words: "text or an object".
std::string kinds_in_words(const std::vector<std::string>& schemas);

}  // namespace chipmix::io
