// Writes and asks JSON Schema (draft-07, https://json-schema.org/draft-07).
#include "io/schema_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace chipmix::io {
namespace {

using Json = nlohmann::ordered_json;

bool is_kind(const std::string& type, const Value& value) {
  if (type == "string") return value.is_text();
  if (type == "number" || type == "integer") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_list();
  return type == "object" && value.is_object();
}

std::string in_words(const std::string& type) {
  if (type == "string") return "text";
  if (type == "number") return "a number";
  if (type == "integer") return "a whole number";
  if (type == "boolean") return "true or false";
  return type == "array" ? "a list" : "an object";
}

/// The types a schema allows, those of its alternatives included.
void collect_types(const Json& schema, std::vector<std::string>& types) {
  if (schema.contains("type")) {
    const std::string type = schema["type"].get<std::string>();
    if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
  }
  if (schema.contains("anyOf"))
    for (const Json& alternative : schema["anyOf"]) collect_types(alternative, types);
}

std::vector<std::string> types_of(const std::string& schema) {
  std::vector<std::string> types;
  collect_types(Json::parse(schema), types);
  return types;
}

}  // namespace

std::string object_schema(const std::string& title, const std::string& doc, const std::vector<Property>& properties) {
  Json schema = {{"title", title}, {"description", doc}, {"type", "object"}};
  schema["properties"] = Json::object();
  Json required = Json::array();
  for (const Property& property : properties) {
    Json& fragment = schema["properties"][property.key] = Json::parse(property.schema);
    fragment["description"] = property.doc;
    if (property.required) required.push_back(property.key);
  }
  if (!required.empty()) schema["required"] = required;
  schema["additionalProperties"] = false;
  return schema.dump();
}

std::string list_schema(const std::string& element, bool may_be_empty) {
  Json schema = {{"type", "array"}, {"items", Json::parse(element)}};
  if (!may_be_empty) schema["minItems"] = 1;
  return schema.dump();
}

std::string map_schema(const std::string& member, const std::vector<std::string>& keys) {
  Json schema = {{"type", "object"}, {"additionalProperties", Json::parse(member)}};
  if (!keys.empty()) schema["propertyNames"] = {{"enum", keys}};
  return schema.dump();
}

std::string names_schema(const std::vector<std::string>& names) {
  return Json({{"type", "string"}, {"enum", names}}).dump();
}

std::string any_schema(const std::vector<std::string>& alternatives) {
  Json any = Json::array();
  for (const std::string& alternative : alternatives) any.push_back(Json::parse(alternative));
  return Json({{"anyOf", any}}).dump();
}

std::string with_members(const std::string& schema, const std::vector<std::string>& places,
                         const std::string& members) {
  if (members.empty()) return schema;
  Json changed = Json::parse(schema);
  const Json added = Json::parse(fmt::format("{{{}}}", members));
  for (const std::string& place : places) {
    const Json::json_pointer pointer(place);
    if (changed.contains(pointer)) changed[pointer].update(added);
  }
  return changed.dump();
}

bool fits_kind(const std::string& schema, const Value& value) {
  const std::vector<std::string> types = types_of(schema);
  return std::any_of(types.begin(), types.end(), [&](const std::string& type) { return is_kind(type, value); });
}

std::string kinds_in_words(const std::vector<std::string>& schemas) {
  std::vector<std::string> words;
  for (const std::string& schema : schemas)
    for (const std::string& type : types_of(schema))
      if (std::find(words.begin(), words.end(), in_words(type)) == words.end()) words.push_back(in_words(type));
  return fmt::format("{}", fmt::join(words, " or "));
}

}  // namespace chipmix::io
