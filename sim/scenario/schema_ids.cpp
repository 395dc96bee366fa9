#include "scenario/schema_ids.hpp"

#include <nlohmann/json.hpp>

namespace chipmix::scenario {
namespace {

using Json = nlohmann::ordered_json;

/// A field of an object, by the object's title, and the kind of profile it names.
struct Field {
  const char* title;
  const char* key;
  const char* kind;
};

constexpr Field fields[] = {
    {"job", "model", "models"},      {"portfolio job", "model", "models"}, {"cluster", "device", "devices"},
    {"cluster", "node", "nodes"},    {"cluster", "fabric", "fabrics"},     {"cluster", "stack", "stacks"},
    {"island", "device", "devices"}, {"island", "node", "nodes"},          {"island", "fabric", "fabrics"},
    {"island", "stack", "stacks"},   {"island link", "link", "links"},     {"device", "node", "nodes"},
    {"device", "stack", "stacks"},   {"node", "device", "devices"},        {"node", "scale_up", "links"},
    {"node", "scale_out", "links"},
};

Json names(const std::string& kind, Library& library) {
  return kind == "devices" ? Json(library.device_names()) : Json(library.ids(kind));
}

/// Text becomes one of the ids or any other text.
void offer_ids(Json& property, Json ids) {
  Json known = Json::object(), other = Json::object();
  known["enum"] = std::move(ids);
  other["type"] = "string";
  property.erase("type");
  property["anyOf"] = Json::array({known, other});
}

}  // namespace

void add_ids(Json& schema, Library& library) {
  if (schema.is_object() && schema.contains("title") && schema.contains("properties"))
    for (const Field& field : fields) {
      if (schema["title"] != field.title || !schema["properties"].contains(field.key)) continue;
      Json& property = schema["properties"][field.key];
      if (property.value("type", "") == "string") offer_ids(property, names(field.kind, library));
    }
  if (schema.is_structured())
    for (Json& member : schema) add_ids(member, library);
}

}  // namespace chipmix::scenario
