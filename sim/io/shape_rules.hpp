// Limits on fields: their checks, messages and schema members. Included by io/shape.hpp.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "base/sourced.hpp"
#include "io/quantity_text.hpp"
#include "io/shape.hpp"

namespace chipmix::io {

/// The number inside a figure, in base units.
template <class N>
requires std::is_arithmetic_v<N>
double amount_of(N number) { return static_cast<double>(number); }
template <int D, int T, int W, int E, int M>
double amount_of(Quantity<D, T, W, E, M> quantity) {
  return quantity.value();
}
inline double amount_of(const Money& money) { return money.amount; }
template <class Unit>
double amount_of(const Price<Unit>& price) {
  return price.per_base_unit;
}
inline double amount_of(Count count) { return count.value; }

std::string number_text(double number);

/// A limit as a message shows it: "0", "1.5", "1073741824 B".
template <class R>
std::string limit_text(const R& limit) {
  const double amount = amount_of(limit);
  if constexpr (std::is_arithmetic_v<R> || std::is_same_v<R, Count>)
    return number_text(amount);
  else
    return amount == 0 ? "0" : fmt::format("{} {}", number_text(amount), base_unit<R>());
}

/// A schema member, where the value is a JSON number that the schema can compare.
template <class R>
std::string limit_schema(const char* keyword, const R& limit) {
  if constexpr (std::is_arithmetic_v<R>) return fmt::format("\"{}\":{}", keyword, number_text(amount_of(limit)));
  return "";
}

template <class R>
Rule<R> at_least(R low) {
  return {[low](const R& value) { return amount_of(value) >= amount_of(low); },
          fmt::format("must be at least {}", limit_text(low)), limit_schema("minimum", low)};
}

template <class R>
Rule<R> more_than(R low) {
  return {[low](const R& value) { return amount_of(value) > amount_of(low); },
          fmt::format("must be more than {}", limit_text(low)), limit_schema("exclusiveMinimum", low)};
}

template <class R>
Rule<R> between(R low, R high) {
  const std::string members = fmt::format("{},{}", limit_schema("minimum", low), limit_schema("maximum", high));
  return {
      [low, high](const R& value) { return amount_of(value) >= amount_of(low) && amount_of(value) <= amount_of(high); },
      fmt::format("must be between {} and {}", limit_text(low), limit_text(high)), members == "," ? "" : members};
}

template <class R>
Rule<R> positive() {
  return more_than(R{});
}
template <class R>
Rule<R> not_negative() {
  return at_least(R{});
}

template <class R>
Rule<R> not_empty() {
  std::string members = "\"minItems\":1";
  if (std::is_same_v<R, std::string>) members = "\"minLength\":1";
  if (requires { typename R::mapped_type; }) members = "\"minProperties\":1";
  return {[](const R& value) { return !value.empty(); }, "must not be empty", members};
}

/// Finds the limited values of type R inside a member of type M: where their schema stands in the member's schema, and
/// each of them with the Value it was read from.
template <class M, class R>
struct Inside {
  static_assert(std::is_same_v<M, R>, "a limit has the type of the field or of what is inside it: 0.0 for a double");
  static std::vector<std::string> places(const std::string& at) { return {at}; }
  static void each(const M& member, const Value& value, const auto& visit) { visit(member, value); }
};

template <class M, class R>
requires(!std::is_same_v<std::optional<M>, R>) struct Inside<std::optional<M>, R> {
  static std::vector<std::string> places(const std::string& at) { return Inside<M, R>::places(at); }
  static void each(const std::optional<M>& member, const Value& value, const auto& visit) {
    if (member) Inside<M, R>::each(*member, value, visit);
  }
};

template <class M, class R>
requires(!std::is_same_v<std::vector<M>, R>) struct Inside<std::vector<M>, R> {
  static std::vector<std::string> places(const std::string& at) { return Inside<M, R>::places(at + "/items"); }
  static void each(const std::vector<M>& member, const Value& value, const auto& visit) {
    const std::vector<Value> elements = value.as_list();
    for (std::size_t i = 0; i < member.size(); ++i) Inside<M, R>::each(member[i], elements[i], visit);
  }
};

template <class M, class R>
requires(!std::is_same_v<OneOrMany<M>, R>) struct Inside<OneOrMany<M>, R> {
  static std::vector<std::string> places(const std::string& at) {
    std::vector<std::string> places = Inside<M, R>::places(at + "/anyOf/0");
    for (std::string& place : Inside<M, R>::places(at + "/anyOf/1/items")) places.push_back(std::move(place));
    return places;
  }
  static void each(const OneOrMany<M>& member, const Value& value, const auto& visit) {
    if (value.is_list()) return Inside<std::vector<M>, R>::each(member.values, value, visit);
    for (const M& one : member.values) Inside<M, R>::each(one, value, visit);
  }
};

inline std::string key_text(const std::string& key) { return key; }
inline std::string key_text(Dtype key) { return name(key); }

template <class K, class M, class R>
requires(!std::is_same_v<std::map<K, M>, R>) struct Inside<std::map<K, M>, R> {
  static std::vector<std::string> places(const std::string& at) {
    return Inside<M, R>::places(at + "/additionalProperties");
  }
  static void each(const std::map<K, M>& member, const Value& value, const auto& visit) {
    for (const auto& [key, one] : member) Inside<M, R>::each(one, *value.find(key_text(key)), visit);
  }
};

template <class T, class R>
requires(!std::is_same_v<Sourced<T>, R>) struct Inside<Sourced<T>, R> {
  static std::vector<std::string> places(const std::string& at) {
    const bool may_be_plain = PlainFiguresInSchema::allowed();
    std::vector<std::string> places = may_be_plain ? Inside<T, R>::places(at + "/anyOf/0") : std::vector<std::string>{};
    const std::string object = at + (may_be_plain ? "/anyOf/1" : "") + "/properties/";
    for (const char* key : {"value", "low", "high"})
      for (std::string& place : Inside<T, R>::places(object + key)) places.push_back(std::move(place));
    return places;
  }
  static void each(const Sourced<T>& member, const Value& value, const auto& visit) {
    if (!value.is_object()) return Inside<T, R>::each(member.value, value, visit);
    Inside<T, R>::each(member.value, *value.find("value"), visit);
    if (!member.range) return;
    Inside<T, R>::each(member.range->low, *value.find("low"), visit);
    Inside<T, R>::each(member.range->high, *value.find("high"), visit);
  }
};

/// Records a fault for every limited value inside the member that breaks the rule.
template <class M, class R>
void enforce(const M& member, const Rule<R>& rule, const Value& value, const std::string& key) {
  Inside<M, R>::each(member, value, [&](const R& one, const Value& at) {
    if (!rule.holds(one)) at.error(fmt::format("'{}' {}, found {}", key, rule.text, at.to_json()));
  });
}

}  // namespace chipmix::io
