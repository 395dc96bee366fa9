// Assumptions as they are collected: units for people, and one row for a figure that many use.
#pragma once

#include <vector>

#include "report/assumptions.hpp"

namespace chipmix::report {

/// A unit that people read and its size in base units.
struct ReadUnit {
  std::string name;
  double size = 1;
};

ReadUnit read_unit(double);
ReadUnit read_unit(Bytes);
ReadUnit read_unit(BytesPerSecond);
ReadUnit read_unit(FlopsPerSecond);
ReadUnit read_unit(Watts);
ReadUnit read_unit(Seconds time);
ReadUnit read_unit(KilogramsPerJoule);
ReadUnit read_unit(const Money& money);
ReadUnit read_unit(const Rent& rent);
ReadUnit read_unit(const Tariff& tariff);

/// In base units.
double base_value(double number);
double base_value(const Money& money);
template <class Unit>
double base_value(const Price<Unit>& price) {
  return price.per_base_unit;
}
template <int D, int T, int W, int E, int M>
double base_value(Quantity<D, T, W, E, M> quantity) {
  return quantity.value();
}

/// As a person would have written it: 14 significant digits, so that 3.5 an hour is not 3.4999999999999996.
double written(double number);

template <class T>
Assumption assumption(std::string key, std::string what, std::string of, const Sourced<T>& figure,
                      std::string path = {}) {
  const ReadUnit unit = read_unit(figure.value);
  const auto read = [&](const T& value) { return written(base_value(value) / unit.size); };
  Assumption row{std::move(key), std::move(what), std::move(of), read(figure.value)};
  if (figure.range) row.range = {read(figure.range->low), read(figure.range->high)};
  row.unit = unit.name;
  row.grade = figure.grade;
  row.source = figure.source;
  row.path = std::move(path);
  return row;
}

/// Rows by key; one that comes again adds only whose it is.
class AssumptionList {
 public:
  void add(Assumption row);
  std::vector<Assumption> rows() && { return std::move(rows_); }

 private:
  std::vector<Assumption> rows_;
};

}  // namespace chipmix::report
