// Are releases, degrees and rates found in what sources print, of any length?
#include "validation/printed_words.hpp"

#include <catch2/catch.hpp>

using namespace chipmix::validation;
using chipmix::Dtype;

TEST_CASE("are releases found as dates before versions") {
  CHECK(release_in("Megatron-LM 2024-06")->month == 6);
  CHECK(release_in("NeMo 24.07.01 container")->year == 2024);
  CHECK(release_in("NeMo 24.07.01 container")->day == 1);
  CHECK(release_in("v24.05 of 2023")->year == 2023);
  CHECK_FALSE(release_in("24.13 and 1999-01"));
  CHECK_FALSE(release_in("x2024"));
}

TEST_CASE("are degrees found where they stand as words") {
  const auto found = all_degrees_in("TP8 PP16, MBS1 with ZeRO-3 (xTP4, EP12345)");
  REQUIRE(found.size() == 4);
  CHECK(found[1].name == "PP");
  CHECK(found[1].value == 16);
  CHECK(found[3].name == "ZeRO-");
}

TEST_CASE("are rates read with their units") {
  CHECK(rate_in("8x 400 Gb/s InfiniBand")->count == 8);
  CHECK(rate_in("8x 400 Gb/s InfiniBand")->bytes_per_s == Approx(50e9));
  CHECK(rate_in("NDR400 gbps")->bytes_per_s == Approx(50e9));
  CHECK(rate_in("3.2 Tb/s a node")->bytes_per_s == Approx(400e9));
  CHECK(rate_in("600 GB/s")->bytes_per_s == Approx(600e9));
  CHECK_FALSE(rate_in("400 Gx"));
}

TEST_CASE("are number formats read as sources print them") {
  CHECK(format_in("mxfp8") == Dtype::fp8);
  CHECK(format_in("nvfp4") == Dtype::fp8);
  CHECK(format_in("bf16-mixed") == Dtype::bf16);
  CHECK_FALSE(format_in("brain"));
}

TEST_CASE("is text of any length read without recursion") {
  const std::string digits(2'000'000, '9'), words(2'000'000, 'x');
  CHECK_FALSE(rate_in(words));
  CHECK_FALSE(release_in(digits));
  CHECK(all_degrees_in(words).empty());
}
