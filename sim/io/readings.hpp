// How each kind of C++ value is read from JSON, and the schema it follows. Included by io/shape.hpp.
#pragma once

#include "io/schema_text.hpp"
#include "io/shape.hpp"
#include "io/shape_rules.hpp"

namespace chipmix::io {

template <>
struct Reading<double> {
  static std::optional<double> read(const Value&);
  static std::string schema();
};
template <>
struct Reading<int> {
  static std::optional<int> read(const Value&);
  static std::string schema();
};
template <>
struct Reading<long long> {
  static std::optional<long long> read(const Value&);
  static std::string schema();
};
template <>
struct Reading<bool> {
  static std::optional<bool> read(const Value&);
  static std::string schema();
};
template <>
struct Reading<std::string> {
  static std::optional<std::string> read(const Value&);
  static std::string schema();
};
template <>
struct Reading<Count> {
  static std::optional<Count> read(const Value&);
  static std::string schema();
};

Names<Dtype> names_of(Type<Dtype>);
Names<Evidence> names_of(Type<Evidence>);

/// Text that parse_quantity read; a bare number is given to it as well, so that the message asks for the unit.
std::optional<std::string> quantity_source(const Value& value);

template <class Q>
struct Reading<Q, std::enable_if_t<IsQuantityText<Q>::value>> {
  static std::optional<Q> read(const Value& value) {
    const std::optional<std::string> text = quantity_source(value);
    if (!text) return std::nullopt;
    QuantityText<Q> quantity = parse_quantity<Q>(*text);
    if (!quantity.value) value.error(quantity.message, quantity.hint);
    return quantity.value;
  }
  static std::string schema() { return quantity_schema<Q>(); }
};

template <class T>
struct Reading<T, decltype(void(shape_of(Type<T>{})))> {
  static std::optional<T> read(const Value& value) { return shape_of(Type<T>{}).read(value); }
  static std::string schema() { return shape_of(Type<T>{}).schema(); }
};

template <class E>
struct Reading<E, decltype(void(names_of(Type<E>{})))> {
  static std::optional<E> read(const Value& value) {
    const auto text = value.as_text();
    if (!text) return std::nullopt;
    for (const auto& [name, one] : names_of(Type<E>{}))
      if (name == *text) return one;
    value.error(fmt::format("unknown name '{}'", *text), spelling_hint(*text, spellings()));
    return std::nullopt;
  }
  static std::string schema() { return names_schema(spellings()); }

 private:
  static std::vector<std::string> spellings() {
    std::vector<std::string> list;
    for (const auto& [name, one] : names_of(Type<E>{})) list.push_back(name);
    return list;
  }
};

template <class M>
struct Reading<std::optional<M>> {
  static std::optional<std::optional<M>> read(const Value& value) {
    std::optional<M> result = io::read<M>(value);
    if (!result) return std::nullopt;
    return result;
  }
  static std::string schema() { return io::schema<M>(); }
};

template <class M>
struct Reading<std::vector<M>> {
  static std::optional<std::vector<M>> read(const Value& value) {
    const std::size_t faults_before = value.diagnostics().size();
    std::vector<M> list;
    for (const Value& element : value.as_list())
      if (std::optional<M> one = io::read<M>(element)) list.push_back(std::move(*one));
    if (value.diagnostics().size() != faults_before) return std::nullopt;
    return list;
  }
  static std::string schema() { return list_schema(io::schema<M>()); }
};

template <class M>
struct Reading<OneOrMany<M>> {
  static std::optional<OneOrMany<M>> read(const Value& value) {
    OneOrMany<M> many;
    if (!value.is_list()) {
      std::optional<M> one = io::read<M>(value);
      if (!one) return std::nullopt;
      many.values.push_back(std::move(*one));
      return many;
    }
    std::optional<std::vector<M>> list = io::read<std::vector<M>>(value);
    if (list && list->empty()) value.error("the list must not be empty");
    if (!list || list->empty()) return std::nullopt;
    many.values = std::move(*list);
    return many;
  }
  static std::string schema() { return any_schema({io::schema<M>(), list_schema(io::schema<M>(), false)}); }
};

template <class M>
struct Reading<std::map<std::string, M>> {
  static std::optional<std::map<std::string, M>> read(const Value& value) {
    const std::size_t faults_before = value.diagnostics().size();
    std::map<std::string, M> map;
    for (const auto& [key, member] : value.members())
      if (std::optional<M> one = io::read<M>(member)) map.emplace(key, std::move(*one));
    if (value.diagnostics().size() != faults_before) return std::nullopt;
    return map;
  }
  static std::string schema() { return map_schema(io::schema<M>()); }
};

/// The number format a key names; records a fault at the key if it names none.
std::optional<Dtype> dtype_of_key(const std::string& key, const Value& member);
std::vector<std::string> dtype_names();

template <class M>
struct Reading<std::map<Dtype, M>> {
  static std::optional<std::map<Dtype, M>> read(const Value& value) {
    const std::size_t faults_before = value.diagnostics().size();
    std::map<Dtype, M> map;
    for (const auto& [key, member] : value.members()) {
      const std::optional<Dtype> dtype = dtype_of_key(key, member);
      std::optional<M> one = io::read<M>(member);
      if (dtype && one) map.emplace(*dtype, std::move(*one));
    }
    if (value.diagnostics().size() != faults_before) return std::nullopt;
    return map;
  }
  static std::string schema() { return map_schema(io::schema<M>(), dtype_names()); }
};

/// The first alternative whose JSON kind is that of the value.
template <class... A>
struct Reading<std::variant<A...>> {
  static std::optional<std::variant<A...>> read(const Value& value) {
    static const std::vector<std::string> schemas = {io::schema<A>()...};
    std::optional<std::variant<A...>> result;
    std::size_t next = 0;
    const bool fits = ((fits_kind(schemas[next++], value) && (result = as<A>(value), true)) || ...);
    if (!fits) value.expected(kinds_in_words(schemas));
    return result;
  }
  static std::string schema() { return any_schema({io::schema<A>()...}); }

 private:
  template <class One>
  static std::optional<std::variant<A...>> as(const Value& value) {
    if (std::optional<One> one = io::read<One>(value))
      return std::variant<A...>(std::in_place_type<One>, std::move(*one));
    return std::nullopt;
  }
};

template <>
struct Reading<RawJson> {
  static std::optional<RawJson> read(const Value& value) { return RawJson{value.to_json()}; }
  static std::string schema() { return "{}"; }
};

}  // namespace chipmix::io
