// How a Shape reads an object and writes its schema. Included by io/shape.hpp.
#pragma once

#include "io/readings.hpp"
#include "io/schema_text.hpp"
#include "io/shape.hpp"
#include "io/shape_rules.hpp"

namespace chipmix::io {

template <class T>
template <class M, class R>
typename Shape<T>::Field Shape<T>::field(std::string key, M T::*member, std::string doc, Rule<R> rule,
                                         bool required) const {
  auto schema = [=] { return with_members(io::schema<M>(), Inside<M, R>::places(""), rule.schema); };
  auto read = [=](T& object, const Value& value) {
    std::optional<M> result = io::read<M>(value);
    if (!result) return;
    if (rule.holds) enforce(*result, rule, value, key);
    object.*member = std::move(*result);
  };
  return {key, std::move(doc), required, std::move(read), std::move(schema)};
}

template <class T>
template <class M, class R>
Shape<T>& Shape<T>::required(std::string key, M T::*member, std::string doc, Rule<R> rule) {
  fields_.push_back(field(std::move(key), member, std::move(doc), std::move(rule), true));
  return *this;
}

template <class T>
template <class M, class R>
Shape<T>& Shape<T>::optional(std::string key, M T::*member, std::string doc, Rule<R> rule) {
  fields_.push_back(field(std::move(key), member, std::move(doc), std::move(rule), false));
  return *this;
}

template <class T>
Shape<T>& Shape<T>::ignored(std::string key, std::string doc) {
  fields_.push_back({std::move(key), std::move(doc), false, [](T&, const Value&) {}, [] { return std::string("{}"); }});
  return *this;
}

template <class T>
Shape<T>& Shape<T>::check(std::function<void(const T&, const Value&)> check) {
  checks_.push_back(std::move(check));
  return *this;
}

template <class T>
std::vector<std::string> Shape<T>::keys() const {
  std::vector<std::string> keys;
  for (const Field& field : fields_) keys.push_back(field.key);
  return keys;
}

template <class T>
std::optional<T> Shape<T>::read(const Value& value) const {
  if (!value.is_object()) {
    value.expected("an object");
    return std::nullopt;
  }
  const std::size_t faults_before = value.diagnostics().size();
  T object{};
  refuse_unknown_keys(value);
  read_fields(object, value);
  if (value.diagnostics().size() == faults_before)
    for (const auto& check : checks_) check(object, value);
  if (value.diagnostics().size() != faults_before) return std::nullopt;
  return object;
}

template <class T>
void Shape<T>::read_fields(T& object, const Value& value) const {
  for (const Field& field : fields_) {
    if (const auto member = value.find(field.key))
      field.read(object, *member);
    else if (field.required)
      value.error(fmt::format("missing key '{}'", field.key), fmt::format("{}: {}", field.key, field.doc));
  }
}

template <class T>
void Shape<T>::refuse_unknown_keys(const Value& value) const {
  const std::vector<std::string> known = keys();
  for (const auto& [key, member] : value.members())
    if (std::find(known.begin(), known.end(), key) == known.end())
      member.error_at_key(fmt::format("unknown key '{}'", key), spelling_hint(key, known));
}

template <class T>
std::string Shape<T>::schema() const {
  std::vector<Property> properties;
  for (const Field& field : fields_) properties.push_back({field.key, field.doc, field.schema(), field.required});
  return object_schema(title_, doc_, properties);
}

}  // namespace chipmix::io
