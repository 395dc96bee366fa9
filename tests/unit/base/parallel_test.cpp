// Does every item run once, and does the first exception come back?
#include "base/parallel.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

using namespace chipmix;

TEST_CASE("does every item run exactly once, whatever the number of threads") {
  for (const int jobs : {1, 2, 7}) {
    std::vector<std::atomic<int>> runs(100);
    parallel_for(100, jobs, [&](int i) { ++runs[static_cast<std::size_t>(i)]; });
    for (const auto& count : runs) CHECK(count == 1);
  }
  parallel_for(0, 4, [](int) { FAIL("an item of an empty loop"); });
}

TEST_CASE("is the exception of the lowest index rethrown") {
  for (const int jobs : {1, 4})
    CHECK_THROWS_WITH(parallel_for(50, jobs,
                                   [](int i) {
                                     if (i >= 10) throw std::runtime_error(std::to_string(i));
                                   }),
                      "10");
}

TEST_CASE("are no more threads started than can be of use") {
  std::atomic<int> runs{0};
  parallel_for(200000, 2000000000, [&](int) { ++runs; });
  CHECK(runs == 200000);
}
