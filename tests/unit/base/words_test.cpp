#include "base/words.hpp"

#include <catch2/catch.hpp>

using chipmix::counted;
using chipmix::noun;

TEST_CASE("one of something has no plural, all else has") {
  CHECK(counted(1, "layer") == "1 layer");
  CHECK(counted(0, "layer") == "0 layers");
  CHECK(counted(9, "layer") == "9 layers");
  CHECK(counted(8.5, "layer") == "8.5 layers");
  CHECK(counted(1024, "device") == "1024 devices");
}

TEST_CASE("a plural of its own is taken") {
  CHECK(noun(1, "supply", "supplies") == "supply");
  CHECK(noun(2, "supply", "supplies") == "supplies");
  CHECK(counted(2, "is", "are") == "2 are");
}
