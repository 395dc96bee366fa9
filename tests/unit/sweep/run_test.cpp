// Do rows come in order, each once, the same for any number of threads; and does a search that is asked twice run once?
#include "sweep/run.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "../../support/scenarios.hpp"
#include "sweep/lines.hpp"

namespace chipmix::sweep {
namespace {

const Grid grid({{"options.A.rent.value", {"\"8 CNY/h\"", "\"9 CNY/h\"", "\"x\""}},
                 {"job.global_batch", {"64", "128", "256", "512"}},
                 {"job.tokens", read_axis("t=1e11:1e12:30").values}});

Question question() {
  return Question(io::Document::parse("s.json", support::two_chips), CHIPMIX_SOURCE_DIR "/scenarios",
                  Settings{{"A", "B"}, false, engine::Kind::analytical});
}

std::vector<Unit> all_units(const Question& question, const Shard& shard = {}) {
  return units_of(question, grid, shard);
}

std::string text_of(const Question& question, const std::vector<Unit>& units, int jobs) {
  const Lines lines(LineFormat::csv, {"options.A.rent.value", "job.global_batch", "job.tokens"},
                    figure_names("CNY", false));
  std::string text;
  run(question, grid, units, {jobs}, [&](const Unit& unit, const Point& point, const Row& row) {
    text += lines.line(question.key(point, row.option), unit.point, point, row);
  });
  return text;
}

}  // namespace

TEST_CASE("are rows the same, and in the order of the points, for any number of threads?") {
  const Question asked = question();
  const auto units = all_units(asked);
  REQUIRE(units.size() == 2 * grid.size());
  const std::string one = text_of(asked, units, 1);
  REQUIRE(std::count(one.begin(), one.end(), '\n') == static_cast<std::ptrdiff_t>(units.size()));
  for (int jobs : {2, 7}) REQUIRE(text_of(asked, units, jobs) == one);
}

TEST_CASE("do shards hold every point once?") {
  const Question asked = question();
  std::vector<int> times(grid.size(), 0);
  for (std::size_t i = 1; i <= 7; ++i)
    for (const Unit& unit : all_units(asked, {i, 7})) ++times[unit.point];
  for (const int count : times) REQUIRE(count == 2);  // options
}

TEST_CASE("are rows that are known left out, and those alone?") {
  const Question asked = question();
  const std::string known = asked.key(grid.point(5), "B");
  const auto units = units_of(asked, grid, {}, {{known, 5}});
  REQUIRE(units.size() == 2 * grid.size() - 1);
  for (const Unit& unit : units) REQUIRE((unit.point != 5 || unit.place == 0));
}

TEST_CASE("does a sink that fails end the sweep, and a wish to stop too?") {
  const Question asked = question();
  const auto units = all_units(asked);
  int rows = 0;
  const auto full = [&](const Unit&, const Point&, const Row&) {
    if (++rows == 10) throw std::runtime_error("full");
  };
  REQUIRE_THROWS_WITH(run(asked, grid, units, {2}, full), "full");
  REQUIRE(rows == 10);
  std::atomic<int> told{0};
  run(asked, grid, units, {2, [&] { return told > 20; }}, [&](const Unit&, const Point&, const Row&) { ++told; });
  REQUIRE(told > 20);
  REQUIRE(told < static_cast<int>(units.size()));
}

TEST_CASE("is a search that several threads ask for run once, and one that failed run again?") {
  PlanMemo memo;
  std::atomic<int> searches{0};
  const auto search = [&] {
    ++searches;
    std::this_thread::yield();
    return Sought{plan::UniformPlan{}, {}};
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { memo.find("key", search); });
  for (std::thread& thread : threads) thread.join();
  CHECK(searches == 1);
  memo.find("other", search);
  CHECK(searches == 2);
  REQUIRE_THROWS(memo.find("third", []() -> Sought { throw std::runtime_error("no"); }));
  memo.find("third", search);
  CHECK(searches == 3);
}

}  // namespace chipmix::sweep
