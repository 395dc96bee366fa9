#include "practice/kinship.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "practice/contradiction.hpp"

namespace chipmix::practice {
namespace {

using Catch::Detail::Approx;

Sourced<double> share(double value) { return {value, {}, Evidence::fitted, "a test", {}}; }

Kinship kinship() { return {share(0.15), share(0.05), share(0.1), share(0.02), share(0.5), share(0.18), share(0.2)}; }

PredictedStep step(const char* stack, const char* device, const char* network, double communication = 0.2) {
  return {{{stack, device, network, 1}},
          {{"matrix products", 1 - communication}, {"tensor communication", communication}},
          0.1};
}

TEST_CASE("two steps share the parts that they have in common") {
  const PredictedStep one = step("megatron", "h800", "ib");
  CHECK(correlation(kinship(), one, one) == Approx(0.82));
  CHECK(correlation(kinship(), one, step("megatron", "h800", "roce")) == Approx(0.80));
  CHECK(correlation(kinship(), one, step("megatron", "910b", "ib")) == Approx(0.15 + 0.05 + 0.02));
  CHECK(correlation(kinship(), one, step("mindspeed", "h800", "ib")) == Approx(0.15 + 0.02));
  CHECK(correlation(kinship(), one, step("mindspeed", "910b", "roce")) == Approx(0.15));
}

TEST_CASE("the same work fades as time goes to other accounts") {
  const PredictedStep one = step("megatron", "h800", "ib", 0.2);
  // sum (sqrt a - sqrt b)^2 = (sqrt .8 - sqrt .5)^2 + (sqrt .2 - sqrt .5)^2 = 0.10263, over 2 x 0.2^2: e^-1.28287
  CHECK(correlation(kinship(), one, step("megatron", "h800", "ib", 0.5)) == Approx(0.32 + 0.5 * 0.27724).epsilon(1e-4));
  const PredictedStep other = step("megatron", "h800", "ib", 1);
  CHECK(correlation(kinship(), one, other) < 0.35);
  CHECK(correlation(kinship(), one, other) == Approx(correlation(kinship(), other, one)));
}

TEST_CASE("a mix shares with each island by its share of the ranks") {
  PredictedStep mix = step("megatron", "h800", "ib");
  mix.sites = {{"megatron", "h800", "ib", 0.25}, {"mindspeed", "910b", "roce", 0.75}};
  CHECK(correlation(kinship(), mix, step("megatron", "h800", "ib")) == Approx(0.15 + 0.25 * (0.05 + 0.1 + 0.02 + 0.5)));
}

TEST_CASE("one measured step moves another by its correlation and narrows it") {
  PredictedStep wide = step("megatron", "910b", "ib");
  wide.deviation = 0.3;
  const Carried carried = practice::carried(kinship(), {step("megatron", "h800", "ib")}, wide);
  REQUIRE(carried.gains.size() == 1);
  CHECK(carried.gains[0] == Approx(0.22 * 0.3 / 0.1));
  CHECK(carried.left == Approx(std::sqrt(1 - 0.22 * 0.22)));
  CHECK(carried.correlation == Approx(0.22));
}

TEST_CASE("a second measured step narrows further, and the same twice weighs as one that is less noisy") {
  const PredictedStep h800 = step("megatron", "h800", "ib");
  const Carried one = carried(kinship(), {h800}, h800), two = carried(kinship(), {h800, h800}, h800);
  CHECK(two.left < one.left);
  // two alike: c'C^-1 c = 2 r^2 / (1 + r)
  CHECK(two.left == Approx(std::sqrt(1 - 2 * 0.82 * 0.82 / 1.82)));
  CHECK(two.gains[0] == Approx(two.gains[1]));
  CHECK(two.gains[0] + two.gains[1] > one.gains[0]);
}

TEST_CASE("measured steps contradict each other by how far they are apart over what they do not share") {
  const PredictedStep h800 = step("megatron", "h800", "ib");
  // two alike, d deviations apart: S^2 = d^2 / (2 (1 - r))
  CHECK(contradiction(kinship(), {h800, h800}, {0.3, 1.5}) == Approx(std::sqrt(1.2 * 1.2 / (2 * 0.18))));
  CHECK(contradiction(kinship(), {h800, h800}, {1, 1}) == 1);
  CHECK(contradiction(kinship(), {h800}, {5}) == 1);
  const PredictedStep other = step("mindspeed", "910b", "roce");
  CHECK(contradiction(kinship(), {h800, other}, {0.3, 1.5}) == 1);  // they share little
}

}  // namespace
}  // namespace chipmix::practice
