// What must hold for stages and deadlines of every scenario.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <random>

#include "../support/scenarios.hpp"

namespace chipmix {
namespace {

using scenario::Comparison;
using scenario::OptionAnswer;

double cost(const OptionAnswer& answer) { return answer.bill.total().amount; }

const std::string fleet = R"(,
    {
      "name": "fleet",
      "phases": [{"option": "A", "share": 0.25}, {"option": "B", "share": 0.75}]
    })";

const std::string reliability = R"("reliability": {
    "device_mtbf": {"value": "50000 h", "low": "9000 h", "high": "60000 h", "grade": "assumed", "source": "test"},
    "recovery": {"value": "10 min", "grade": "assumed", "source": "test"},
    "blocking": {"value": "1 min", "grade": "assumed", "source": "test"}}, "options")";

Comparison compared(const std::string& job, int devices = 16) {
  std::string text = support::replaced(support::two_chips, fleet, "");
  text = support::replaced(text, R"("tokens": 1e11)", job);
  text = support::replaced(text, R"("devices": 16)", fmt::format(R"("devices": {})", devices));
  return support::compare(support::replaced(text, R"("options")", reliability));
}

struct Stage {
  double tokens;
  int sequence, batch;
};

std::string text_of(const std::vector<Stage>& stages) {
  std::string list;
  for (const Stage& stage : stages)
    list += fmt::format(R"({}{{"tokens": {:.17g}, "sequence_length": {}, "global_batch": {}}})",
                        list.empty() ? "" : ", ", stage.tokens, stage.sequence, stage.batch);
  return R"("stages": [)" + list + "]";
}

Stage drawn(std::mt19937& random) {
  return {1e10 * (1 + static_cast<double>(random() % 1000) / 100), 1024 << random() % 4, 64 << random() % 3};
}

}  // namespace

TEST_CASE("does a stage split in two equal halves change nothing?") {
  std::mt19937 random(7);
  for (int draw = 0; draw < 20; ++draw) {
    const Stage a = drawn(random), b = drawn(random), half{b.tokens / 2, b.sequence, b.batch};
    const Comparison whole = compared(text_of({a, b})), split = compared(text_of({a, half, half}));
    for (std::size_t i = 0; i < 2; ++i) {
      INFO("draw " << draw << ", option " << i);
      const OptionAnswer &one = whole.options[i], &two = split.options[i];
      REQUIRE(one.feasible() == two.feasible());
      if (!one.feasible()) continue;
      REQUIRE(two.duration.value() == Approx(one.duration.value()).epsilon(1e-9));
      REQUIRE(cost(two) == Approx(cost(one)).epsilon(1e-9));
      REQUIRE(two.p10 == Approx(one.p10).epsilon(1e-9));
      REQUIRE(two.p90 == Approx(one.p90).epsilon(1e-9));
      REQUIRE(two.cost_p10 == Approx(one.cost_p10).epsilon(1e-9));
      REQUIRE(two.cost_p90 == Approx(one.cost_p90).epsilon(1e-9));
      REQUIRE(two.mfu == Approx(one.mfu).epsilon(1e-9));
      REQUIRE(two.energy->value() == Approx(one.energy->value()).epsilon(1e-9));
    }
  }
}

TEST_CASE("does a stage more never cost or last less?") {
  std::mt19937 random(11);
  for (int draw = 0; draw < 20; ++draw) {
    std::vector<Stage> stages = {drawn(random)};
    const Comparison before = compared(text_of(stages));
    stages.push_back(drawn(random));
    const Comparison after = compared(text_of(stages));
    for (std::size_t i = 0; i < 2; ++i) {
      if (!before.options[i].feasible()) REQUIRE_FALSE(after.options[i].feasible());
      if (!after.options[i].feasible()) continue;
      REQUIRE(cost(after.options[i]) > cost(before.options[i]));
      REQUIRE(after.options[i].duration > before.options[i].duration);
    }
  }
}

TEST_CASE("does the number of devices that is named meet the deadline when it is asked again?") {
  std::mt19937 random(13);
  int named = 0;
  for (int draw = 0; draw < 12; ++draw) {
    const Stage a = drawn(random), b = drawn(random);
    const Comparison free = compared(text_of({a, b}));
    if (!free.options[0].feasible()) continue;
    const double share = 0.2 + static_cast<double>(random() % 70) / 100;
    const std::string job =
        text_of({a, b}) + fmt::format(R"(, "deadline": "{:.17g} d")", share * days(free.options[0].duration));
    const Comparison late = compared(job);
    const auto& deadline = *late.options[0].deadline;
    REQUIRE_FALSE(deadline.is_met());
    if (!deadline.enough) continue;
    ++named;
    const Comparison again = compared(job, deadline.enough->devices);
    REQUIRE(again.options[0].deadline->is_met());
    REQUIRE(cost(again.options[0]) == Approx(*deadline.enough->cost).epsilon(1e-9));
    const Comparison fewer = compared(job, deadline.enough->too_few);
    if (fewer.options[0].feasible()) REQUIRE_FALSE(fewer.options[0].deadline->is_met());
  }
  REQUIRE(named > 6);
}

}  // namespace chipmix
