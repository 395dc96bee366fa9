// Jobs of several stages, and whether options keep a deadline and a budget.
#include "scenario/stages.hpp"

#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"

namespace chipmix::scenario {
namespace {

using support::replaced;

const std::string fleet = R"(,
    {
      "name": "fleet",
      "phases": [{"option": "A", "share": 0.25}, {"option": "B", "share": 0.75}]
    })";
const std::string two_clusters = replaced(support::two_chips, fleet, "");
const std::string tokens = R"("tokens": 1e11)";

std::string with_job(const std::string& words) { return replaced(two_clusters, tokens, words); }

double cost(const OptionAnswer& answer) { return answer.bill.total().amount; }

}  // namespace

TEST_CASE("is an answer of stages the sum of jobs that are each one stage?") {
  const auto both = support::compare(
      with_job(R"("stages": [{"tokens": 9e10}, {"tokens": 1e10, "sequence_length": 8192, "global_batch": 128}])"));
  const auto first = support::compare(with_job(R"("tokens": 9e10)"));
  const auto second =
      support::compare(replaced(replaced(with_job(R"("tokens": 1e10)"), "4096", "8192"), ": 256", ": 128"));
  for (std::size_t i = 0; i < 2; ++i) {
    const OptionAnswer &sum = both.options[i], &a = first.options[i], &b = second.options[i];
    REQUIRE(sum.feasible());
    REQUIRE(sum.runs.size() == 2);
    CHECK(sum.runs[0].stage == "stage 1");
    CHECK(sum.duration.value() == Approx((a.duration + b.duration).value()).epsilon(1e-12));
    CHECK(cost(sum) == Approx(cost(a) + cost(b)).epsilon(1e-12));
    double second_alone = 0;
    for (const economics::Row& row : sum.bill.entries())
      if (row.holder.run == 1) second_alone += row.amount.amount;
    CHECK(second_alone == Approx(cost(b)).epsilon(1e-12));
    CHECK(sum.energy->value() == Approx(a.energy->value() + b.energy->value()).epsilon(1e-12));
    CHECK(sum.runs[0].p90 == Approx(a.p90));
    CHECK(sum.runs[1].p10 == Approx(b.p10));
    CHECK(sum.tokens_per_s == Approx(1e11 / sum.duration.value()));
  }
}

TEST_CASE("is a stage that cannot run named, with what it lacks?") {
  const auto comparison = support::compare(
      with_job(R"("stages": [{"tokens": 9e10}, {"name": "long", "tokens": 1e10, "sequence_length": 1048576}])"));
  const OptionAnswer& a = comparison.options[0];
  REQUIRE_FALSE(a.feasible());
  CHECK(a.reason->explanation.find("stage 'long': ") == 0);
  CHECK(a.reason->explanation.find("GiB") != std::string::npos);
}

TEST_CASE("is a stage searched for which the fixed plan is not legal, and is that said?") {
  // 16 devices in TP 4 are 4 replicas, which do not divide 2 sequences.
  const auto comparison =
      support::compare(with_job(R"("stages": [{"tokens": 9e10}, {"tokens": 1e10, "global_batch": 2}])"));
  const OptionAnswer& a = comparison.options[0];
  REQUIRE(a.feasible());
  CHECK(a.runs[0].stage_note.empty());
  CHECK(a.runs[1].stage_note.find("not legal") != std::string::npos);
  CHECK(a.runs[0].plan.lanes.front().degrees().tensor == 4);
}

TEST_CASE("is a commitment paid once for all stages?") {
  const auto committed = [](const std::string& job) {
    return support::compare(replaced(with_job(job), R"("rent": {"value": "12 CNY/h")",
                                     R"("commitment": {"discount": {"value": 0.2, "grade": "assumed", "source": "x"},
                                        "term": "400 d"}, "rent": {"value": "12 CNY/h")"));
  };
  const auto whole = committed(R"("tokens": 1e11)");
  const auto parts = committed(R"("stages": [{"tokens": 4e10}, {"tokens": 6e10}])");
  REQUIRE(whole.options[0].bill.total(economics::Account::unused_commitment).amount > 0);
  CHECK(cost(parts.options[0]) == Approx(cost(whole.options[0])).epsilon(1e-12));
}

TEST_CASE("is the probability that of a lognormal through P10, the central value and P90?") {
  CHECK(probability_below(1, 0.8, 1.5) == Approx(0.5));
  CHECK(probability_below(0.8, 0.8, 1.5) == Approx(0.1));
  CHECK(probability_below(1.5, 0.8, 1.5) == Approx(0.9));
  CHECK(probability_below(1.5 * 1.5, 0.8, 1.5) == Approx(0.99482).epsilon(1e-4));  // Phi(2 x 1.2816)
  CHECK(probability_below(0.99, 1, 1) == 0);
  CHECK(probability_below(1.01, 1, 1) == 1);
}

TEST_CASE("does an option that is late say by how much, and how many devices would do?") {
  const auto free = support::compare(two_clusters);
  const double time = days(free.options[0].duration), deadline = 0.7 * time;
  const auto limited = [&](const std::string& more) {
    return with_job(fmt::format(R"("tokens": 1e11, "deadline": "{} days"{})", deadline, more));
  };
  const auto comparison = support::compare(limited(""));
  const OptionAnswer& a = comparison.options[0];
  REQUIRE(a.deadline);
  CHECK(days(a.deadline->late) == Approx(time - deadline));
  CHECK(a.deadline->probability < 0.5);
  REQUIRE(a.deadline->enough);
  const EnoughDevices& enough = *a.deadline->enough;
  CHECK(enough.devices % 8 == 0);
  CHECK(enough.devices > enough.too_few);
  CHECK(enough.too_few >= 16);
  const auto again =
      support::compare(replaced(limited(""), R"("devices": 16)", fmt::format(R"("devices": {})", enough.devices)));
  CHECK(again.options[0].deadline->is_met());
  CHECK(again.options[0].duration.value() == Approx(enough.duration.value()).epsilon(1e-12));
  CHECK(cost(again.options[0]) == Approx(*enough.cost).epsilon(1e-12));
  CHECK_FALSE(comparison.options[0].budget);
}

TEST_CASE("is a number of devices named that is in time where plans are searched, too?") {
  const std::string searched = replaced(two_clusters, R"("plan": {"tensor": 4, "recompute": "full"},)", "");
  const double time = days(support::compare(searched).options[0].duration);
  const auto comparison = support::compare(
      replaced(searched, tokens, fmt::format(R"("tokens": 1e11, "deadline": "{} days")", 0.55 * time)));
  REQUIRE(comparison.options[0].deadline->enough);
  CHECK(comparison.options[0].deadline->enough->devices % 8 == 0);
  CHECK(comparison.options[0].deadline->enough->devices <= 64);
  CHECK(days(comparison.options[0].deadline->enough->duration) <= 0.55 * time);
}

TEST_CASE("is an option recommended that meets deadline and budget before a cheaper one that does not?") {
  const auto free = support::compare(two_clusters);
  const OptionAnswer &a = free.options[0], &b = free.options[1];
  const bool a_is_faster = a.duration < b.duration;
  const OptionAnswer &fast = a_is_faster ? a : b, &slow = a_is_faster ? b : a;
  const auto dear_fast = [&](const std::string& job) {
    const std::string text = with_job(job);
    return a_is_faster ? replaced(text, "12 CNY/h", "120 CNY/h") : replaced(text, "\"5 CNY/h", "\"500 CNY/h");
  };
  const double between = (days(fast.duration) + days(slow.duration)) / 2;
  const auto held = support::compare(dear_fast(fmt::format(R"("tokens": 1e11, "deadline": "{} d")", between)));
  CHECK(held.recommendation.find("Of the options that are done within") == 0);
  CHECK(held.recommendation.find(", " + fast.label + " is cheapest") != std::string::npos);
  CHECK(held.recommendation.find(slow.label + " is cheaper, but ") != std::string::npos);
  const auto none =
      support::compare(dear_fast(fmt::format(R"("tokens": 1e11, "deadline": "{} d", "budget": "1 CNY")", between)));
  CHECK(none.recommendation.find("No option is done within") == 0);
  REQUIRE(none.options[0].budget);
  CHECK(none.options[0].budget->over == Approx(cost(none.options[0]) - 1));
}

TEST_CASE("is a deadline by day counted from the start?") {
  const auto scenario = support::read(replaced(with_job(R"("tokens": 1e11, "deadline": "2026-03-01")"),
                                               R"("currency": "CNY")", R"("start": "2026-02-01", "currency": "CNY")"));
  CHECK(days(*scenario.deadline) == 28);
}

}  // namespace chipmix::scenario
