// Field tables: an object's fields described once, read twice: by the reader and by the JSON Schema writer.
//
//   const io::Shape<Point>& shape_of(io::Type<Point>) {
//     static const auto shape = io::Shape<Point>("point", "A point in the plane.")
//         .required("x", &Point::x, "Abscissa.")
//         .optional("y", &Point::y, "Ordinate.", io::at_least(0.0));
//     return shape;
//   }
//   std::optional<Point> point = io::read<Point>(value);   // every fault is in value.diagnostics()
//
// A type that is read implements one of: a `shape_of` (object), a `names_of` (enumeration), or a `Reading<T>`
// specialisation (anything else). `shape_of` and `names_of` are found by argument-dependent lookup.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/dtype.hpp"
#include "base/spelling.hpp"
#include "io/field_table.hpp"
#include "io/quantity_text.hpp"
#include "io/value.hpp"

namespace chipmix::io {

template <class T>
struct Type {};

template <class T>
class Shape;

/// The names of an enumeration, in the order they are offered to the user.
template <class E>
using Names = std::vector<std::pair<std::string, E>>;

template <class T, class = void>
struct Reading;  ///< static std::optional<T> read(const Value&); static std::string schema();

template <class T>
std::optional<T> read(const Value& value) {
  return Reading<T>::read(value);
}
template <class T>
std::string schema() {
  return Reading<T>::schema();
}

/// Any JSON value, kept as text.
struct RawJson {
  std::string text;
};

/// A limit on one field, stated once for the reader, the message and the schema. A limit on a plain type also limits
/// what is inside Sourced, std::optional, std::vector, std::map and OneOrMany: Rule<double> for a Sourced<double>.
template <class R>
struct Rule {
  std::function<bool(const R&)> holds;
  std::string text;    ///< "must be at least 1"
  std::string schema;  ///< members to add to the field's schema, for example "\"minimum\":1"; may be empty
};

template <class R>
Rule<R> at_least(R low);
template <class R>
Rule<R> more_than(R low);
template <class R>
Rule<R> between(R low, R high);
template <class R>
Rule<R> positive();  ///< more than 0; also for Money, Rent and Tariff
template <class R>
Rule<R> not_negative();  ///< at least 0; also for Money, Rent and Tariff
template <class R>
Rule<R> not_empty();

/// In a file: one value, or a list of at least one.
template <class M>
struct OneOrMany {
  std::vector<M> values;
};

/// In a file: a number of things, such as 36700160 or "1T" (see parse_count).
struct Count {
  double value = 0;
};

template <class T>
class Shape {
 public:
  Shape(const char* title, const char* doc) : fields_(title, doc) {}

  template <class M>
  Shape& required(const char* key, M T::*member, const char* doc);
  template <class M, class R>
  Shape& required(const char* key, M T::*member, const char* doc, Rule<R> rule);
  /// Absent: the member keeps the value its constructor gave it.
  template <class M>
  Shape& optional(const char* key, M T::*member, const char* doc);
  template <class M, class R>
  Shape& optional(const char* key, M T::*member, const char* doc, Rule<R> rule);
  /// Accepted and not read ("$schema", "notes").
  Shape& ignored(const char* key, const char* doc);
  /// A check across fields, run when every field was read; reports through value.error() or a member's error().
  Shape& check(std::function<void(const T&, const Value&)> check);

  std::optional<T> read(const Value& value) const;
  std::string schema() const { return fields_.schema(); }
  std::vector<std::string> keys() const { return fields_.keys(); }

 private:
  FieldTable fields_;
  std::vector<std::function<void(const T&, const Value&)>> checks_;
};

}  // namespace chipmix::io

// IWYU pragma: begin_exports
#include "io/shape_reading.hpp"
#include "io/sourced_reading.hpp"
// IWYU pragma: end_exports
