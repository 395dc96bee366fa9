// Are runs that were measured more than once found, and their spread told?
#include <catch2/catch.hpp>
#include <cmath>

#include "records.hpp"
#include "validation/repeats.hpp"

using namespace chipmix::validation;

namespace {

PublishedRun run(const std::string& id, double seconds, const std::string& stack = "megatron-lm") {
  Record record;
  record.id = id;
  record.measured = "\"iteration_s\":" + std::to_string(seconds);
  record.plan = R"("tp":2,"pp":1,"dp":32,"global_batch":512,"dtype":"fp16","stack":")" + stack + "\"";
  return read(record);
}

Prediction predicted(double seconds) {
  Prediction p;
  p.iteration_s = seconds;
  return p;
}

}  // namespace

TEST_CASE("runs of one plan and one prediction are one run measured again") {
  const Noise noise = noise_of({run("a", 1), run("b", 1.21), run("c", 5, "nanotron"), run("d", 2)},
                               {predicted(1), predicted(1), predicted(1), predicted(1.5)});
  REQUIRE(noise.sets.size() == 1);
  CHECK(noise.sets[0].ids == std::vector<std::string>{"a", "b"});
  CHECK(noise.runs == 2);
  CHECK(noise.sets[0].apart() == Approx(0.21));
  CHECK(noise.median_apart == Approx(0.21));
  CHECK(noise.mean_error == Approx((0.1 + (1 - 1 / 1.1)) / 2));  // predicted 1.1 for both
}

TEST_CASE("the sets furthest apart come first, and runs that were not predicted are in none") {
  const Noise noise = noise_of({run("a", 1), run("b", 1.1), run("c", 2), run("d", 3), run("e", 9)},
                               {predicted(1), predicted(1), predicted(2), predicted(2), predicted(0)});
  REQUIRE(noise.sets.size() == 2);
  CHECK(noise.sets[0].ids.front() == "c");
  CHECK(noise.runs == 4);
}
