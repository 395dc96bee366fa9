// Does every item run once, and does the first exception come back?
#include "base/parallel.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>
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

TEST_CASE("are nested loops together on no more threads than one of them may have, and on idle ones?") {
  constexpr int jobs = 3;
  std::atomic<int> at_work{0}, most{0}, runs{0};
  parallel_for(5, jobs, [&](int) {
    parallel_for(40, jobs, [&](int) {
      const int now = ++at_work;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      --at_work;
      ++runs;
    });
  });
  CHECK(runs == 200);
  CHECK(most == jobs);
  most = 0;
  parallel_for(1, jobs, [&](int) {  // the only item of the outer loop has all threads to itself
    parallel_for(40, jobs, [&](int) {
      const int now = ++at_work;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      --at_work;
    });
  });
  CHECK(most == jobs);
}

TEST_CASE("do the loops inside a few items have all threads, and those inside many a few each?") {
  CHECK(jobs_inside(2, 4) == 2);
  CHECK(jobs_inside(64, 2) == 32);
  CHECK(jobs_inside(64, 50) == 8);
  CHECK(jobs_inside(1, 1) == 1);
}
