// Do dimensions follow the arithmetic?
#include "base/quantity.hpp"

#include <catch2/catch.hpp>
#include <type_traits>

#include "base/dtype.hpp"
#include "base/sourced.hpp"

using namespace chipmix;

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};

TEST_CASE("do products and quotients have the right dimension") {
  static_assert(std::is_same_v<decltype(Bytes(1) / BytesPerSecond(1)), Seconds>);
  static_assert(std::is_same_v<decltype(FlopsPerSecond(1) * Seconds(1)), Flops>);
  static_assert(std::is_same_v<decltype(Watts(1) * Seconds(1)), Joules>);
  static_assert(std::is_same_v<decltype(KilogramsPerJoule(1) * Joules(1)), Kilograms>);
  static_assert(std::is_same_v<decltype(Bytes(1) / Bytes(1)), double>);
  static_assert(!Addable<Bytes, Seconds>);
  static_assert(!Addable<Bytes, double>);
  static_assert(!std::is_convertible_v<double, Bytes>);
  CHECK((Bytes(6) / BytesPerSecond(2)).value() == 3);
  CHECK(Bytes(6) / Bytes(4) == 1.5);
}

TEST_CASE("does arithmetic act on the numbers") {
  CHECK(2 * Seconds(3) + Seconds(1) - Seconds(2) / 2.0 == Seconds(6));
  CHECK(-Seconds(3) < Seconds(0));
  CHECK(max(Bytes(1), Bytes(2)) == Bytes(2));
  CHECK(min(Bytes(1), Bytes(2)) == Bytes(1));
  Seconds total;
  total += Seconds(5);
  total -= Seconds(1);
  total *= 3;
  CHECK(total == Seconds(12));
}

TEST_CASE("do conversions use the definitions of the units") {
  CHECK(gib(Bytes(1073741824.0)) == 1);
  CHECK(hours(Seconds(5400)) == 1.5);
  CHECK(days(Seconds(86400)) == 1);
  CHECK(kilowatt_hours(Joules(3.6e6)) == 1);
}

TEST_CASE("do number formats keep their names and sizes") {
  for (const Dtype dtype : all_dtypes) CHECK(dtype_named(name(dtype)) == dtype);
  CHECK_FALSE(dtype_named("bf17"));
  CHECK_FALSE(dtype_named("BF16"));
  CHECK(bytes_per_element(Dtype::fp32) == 4);
  CHECK(bytes_per_element(Dtype::bf16) == 2);
  CHECK(bytes_per_element(Dtype::fp8) == 1);
}

TEST_CASE("is the weaker of two grades the answer's") {
  CHECK(weakest(Evidence::measured, Evidence::assumed) == Evidence::assumed);
  CHECK(weakest(Evidence::scaled, Evidence::datasheet) == Evidence::scaled);
}

TEST_CASE("does a fitted figure rank between a measured one and a data sheet's") {
  CHECK(weakest(Evidence::fitted, Evidence::datasheet) == Evidence::datasheet);
  CHECK(weakest(Evidence::fitted, Evidence::measured) == Evidence::fitted);
  CHECK(std::is_sorted(all_grades.begin(), all_grades.end()));
  CHECK(std::string(name(Evidence::fitted)) == "fitted");
}
