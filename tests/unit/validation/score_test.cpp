// Are errors, coverage, verdicts and order scored as they are described?
#include <catch2/catch.hpp>

#include "records.hpp"
#include "validation/score.hpp"

using namespace chipmix::validation;

namespace {

Prediction predicted(double seconds, double spread, double gib = 0, bool fits = true) {
  Prediction p;
  p.iteration_s = seconds;
  p.p10 = seconds / spread;
  p.p90 = seconds * spread;
  p.peak_memory_gib = gib;
  p.fits = fits;
  return p;
}

PublishedRun run(double seconds, const std::string& tier = "full") {
  Record record;
  record.tier = tier;
  record.measured = "\"iteration_s\":" + std::to_string(seconds) + ",\"peak_memory_gib\":40";
  return read(record);
}

}  // namespace

TEST_CASE("errors are predicted over measured less 1, coverage the share inside the interval") {
  const Scored scored =
      score({run(10), run(10), run(10)}, {predicted(11, 1.2, 44), predicted(8, 1.1, 36), predicted(10, 1.1)});
  CHECK(scored.all.timed == 3);
  CHECK(scored.all.median == Approx(0.1));
  CHECK(scored.all.mean == Approx(0.1));
  CHECK(scored.all.bias == Approx(-0.1 / 3));
  CHECK(scored.all.coverage == Approx(2.0 / 3));
  CHECK(scored.all.memory == 2);
  CHECK(scored.all.memory_mean == Approx(0.1));
  CHECK(scored.family.at("A100, A800").timed == 3);
}

TEST_CASE("a run that was not predicted is counted as such") {
  Prediction refused;
  refused.status = Status::unsupported;
  const Scored scored = score({run(10)}, {refused});
  CHECK(scored.all.timed == 1);
  CHECK(scored.all.predicted == 0);
}

TEST_CASE("adapters are scored apart") {
  const Scored scored = score({run(10, "lora")}, {predicted(12, 1.1)});
  CHECK(scored.all.timed == 0);
  CHECK(scored.family.at("LoRA, A100, A800").mean == Approx(0.2));
}

TEST_CASE("verdicts count over the sources that print failures") {
  Record record;
  record.tier = "oom";
  record.measured = R"("oom":true)";
  const Scored scored = score({read(record), run(10)}, {predicted(9, 1.1, 90, false), predicted(10, 1.1, 50, true)});
  CHECK(scored.all.verdicts == 2);
  CHECK(scored.all.verdicts_right == 2);
}

TEST_CASE("the order of alike runs is Kendall's tau") {
  std::vector<PublishedRun> runs{run(1), run(2), run(3), run(4)};
  const Scored scored = score(runs, {predicted(1, 1.1), predicted(2, 1.1), predicted(4, 1.1), predicted(3, 1.1)});
  CHECK(scored.rank_sets == 1);
  CHECK(*scored.rank == Approx(4.0 / 6));  // five pairs in order, one not
}
