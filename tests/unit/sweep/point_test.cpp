// Are the values of --vary read as they are meant, and do grids and shards hold every point once?
#include "sweep/point.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

namespace chipmix::sweep {
namespace {

using Values = std::vector<std::string>;

Values values(const std::string& text) { return read_axis(text).values; }

}  // namespace

TEST_CASE("are listed values taken as JSON where they are JSON, and as text elsewhere?") {
  CHECK(read_axis("job.tokens=1T,2T").path == "job.tokens");
  CHECK(values("job.tokens=1T,2e12,3") == Values{"\"1T\"", "2000000000000.0", "3"});
  CHECK(values("a=true,null,x y") == Values{"true", "null", "\"x y\""});
  CHECK(values(R"(p={"tensor":4,"zero":"none"},{"tensor":8})") ==
        Values{R"({"tensor":4,"zero":"none"})", R"({"tensor":8})"});
  CHECK(values(R"(p=[1,2],"a,b")") == Values{"[1,2]", R"("a,b")"});
  CHECK(values("p=a=b") == Values{"\"a=b\""});
}

TEST_CASE("are ranges evenly spaced with both ends, whole where they can be, with a unit where there is one?") {
  CHECK(values("n=8:32:4") == Values{"8", "16", "24", "32"});
  CHECK(values("n=0.1:0.5:5") == Values{"0.1", "0.2", "0.3", "0.4", "0.5"});
  CHECK(values("n=3:1:3") == Values{"3", "2", "1"});
  CHECK(values("n=1:2:3 USD/h") == Values{"\"1 USD/h\"", "\"1.5 USD/h\"", "\"2 USD/h\""});
}

TEST_CASE("is what cannot be an axis refused?") {
  for (const char* text : {"", "path", "path=", "=1", "path=1,,2", "path=1,2,1", "path=1:2:1", "path=1:2:0"})
    CHECK_THROWS_AS(read_axis(text), std::invalid_argument);
}

TEST_CASE("does a grid hold every combination, the last axis changing fastest?") {
  const Grid grid({{"a", {"1", "2"}}, {"b", {"3", "4", "5"}}});
  REQUIRE(grid.size() == 6);
  CHECK(grid.point(0) == Point{{"a", "1"}, {"b", "3"}});
  CHECK(grid.point(1) == Point{{"a", "1"}, {"b", "4"}});
  CHECK(grid.point(5) == Point{{"a", "2"}, {"b", "5"}});
  std::set<Point> points;
  for (std::size_t i = 0; i < grid.size(); ++i) points.insert(grid.point(i));
  CHECK(points.size() == grid.size());
  const Axis large{"x", Values(1'000'000, "1")};
  CHECK_THROWS_AS(Grid({large, large}), std::invalid_argument);
}

TEST_CASE("is a shard read, and one that is none refused?") {
  CHECK(read_shard("3/8").index == 3);
  CHECK(read_shard("3/8").count == 8);
  for (const char* text : {"", "3", "0/8", "9/8", "a/8", "3/8/2", "-1/4", "1/0"})
    CHECK_THROWS_AS(read_shard(text), std::invalid_argument);
}

}  // namespace chipmix::sweep
