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
  CHECK(*scored.all.coverage == Approx(2.0 / 3));
  CHECK(scored.all.memory.runs == 2);
  CHECK(scored.all.memory.mean == Approx(0.1));
  CHECK(scored.family.at("A100").timed == 3);
  CHECK(scored.kind.at("dense").timed == 3);
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
  CHECK(scored.kind.at("LoRA").mean == Approx(0.2));
  CHECK(scored.family.at("LoRA, A100").mean == Approx(0.2));
  CHECK(scored.all.verdicts.all() == 0);
}

TEST_CASE("the half-width is the root of P90 over P10, less 1; without intervals there is none") {
  const Scored scored = score({run(10), run(10)}, {predicted(10, 1.2), predicted(10, 1.4)});
  CHECK(*scored.all.half_width == Approx(0.3));
  Prediction bare = predicted(10, 1);
  bare.p10 = bare.p90 = 0;
  CHECK_FALSE(score({run(10)}, {bare}).all.half_width);
  CHECK_FALSE(score({run(10)}, {bare}).all.coverage);
}

TEST_CASE("nine tenths of the errors lie below the 90th percentile") {
  std::vector<PublishedRun> runs(10, run(10));
  std::vector<Prediction> predictions;
  for (int i = 0; i < 10; ++i) predictions.push_back(predicted(10 + i, 1.1));
  CHECK(score(runs, predictions).all.percentile_90 == Approx(0.9));
  CHECK(score(runs, predictions).all.median == Approx(0.45));
}

TEST_CASE("verdicts tell runs that died from runs that ran") {
  Record record;
  record.tier = "oom";
  record.measured = R"("oom":true)";
  const PublishedRun died = read(record);
  const Scored scored = score({died, died, run(10), run(10), run(10)},
                              {predicted(9, 1.1, 90, false), predicted(9, 1.1, 70, true), predicted(10, 1.1, 50, true),
                               predicted(10, 1.1, 50, true), predicted(10, 1.1, 90, false)});
  CHECK(scored.all.verdicts.died == 2);
  CHECK(scored.all.verdicts.died_said_so == 1);
  CHECK(scored.all.verdicts.ran == 3);
  CHECK(scored.all.verdicts.ran_said_so == 2);
  CHECK(scored.all.verdicts.right() == 3);
}

TEST_CASE("memory of timed runs is listed apart from that of others, and by what it counts") {
  Record record;
  record.tier = "memory";
  record.measured = R"("peak_memory_gib":50,"memory_meaning":"reserved")";
  const Scored scored = score({run(10), read(record)}, {predicted(10, 1.1, 44), predicted(10, 1.1, 40)});
  CHECK(scored.all.memory.runs == 1);
  CHECK(scored.all.memory.mean == Approx(0.1));
  CHECK(scored.memory_alone.runs == 1);
  CHECK(scored.memory_alone.bias == Approx(-0.2));
  CHECK(scored.memory_meaning.at("reserved").memory.median == Approx(0.2));
}

TEST_CASE("peers stand beside chipmix on the same rows") {
  Record record;
  record.measured = R"("iteration_s":10)";
  record.rest = R"(,"peer_prediction":[{"tool":"A tool","iteration_s":8}])";
  const Scored scored = score({read(record), run(10)}, {predicted(11, 1.1), predicted(20, 1.1)});
  CHECK(scored.peers.at("A tool").theirs.bias == Approx(-0.2));
  CHECK(scored.peers.at("A tool").ours.bias == Approx(0.1));
}

TEST_CASE("the order of alike runs is Kendall's tau") {
  std::vector<PublishedRun> runs{run(1), run(2), run(3), run(4)};
  const Scored scored = score(runs, {predicted(1, 1.1), predicted(2, 1.1), predicted(4, 1.1), predicted(3, 1.1)});
  CHECK(scored.rank_sets == 1);
  CHECK(*scored.rank == Approx(4.0 / 6));  // five pairs in order, one not
}

TEST_CASE("a set that was measured alike throughout has no order") {
  const std::vector<PublishedRun> runs(4, run(1));
  CHECK_FALSE(score(runs, std::vector<Prediction>(4, predicted(1, 1.1))).rank);
}
