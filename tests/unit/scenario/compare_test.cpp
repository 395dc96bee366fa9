// Answering scenarios: do phases add up, do cases change only what they name, is an option that cannot run told why?
#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"

namespace chipmix::scenario {
namespace {

using support::replaced;
using support::two_chips;

const Comparison& central() {
  static const Comparison comparison = support::compare(two_chips);
  return comparison;
}

double cost(const OptionAnswer& answer) { return answer.bill.total().amount; }

std::string with_case(const std::string& set) {
  return replaced(
      two_chips, R"("baseline": "A")",
      R"("baseline": "A", "assumptions": [{"assumed": "x", "cases": [{"label": "y", "set": {)" + set + "}}]}]");
}

const CaseEffect& only_case(const Comparison& comparison) {
  REQUIRE(comparison.cases.size() == 1);
  return comparison.cases.front();
}

}  // namespace

TEST_CASE("is a run its steps, and its bill its device-hours and kilowatt-hours?") {
  const Scenario scenario = support::read(two_chips);
  const OptionAnswer& a = central().options[0];
  REQUIRE(a.feasible());
  const double steps = 1e11 / (4096.0 * 256);
  CHECK(a.duration.value() == Approx(a.runs.front().estimate.step_time.value() * steps));
  CHECK(hours(a.device_time) == Approx(16 * hours(a.duration)));
  CHECK(a.bill.total(economics::Account::rent).amount == Approx(12 * hours(a.device_time)));
  CHECK(a.bill.total(economics::Account::electricity).amount == Approx(0.6 * kilowatt_hours(*a.energy)));
  const double made = economics::embodied(scenario.options.front().power.front(), a.device_time).value();
  CHECK(a.carbon->value() == Approx(0.5 * kilowatt_hours(*a.energy) + made));
  CHECK(a.tokens_per_s == Approx(1e11 / a.duration.value()));
  CHECK(cost_per_1t(a, scenario).amount == Approx(10 * cost(a)));
  CHECK(device_hours_per_1t(a, scenario) == Approx(10 * hours(a.device_time)));
}

TEST_CASE("are the duration, money, energy and carbon of phases those of their shares, summed?") {
  const OptionAnswer &a = central().options[0], &b = central().options[1], &fleet = central().options[2];
  REQUIRE(fleet.runs.size() == 2);
  CHECK(fleet.duration.value() == Approx(0.25 * a.duration.value() + 0.75 * b.duration.value()));
  CHECK(fleet.device_time.value() == Approx(0.25 * a.device_time.value() + 0.75 * b.device_time.value()));
  CHECK(cost(fleet) == Approx(0.25 * cost(a) + 0.75 * cost(b)));
  CHECK(fleet.energy->value() == Approx(0.25 * a.energy->value() + 0.75 * b.energy->value()));
  CHECK(fleet.carbon->value() == Approx(0.25 * a.carbon->value() + 0.75 * b.carbon->value()));
  CHECK(fleet.devices == 16 + 32);
  CHECK(fleet.evidence == weakest(a.evidence, b.evidence));
  CHECK(fleet.mfu > std::min(a.mfu, b.mfu));
  CHECK(fleet.mfu < std::max(a.mfu, b.mfu));
}

TEST_CASE("is the relative cost over the baseline's, and the cheapest option recommended?") {
  const auto& options = central().options;
  CHECK(options[0].relative_cost == 1);
  CHECK(options[1].relative_cost == Approx(cost(options[1]) / cost(options[0])));
  const OptionAnswer& best = cost(options[0]) < cost(options[1]) ? options[0] : options[1];
  CHECK(central().recommendation.find(best.label + " is cheapest") == 0);
}

TEST_CASE("is an option off the front when another is both cheaper and faster?") {
  CHECK(central().options[0].duration < central().options[1].duration);
  const auto dear = support::compare(replaced(two_chips, "5 CNY/h", "100 CNY/h"));
  CHECK(dear.options[0].pareto);
  CHECK_FALSE(dear.options[1].pareto);
  const auto cheap = support::compare(replaced(two_chips, "5 CNY/h", "0.5 CNY/h"));
  CHECK(cheap.options[0].pareto);
  CHECK(cheap.options[1].pareto);
}

TEST_CASE("does a case change the option it names, the fleet by its share, and nothing else?") {
  const auto comparison = support::compare(with_case(R"("options.A.rent.value": "24 CNY/h")"));
  const auto& factor = only_case(comparison).cost_factor;
  const OptionAnswer &a = central().options[0], &fleet = central().options[2];
  const double more = a.bill.total(economics::Account::rent).amount;
  CHECK(factor[0].value() == Approx(1 + more / cost(a)));
  CHECK(factor[1].value() == 1);
  CHECK(factor[2].value() == Approx(1 + 0.25 * more / cost(fleet)));
  for (std::size_t i = 0; i < 3; ++i) CHECK(cost(comparison.options[i]) == Approx(cost(central().options[i])));
}

TEST_CASE("does a case about the job change every option?") {
  const auto comparison = support::compare(with_case(R"("job.global_batch": 128)"));
  for (const auto& factor : only_case(comparison).cost_factor)
    CHECK(factor.value() > 1);  // fewer tokens share a step's own work
}

TEST_CASE("does a case about shares change the fleet alone?") {
  const auto comparison =
      support::compare(with_case(R"("options.fleet.phases.0.share": 1, "options.fleet.phases.1.share": 0)"));
  const auto& factor = only_case(comparison).cost_factor;
  CHECK(factor[0].value() == 1);
  CHECK(factor[1].value() == 1);
  CHECK(factor[2].value() == Approx(cost(central().options[0]) / cost(central().options[2])));
}

TEST_CASE("is an illegal plan an answer with its reasons, and a fleet that needs it one too?") {
  const auto comparison =
      support::compare(replaced(two_chips, R"("tensor": 8,)", R"("tensor": 8, "pipeline": 4, "interleave": 9,)"));
  REQUIRE_FALSE(comparison.options[1].feasible());
  CHECK(comparison.options[1].reason->constraint == estimate::Constraint::layout);
  CHECK(comparison.options[1].reason->explanation.find("32 layers are fewer than PP x interleave = 36") !=
        std::string::npos);
  REQUIRE_FALSE(comparison.options[2].feasible());
  CHECK(comparison.options[2].reason->explanation.find("option B: ") == 0);
  CHECK(comparison.options[0].feasible());
}

TEST_CASE("is a plan that does not fit in memory, or a format the device lacks, an answer?") {
  auto comparison =
      support::compare(replaced(two_chips, R"("tensor": 4, "recompute": "full")", R"("tensor": 1, "zero": "none")"));
  REQUIRE_FALSE(comparison.options[0].feasible());
  CHECK(comparison.options[0].reason->constraint == estimate::Constraint::memory);
  CHECK(comparison.options[0].reason->explanation.find("GiB short") != std::string::npos);
  comparison = support::compare(replaced(two_chips, R"("name": "B",)", R"("name": "B", "dtype": "fp8",)"));
  REQUIRE_FALSE(comparison.options[1].feasible());
  CHECK(comparison.options[1].reason->constraint == estimate::Constraint::dtype);
}

TEST_CASE("has an option whose devices have no rent no cost, nor a fleet with such a phase?") {
  const std::string rent = R"(,
      "rent": {"value": "5 CNY/h", "grade": "assumed", "source": "test"})";
  const auto comparison = support::compare(replaced(two_chips, rent, ""));
  CHECK(comparison.options[0].priced());
  CHECK_FALSE(comparison.options[1].priced());
  CHECK_FALSE(comparison.options[2].priced());
  CHECK(comparison.recommendation.find("A is cheapest") == 0);
}

TEST_CASE("is one option asked alone answered as in the comparison?") {
  const Scenario scenario = support::read(two_chips);
  for (int option : {0, 1, 2}) {
    const OptionAnswer alone = answer_option(scenario, option, {});
    CHECK(cost(alone) == Approx(cost(central().options[option])));
    CHECK(alone.p90 == central().options[option].p90);
  }
}

TEST_CASE("do several threads give the same answer as one?") {
  const auto document = io::Document::parse("test.json", with_case(R"("options.A.cluster.devices": 32)"));
  Library files = support::library();
  const Scenario scenario = read_scenario(document, files);
  Settings settings;
  settings.jobs = 4;
  const Comparison many = compare(scenario, document, files, settings), one = compare(scenario, document, files, {});
  for (std::size_t i = 0; i < one.options.size(); ++i) CHECK(cost(many.options[i]) == cost(one.options[i]));
  CHECK(only_case(many).cost_factor == only_case(one).cost_factor);
}

}  // namespace chipmix::scenario
