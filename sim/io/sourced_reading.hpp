// How a figure with its source is read. Included by io/shape.hpp.
#pragma once

#include "base/sourced.hpp"
#include "io/readings.hpp"
#include "io/shape_reading.hpp"

namespace chipmix::io {

/// The object that stands for a Sourced<T> in a file.
template <class T>
struct SourcedFields {
  T value{};
  std::optional<T> low;
  std::optional<T> high;
  Evidence grade = Evidence::assumed;
  std::string source;
  std::string note;
};

/// Whether two figures can be compared as numbers: amounts of two currencies cannot.
template <class T>
bool comparable(const T& one, const T& other) {
  if constexpr (requires { one.currency == other.currency; }) return one.currency == other.currency;
  return true;
}

template <class T>
const Shape<SourcedFields<T>>& shape_of(Type<SourcedFields<T>>) {
  using Fields = SourcedFields<T>;
  static const auto shape =
      Shape<Fields>("sourced figure", "A figure and where it comes from.")
          .required("value", &Fields::value, "The figure.")
          .optional("low", &Fields::low, "Lower bound of an interval that holds the true figure with 80 % confidence.")
          .optional("high", &Fields::high, "Upper bound of that interval.")
          .required("grade", &Fields::grade, "How the figure is known.")
          .required("source", &Fields::source, "Where it was read: a URL, a paper, a datasheet.",
                    not_empty<std::string>())
          .optional("note", &Fields::note, "What a reader should know about it.")
          .check([](const Fields& fields, const Value& value) {
            if (fields.low.has_value() != fields.high.has_value())
              return value.error("'low' and 'high' are only given together");
            if (fields.low && !(comparable(*fields.low, fields.value) && comparable(fields.value, *fields.high)))
              return;  // compared when rates are known
            if (fields.low && !(amount_of(*fields.low) <= amount_of(fields.value) &&
                                amount_of(fields.value) <= amount_of(*fields.high)))
              value.error("the interval must hold the figure: low <= value <= high");
          });
  return shape;
}

template <class T>
struct Reading<Sourced<T>> {
  static std::optional<Sourced<T>> read(const Value& value) {
    if (!value.is_object() && value.figures() == Figures::plain) return plain(value);
    if (!value.is_object()) {
      value.expected("an object",
                     "a figure carries its source: {\"value\": ..., \"grade\": \"datasheet\", \"source\": \"...\"}");
      return std::nullopt;
    }
    std::optional<SourcedFields<T>> fields = io::read<SourcedFields<T>>(value);
    if (!fields) return std::nullopt;
    Sourced<T> figure{std::move(fields->value), std::nullopt, fields->grade, std::move(fields->source),
                      std::move(fields->note)};
    if (fields->low) figure.range = Interval<T>{std::move(*fields->low), std::move(*fields->high)};
    return figure;
  }
  static std::string schema() {
    const std::string sourced = io::schema<SourcedFields<T>>();
    return PlainFiguresInSchema::allowed() ? any_schema({io::schema<T>(), sourced}) : sourced;
  }

 private:
  static std::optional<Sourced<T>> plain(const Value& value) {
    std::optional<T> figure = io::read<T>(value);
    if (!figure) return std::nullopt;
    return Sourced<T>{std::move(*figure), std::nullopt, Evidence::quote, "stated without a source"};
  }
};

}  // namespace chipmix::io
