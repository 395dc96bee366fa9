#include "io/field_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/spelling.hpp"
#include "io/schema_text.hpp"

namespace chipmix::io {

void FieldTable::add(const char* key, const char* doc, bool required, std::function<void*(void*)> member,
                     std::shared_ptr<const MemberReading> reading) {
  fields_.push_back({key, doc, required, std::move(member), std::move(reading)});
}

bool FieldTable::read(void* object, const Value& value) const {
  if (!value.is_object()) {
    value.expected("an object");
    return false;
  }
  const std::size_t faults_before = value.diagnostics().size();
  refuse_unknown_keys(value);
  for (const Field& field : fields_) {
    const auto member = value.find(field.key);
    if (member && field.reading)
      field.reading->read(field.member(object), *member, field.key);
    else if (!member && field.required)
      value.error(fmt::format("missing key '{}'", field.key), fmt::format("{}: {}", field.key, field.doc));
  }
  return value.diagnostics().size() == faults_before;
}

std::string FieldTable::schema() const {
  std::vector<Property> properties;
  for (const Field& field : fields_)
    properties.push_back({field.key, field.doc, field.reading ? field.reading->schema() : "{}", field.required});
  return object_schema(title_, doc_, properties);
}

std::vector<std::string> FieldTable::keys() const {
  std::vector<std::string> keys;
  for (const Field& field : fields_) keys.push_back(field.key);
  return keys;
}

void FieldTable::refuse_unknown_keys(const Value& value) const {
  const std::vector<std::string> known = keys();
  for (const auto& [key, member] : value.members())
    if (std::find(known.begin(), known.end(), key) == known.end())
      member.error_at_key(fmt::format("unknown key '{}'", key), spelling_hint(key, known));
}

}  // namespace chipmix::io
