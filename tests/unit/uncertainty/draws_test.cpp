// Possible worlds: are their quantiles those of the factors, and do shared causes move together?
#include "uncertainty/draws.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

namespace chipmix::uncertainty {
namespace {

constexpr int worlds = 20000;

double share_below(const std::vector<double>& a, const std::vector<double>& b) {
  int count = 0;
  for (int world = 0; world < worlds; ++world) count += a[world] < b[world] ? 1 : 0;
  return static_cast<double>(count) / worlds;
}

}  // namespace

TEST_CASE("are a factor's own quantiles found again?") {
  auto costs = draw({{{100, {{"price", 0.8, 1.5}}}}}, worlds, 1).front();
  CHECK(quantile(costs, 0.1) == Approx(80).epsilon(0.02));
  CHECK(quantile(costs, 0.5) == Approx(100).epsilon(0.02));
  CHECK(quantile(costs, 0.9) == Approx(150).epsilon(0.02));
}

TEST_CASE("are quantiles of the normal distribution those of its tables?") {
  CHECK(normal_quantile(0.5) == Approx(0).margin(1e-12));
  CHECK(normal_quantile(0.9) == Approx(1.2816).margin(5e-5));
  CHECK(normal_quantile(0.975) == Approx(1.9600).margin(5e-5));
}

TEST_CASE("do independent factors add in quadrature on the logarithm?") {
  auto costs = draw({{{1, {{"a", 1 / 1.2, 1.2}, {"b", 1 / 1.3, 1.3}}}}}, worlds, 1).front();
  CHECK(std::log(quantile(costs, 0.9)) == Approx(std::hypot(std::log(1.2), std::log(1.3))).epsilon(0.03));
}

TEST_CASE("is the order of two sums certain when they share their cause, and open when they do not?") {
  const Sum a{{100, {{"time on one", 0.7, 1.4}}}}, b{{105, {{"time on one", 0.7, 1.4}}}};
  const Sum c{{105, {{"time on another", 0.7, 1.4}}}};
  const auto costs = draw({a, b, c}, worlds, 1);
  CHECK(share_below(costs[0], costs[1]) == 1);
  CHECK(share_below(costs[0], costs[2]) > 0.5);
  CHECK(share_below(costs[0], costs[2]) < 0.7);
}

TEST_CASE("is a world the same for the same seed, and whatever stands beside it?") {
  const Sum a{{1, {{"x", 0.5, 2}}}}, b{{2, {{"y", 0.5, 2}}}};
  CHECK(draw({a}, 50, 7) == draw({a}, 50, 7));
  CHECK(draw({a}, 50, 7) != draw({a}, 50, 8));
  CHECK(draw({b, a}, 50, 7)[1] == draw({a}, 50, 7)[0]);
}

TEST_CASE("is a sum without factors the same in every world?") {
  const auto costs = draw({{{3, {}}, {4, {{"none", 1, 1}}}}}, 20, 1);
  CHECK(costs.front() == std::vector<double>(20, 7.0));
}

TEST_CASE("is what is left of a whole never less than nothing, and its sum with the parts never less than the whole?") {
  const Factor time{"time", 0.8, 1.3};
  Term left;
  left.amount = 1;
  left.remainder = Remainder{100, {{100, {time}}}};
  const auto costs = draw({{{100, {time}}, left}}, worlds, 1).front();
  CHECK(*std::min_element(costs.begin(), costs.end()) == Approx(100));
  auto sorted = costs;
  CHECK(quantile(sorted, 0.9) == Approx(130).epsilon(0.02));
  CHECK(quantile(sorted, 0.4) == Approx(100));
}

TEST_CASE("does a law see the z of its causes, the same as factors do?") {
  auto law = std::make_shared<Law>();
  law->id = "squares";
  law->causes = {"a", "b"};
  law->value = [](std::span<const double> z) { return std::exp(z[0] * std::log(1.5) / 1.2815515655446004) + 0 * z[1]; };
  const auto costs = draw({{{10, {}, law}}, {{10, {{"a", 1 / 1.5, 1.5}}}}}, worlds, 1);
  for (int world = 0; world < worlds; ++world) REQUIRE(costs[0][world] == Approx(costs[1][world]));
}

TEST_CASE("do ends add in quadrature, those that a low figure raises among the ups?") {
  const auto both = in_quadrature({{"a", 1.2, 0.9}, {"b", 0.8, 1.1}});
  CHECK(std::log(both.high) == Approx(std::hypot(std::log(1.2), std::log(1.1))));
  CHECK(std::log(both.low) == Approx(-std::hypot(std::log(0.9), std::log(0.8))));
}

}  // namespace chipmix::uncertainty
