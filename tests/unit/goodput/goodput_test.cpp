// Interrupted runs: is the expected time that of runs played with failures, and that of published ones?
#include "goodput/goodput.hpp"

#include <catch2/catch.hpp>
#include <cmath>

namespace chipmix::goodput {
namespace {

Sourced<Seconds> hours_of(double hours) { return {Seconds{3600 * hours}, {}, Evidence::assumed, "test"}; }

Reliability usual(double mtbf_hours, double recovery_hours, double blocking_seconds) {
  Reliability reliability;
  reliability.device_mtbf = hours_of(mtbf_hours);
  reliability.recovery = hours_of(recovery_hours);
  reliability.blocking = hours_of(blocking_seconds / 3600);
  return reliability;
}

Fleet fleet(int devices, int replicas = 1) { return {{{"h100", devices, devices / 8}}, replicas}; }

}  // namespace

TEST_CASE("is the expected time of a run that of many runs with random failures?") {
  const Reliability reliability = usual(1000, 0.2, 60);
  const Interruptions expected = interruptions(reliability, fleet(100), {});
  const Seconds work = expected.interval * 200;
  constexpr int runs = 400;
  double sum = 0, squares = 0;
  for (int run = 0; run < runs; ++run) {
    const double time = simulated_run(expected, reliability.recovery.value, work, 1 + run) / work.value();
    sum += time;
    squares += time * time;
  }
  const double mean = sum / runs, error = std::sqrt((squares / runs - mean * mean) / runs);
  CHECK(error < 0.005);
  CHECK(std::abs(mean - expected.factor()) < 3 * error);
}

TEST_CASE("is the same seed the same run?") {
  const Interruptions plan = interruptions(usual(1000, 0.2, 60), fleet(100), {});
  CHECK(simulated_run(plan, Seconds{600}, Seconds{1e6}, 5) == simulated_run(plan, Seconds{600}, Seconds{1e6}, 5));
  CHECK(simulated_run(plan, Seconds{600}, Seconds{1e6}, 5) != simulated_run(plan, Seconds{600}, Seconds{1e6}, 6));
}

TEST_CASE("is no other interval better, and is the best near Young's for short checkpoints?") {
  for (double blocking : {1.0, 60.0, 900.0}) {
    Reliability reliability = usual(10000, 0.3, blocking);
    const Interruptions best = interruptions(reliability, fleet(1000), {});
    for (double factor : {0.3, 0.8, 0.97, 1.03, 1.3, 3.0}) {
      reliability.interval = best.interval * factor;
      CHECK(interruptions(reliability, fleet(1000), {}).goodput() < best.goodput());
    }
    const double young = std::sqrt(2 * blocking * best.mtbf.value());
    CHECK(best.interval.value() == Approx(young).epsilon(blocking < 10 ? 0.02 : 0.2));
  }
}

TEST_CASE("is a run without failures as long as its steps and checkpoints?") {
  Reliability reliability = usual(1e12, 1, 10);
  reliability.interval = Seconds{1000};
  const Interruptions calm = interruptions(reliability, fleet(1), {});
  CHECK(calm.factor() == Approx(1.01).epsilon(1e-6));
  CHECK(calm.lost == Approx(0).margin(1e-6));
}

TEST_CASE("does a checkpoint take what its bytes take to store, and wait for the one before?") {
  Reliability reliability = usual(1000, 0.1, 0);
  reliability.blocking.reset();
  CHECK_THROWS_AS(interruptions(reliability, fleet(10), Bytes{1e12}), std::domain_error);
  reliability.storage = Sourced<BytesPerSecond>{BytesPerSecond{1e10}, {}, Evidence::assumed, "test"};
  CHECK(interruptions(reliability, fleet(10), Bytes{1e12}).blocking.value() == Approx(100));
  reliability.blocking = hours_of(1.0 / 3600);  // a copy in memory, stored behind the next steps
  reliability.interval = Seconds{10};
  CHECK(interruptions(reliability, fleet(10), Bytes{1e12}).interval.value() == Approx(99));
}

TEST_CASE("is Llama 3 405B more than 90 % effective on 16,384 H100, with 419 interruptions in 54 days?") {
  // arXiv:2407.21783: section 3.3.4 and table 5; storage 2 TB/s (section 3.3.1); recovery of ten minutes is assumed
  const double device_hours = 16384.0 * 54 * 24;
  Reliability reliability = usual(device_hours / 419, 10.0 / 60, 0);
  reliability.blocking.reset();
  reliability.storage = Sourced<BytesPerSecond>{BytesPerSecond{2e12}, {}, Evidence::datasheet, "arXiv:2407.21783"};
  const Interruptions run = interruptions(reliability, fleet(16384), Bytes{14.0 * 405e9});
  CHECK(hours(run.mtbf) == Approx(54 * 24 / 419.0));
  CHECK(run.goodput() > 0.90);
  CHECK(run.goodput() < 0.97);
}

TEST_CASE("does a checkpoint in memory lift a 65B run on 1,536 H800 from about 90 to about 95 %?") {
  // DLRover's account: 2 minutes every 1.5 hours before, 0.2 s every 10 steps after (250 steps are 1.5 hours). A
  // device's mean time between failures is taken between Ant's 8,900 h and Meta's 50,700 h, recovery as half an hour.
  Reliability before = usual(std::sqrt(8900.0 * 50700), 0.5, 120);
  before.interval = Seconds{1.5 * 3600};
  Reliability after = usual(std::sqrt(8900.0 * 50700), 0.5, 0.2);
  after.interval = Seconds{1.5 * 3600 / 25};
  CHECK(interruptions(before, fleet(1536), {}).goodput() == Approx(0.90).margin(0.03));
  CHECK(interruptions(after, fleet(1536), {}).goodput() == Approx(0.95).margin(0.03));
}

TEST_CASE("do kinds of devices, nodes and switches fail each at their own rate?") {
  Reliability reliability = usual(1000, 0.2, 60);
  reliability.kinds["910b"] = hours_of(500);
  const Fleet mix{{{"h100", 64, 8}, {"910b", 32, 4}}, 4};
  CHECK(failure_rate(reliability, mix) * 3600 == Approx(64 / 1000.0 + 32 / 500.0));
  reliability.node_mtbf = hours_of(2000);
  CHECK(failure_rate(reliability, mix) * 3600 == Approx(0.128 + 12 / 2000.0));
  reliability.switches = Switches{hours_of(5000), 64};
  CHECK(failure_rate(reliability, mix) * 3600 == Approx(0.134 + 2 / 5000.0));
}

TEST_CASE("does a job that shrinks take what many such runs take?") {
  Reliability reliability = usual(1000, 0.05, 20);
  reliability.repair = hours_of(4);
  const Interruptions expected = interruptions(reliability, fleet(64, 8), {});
  CHECK(expected.shrunk > 0.02);
  const Seconds work = expected.interval * 400;
  constexpr int runs = 300;
  double sum = 0, squares = 0;
  for (int run = 0; run < runs; ++run) {
    const double time =
        simulated_shrinking_run(expected, reliability.recovery.value, reliability.repair->value, 8, work, 1 + run) /
        work.value();
    sum += time;
    squares += time * time;
  }
  const double mean = sum / runs, error = std::sqrt((squares / runs - mean * mean) / runs);
  CHECK(error < 0.002);
  CHECK(std::abs(mean - expected.factor()) < 3 * error);
}

TEST_CASE("does one replica of many cost little while it is away, and the only one all?") {
  Reliability reliability = usual(1000, 0.05, 20);
  const Interruptions waits = interruptions(reliability, fleet(64), {});
  reliability.repair = hours_of(1);
  const Interruptions alone = interruptions(reliability, fleet(64, 1), {}),
                      many = interruptions(reliability, fleet(64, 64), {});
  CHECK(alone.shrunk == Approx(64 * many.shrunk));
  CHECK(alone.shrunk == Approx(waits.factor() * 64 / 1000.0));
}

}  // namespace chipmix::goodput
