// Do numbers read as people expect them?
#include "report/number.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace chipmix;
using namespace chipmix::report;

namespace {
Money yuan(double amount) { return {amount, {"CNY"}}; }
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("Are significant digits kept and superfluous ones dropped?") {
  CHECK(significant(12345.6) == "12,300");
  CHECK(significant(0.0123456) == "0.0123");
  CHECK(significant(1.0) == "1");
  CHECK(significant(1.10) == "1.1");
  CHECK(significant(-2.005, 2) == "-2");
  CHECK(significant(0) == "0");
  CHECK(significant(-0.0) == "0");
  CHECK(significant(999.96) == "1,000");
  CHECK(significant(99.96, 4) == "99.96");
  CHECK(significant(1234567, 7) == "1,234,567");
  CHECK(significant(1.234e-5) == "1.23e-05");
  CHECK(significant(2e15) == "2e+15");
}

TEST_CASE("Are thousands grouped?") {
  CHECK(grouped(6350000) == "6,350,000");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(-123456) == "-123,456");
  CHECK(grouped(-100) == "-100");
  CHECK(grouped(0.5) == "1");
  CHECK(grouped(-0.2) == "0");
  CHECK(fixed(1234.5, 2) == "1,234.50");
  CHECK(fixed(1234567.125, 2) == "1,234,567.13");
}

TEST_CASE("Does a count take the prefix that fits after rounding?") {
  CHECK(scaled(1.2e6) == "1.2 M");
  CHECK(scaled(999.4) == "999");
  CHECK(scaled(999.6) == "1 k");
  CHECK(scaled(999999) == "1 M");
  CHECK(scaled(1.2e6, "tokens/s") == "1.2 Mtokens/s");
  CHECK(scaled(9.89e14, "FLOP/s") == "989 TFLOP/s");
  CHECK(scaled(0.25) == "0.25");
  CHECK(scaled(0) == "0");
  CHECK(scaled(-5e9) == "-5 G");
}

TEST_CASE("Is a duration told in the unit a person would choose?") {
  CHECK(duration(Seconds(61.2 * 86400)) == "61.2 d");
  CHECK(duration(Seconds(51.88 * 86400)) == "51.9 d");  // not 1,245 h rounded to 1,250 first
  CHECK(duration(Seconds(3.4 * 3600)) == "3.4 h");
  CHECK(duration(Seconds(12 * 60)) == "12 min");
  CHECK(duration(Seconds(59.96)) == "1 min");
  CHECK(duration(Seconds(59.4)) == "59.4 s");
  CHECK(duration(Seconds(1.2345)) == "1.23 s");
  CHECK(duration(Seconds(0.0456)) == "45.6 ms");
  CHECK(duration(Seconds(7.1e-6)) == "7.1 µs");
  CHECK(duration(Seconds(2e-8)) == "20 ns");
  CHECK(duration(Seconds(0)) == "0 s");
}

TEST_CASE("Are shares, money, memory and energy told with their units?") {
  CHECK(percent(0.3812) == "38.1 %");
  CHECK(percent(1) == "100 %");
  CHECK(money(yuan(6.35e6)) == "6.35 M CNY");
  CHECK(money(yuan(1.2e9)) == "1.20 bn CNY");
  CHECK(money(yuan(6.4e6)) == "6.40 M CNY");
  CHECK(money(yuan(297.4e6)) == "297 M CNY");
  CHECK(money(yuan(999.6e6)) == "1.00 bn CNY");
  CHECK(money(yuan(27.5)) == "27.50 CNY");
  CHECK(money(yuan(-12500)) == "-12.5 k CNY");
  CHECK(money_exact(yuan(6350000.4)) == "6,350,000 CNY");
  CHECK(bytes(Bytes(80 * 0x1p30)) == "80 GiB");
  CHECK(bytes(Bytes(1023.9)) == "1 KiB");
  CHECK(bytes(Bytes(512)) == "512 B");
  CHECK(energy(Joules(3.6e6 * 450)) == "450 kWh");
  CHECK(energy(Joules(4.428e12)) == "1.23 GWh");
}

TEST_CASE("Is a number that is none said to be none?") {
  CHECK(significant(not_a_number) == "n/a");
  CHECK(grouped(infinite) == "inf");
  CHECK(scaled(-infinite) == "-inf");
  CHECK(duration(Seconds(infinite)) == "inf");
  CHECK(percent(not_a_number) == "n/a");
  CHECK(money(yuan(not_a_number)) == "n/a");
}
