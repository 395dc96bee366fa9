// Clusters found while the program is solved: the same least as with all of them at once, and a bound that holds.
#include <catch2/catch.hpp>

#include <cmath>
#include <random>

#include "procurement/large.hpp"

namespace chipmix::procurement {
namespace {

/// So many sizes of each of three kinds, two jobs.
Problem many_sizes(int seed, int sizes, int months) {
  std::mt19937 engine(seed);
  const auto from = [&](double low, double high) { return std::uniform_real_distribution(low, high)(engine); };
  Problem p;
  p.months = months;
  p.monthly_discount = 0.005;
  for (int k = 0; k < 3; ++k) {
    Kind kind;
    kind.name = kind.vendor = std::string(1, static_cast<char>('a' + k));
    kind.lot = 8;
    kind.kilowatts = from(0.5, 1.5);
    kind.purchase = Kind::Purchase{from(20, 60), from(0.1, 0.4), k, 8 * sizes, 8 * 4, 60, from(0, 0.3)};
    if (k > 0) kind.lease = Kind::Lease{from(1, 3), 1, 8 * sizes / 2, k == 2 ? 2 : 0, {}};
    p.kinds.push_back(kind);
  }
  p.works = {{"long", 0.4 * sizes * months, 0, months}, {"short", 0.1 * sizes * months, months / 2, months}};
  for (int job = 0; job < 2; ++job)
    for (int k = 0; k < 3; ++k)
      for (int size = 1; size <= sizes; ++size) {
        Column column{"", {0, 0, 0}, {0, 0}};
        column.devices[k] = 8 * size;
        column.tokens[job] = (1 + 0.3 * k) * std::pow(size, 0.95) * from(0.99, 1.01);
        p.columns.push_back(column);
      }
  p.limits.kilowatts = 8.0 * sizes * 1.2;
  return p;
}

}  // namespace

TEST_CASE("are clusters that are found one by one as good as all of them at once?") {
  int solved = 0;
  for (int seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const Problem p = many_sizes(seed, 3, 4);
    const std::vector<Run> runs = usable(p);
    const std::vector<bool> one_way(3, true);
    const double scale = 500;
    const Formulation all(p, scale, runs, one_way);
    const MilpAnswer expected = all.program().minimise({});
    const LargeAnswer found = minimise_large(p, scale, runs, one_way, {});
    REQUIRE(found.answer.feasible == expected.feasible);
    if (!expected.feasible) continue;
    ++solved;
    CHECK(found.answer.value == Approx(expected.value).epsilon(1e-6));
    CHECK(found.answer.bound <= expected.value * (1 + 1e-6));
  }
  CHECK(solved >= 3);
}

}  // namespace chipmix::procurement
