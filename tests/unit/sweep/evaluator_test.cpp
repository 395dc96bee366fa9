// Is a row, put together from parts that are kept, the same to the last bit as an answer to the whole changed scenario?
#include "sweep/evaluator.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <stdexcept>

#include "../../support/scenarios.hpp"

namespace chipmix::sweep {
namespace {

const std::string all_levers =
    support::replaced(support::replaced(support::two_chips, R"("currency": "CNY",)", R"("currency": "CNY",
      "exchange_rates": [{"from": "USD", "to": "CNY", "rate": 7.1, "date": "2026-01-01", "source": "test"}],
      "reliability": {"device_mtbf": {"value": "50000 h", "low": "9000 h", "high": "80000 h", "grade": "assumed",
                                      "source": "test"},
                      "recovery": {"value": "10 min", "grade": "assumed", "source": "test"},
                      "storage": {"value": "2 TB/s", "grade": "assumed", "source": "test"}},)"),
                      R"("name": "fleet",)", R"("name": "bought",
      "cluster": {"device": "h800-sxm5-80gb", "devices": 16, "fabric": "rail-optimised-non-blocking"},
      "plan": {"tensor": 4, "recompute": "full"},
      "own": {"device": {"value": "30000 USD", "grade": "assumed", "source": "test"},
              "server": {"value": 1.5, "grade": "assumed", "source": "test"},
              "network": {"value": 0.2, "grade": "assumed", "source": "test"},
              "life": {"value": 5, "grade": "assumed", "source": "test"},
              "residual": {"value": 0.1, "grade": "assumed", "source": "test"},
              "discount": {"value": 0.08, "grade": "assumed", "source": "test"},
              "utilisation": {"value": 0.8, "grade": "assumed", "source": "test"},
              "colocation": {"value": "130 USD", "grade": "assumed", "source": "test"},
              "maintenance": {"value": 0.02, "grade": "assumed", "source": "test"}}
    },
    {
      "name": "searched",
      "cluster": {"device": "h800-sxm5-80gb", "devices": 16, "fabric": "rail-optimised-non-blocking"},
      "search": {"tensor": [2, 4], "pipeline": [1, 2], "micro_batch": [1], "recompute": "full"},
      "rent": {"value": "12 CNY/h", "grade": "assumed", "source": "test"}
    },
    {
      "name": "fleet",)");

std::unique_ptr<Question> question(const std::string& text = all_levers, bool intervals = false,
                                   std::vector<std::string> options = {}) {
  return std::make_unique<Question>(io::Document::parse("s.json", text), CHIPMIX_SOURCE_DIR "/scenarios",
                                    Settings{std::move(options), intervals, engine::Kind::analytical});
}

/// What the commands would answer for the scenario with these changes.
Row by_commands(const Question& question, const Point& point, int option) {
  scenario::Library library = support::library();
  const std::string& name = question.scenario().options[option].name;
  try {
    const auto scenario = scenario::read_scenario(question.document().with(point), library);
    scenario::Settings settings;
    settings.intervals = question.settings().intervals;
    const auto answer = scenario::answer_option(scenario, option, settings);
    const auto& cluster = scenario.options[option].cluster;
    return answered(scenario, answer, answer.feasible() && cluster ? plan::to_text(answer.runs[0].plan, *cluster) : "",
                    settings.intervals);
  } catch (const InputError&) {
    return failed(name, "refused");
  }
}

void require_same(const Row& row, const Row& other) {
  REQUIRE(row.option == other.option);
  REQUIRE(row.feasible == other.feasible);
  REQUIRE(row.plan == other.plan);
  REQUIRE(row.reason == other.reason);
  REQUIRE(row.error.empty() == other.error.empty());
  for (std::size_t i = 0; i < figure_count; ++i) {
    INFO("figure " << i << " of option " << row.option);
    if (std::isnan(other.figures[i]))
      REQUIRE(std::isnan(row.figures[i]));
    else
      REQUIRE(row.figures[i] == other.figures[i]);
  }
}

/// Values that fit, that need one another, and that are wrong.
const std::vector<Axis> axes = {
    {"options.A.rent.value", {"\"10 CNY/h\"", "\"2 USD/h\"", "\"2 EUR/h\""}},
    {"options.A.rent.low", {"\"1 CNY/h\""}},
    {"options.bought.own.device.value", {"\"20000 USD\"", "\"200000 CNY\""}},
    {"options.B.tariff", {R"({"value": "1 CNY/kWh", "grade": "assumed", "source": "test"})"}},
    {"electricity.tariff.value", {"\"0.8 CNY/kWh\"", "\"0.1 USD/kWh\""}},
    {"electricity.pue.value", {"1.1", "1.5", "0.5"}},
    {"exchange_rates.0.rate", {"6", "8"}},
    {"exchange_rates.0.from", {"\"EUR\""}},
    {"reliability.device_mtbf.value", {"\"20000 h\"", "\"60000 h\""}},
    {"reliability.spares", {"0.1"}},
    {"job.tokens", {"5e10", "1e6", "\"2T\""}},
    {"job.global_batch", {"64", "512", "100"}},
    {"options.A.plan.tensor", {"2", "8", "3"}},
    {"options.B.cluster.devices", {"16", "20"}},
    {"options.searched.cluster.devices", {"8", "32"}},
    {"options.searched.search.tensor", {"4"}},
    {"options.A.name", {"\"Z\""}},
};

}  // namespace

TEST_CASE("is every row the answer to the whole changed scenario?") {
  const auto asked = question(all_levers, GENERATE(false, true));
  Evaluator evaluator(*asked);
  std::mt19937 random(7);
  int failures = 0, feasible = 0;
  for (int i = 0; i < 150; ++i) {
    Point point;
    for (const Axis& axis : axes)
      if (random() % 4 == 0) point.emplace_back(axis.path, axis.values[random() % axis.values.size()]);
    for (const int option : asked->options()) {
      const Row row = evaluator.answer(point, option);
      failures += !row.error.empty();
      feasible += row.feasible;
      require_same(row, by_commands(*asked, point, option));
    }
  }
  CHECK(failures > 50);
  CHECK(feasible > 50);
}

TEST_CASE("is a point answered the same whatever was answered before it?") {
  const auto asked = question();
  const Point point{{"options.A.rent.value", "\"9 CNY/h\""}},
      other{{"job.tokens", "5e10"}, {"electricity.pue.value", "2"}};
  Evaluator fresh(*asked), used(*asked);
  for (int i = 0; i < 3; ++i) used.answer(other, 0);
  require_same(used.answer(point, 0), fresh.answer(point, 0));
  require_same(used.answer({}, 0), fresh.answer({}, 0));
}

TEST_CASE("does a key name the point, the option, and all that the answer depends on?") {
  const auto asked = question();
  const Point point{{"job.tokens", "1e12"}, {"job.global_batch", "64"}}, turned{point[1], point[0]};
  const std::string key = asked->key(point, "A");
  CHECK(key.size() == 36);
  CHECK(key.starts_with(asked->id()));
  CHECK(key == asked->key(turned, "A"));
  CHECK(key == question()->key(point, "A"));
  CHECK(key != asked->key(point, "B"));
  CHECK(key != asked->key({point[0]}, "A"));
  CHECK(asked->id() != question(all_levers, true)->id());
  CHECK(asked->id() != question(support::two_chips)->id());
}

TEST_CASE("are paths refused that no point can follow, and options that are not there?") {
  const auto asked = question();
  const auto check = [&](const std::string& path) { asked->check({{path, {"1"}}}); };
  CHECK_NOTHROW(check("job.tokens"));
  CHECK_NOTHROW(check("options.A.plan.pipeline"));
  for (const char* misspelt : {"job.tokenz", "jobs.tokens", "options.Z.rent.value", "options.A.rent.vlaue"})
    CHECK_THROWS_AS(check(misspelt), InputError);
  CHECK_THROWS_AS(check("currency"), std::invalid_argument);
  CHECK_THROWS_AS(asked->check({{"job.tokens", {"1"}}, {"/job/tokens", {"1"}}}), std::invalid_argument);
  CHECK_THROWS_AS(asked->check({{"options.A.rent", {"1"}}, {"options.0.rent.value", {"1"}}}), std::invalid_argument);
  CHECK_THROWS_AS(question(all_levers, false, {"Z"}), std::invalid_argument);
  CHECK_THROWS_AS(question(all_levers, false, {"A", "A"}), std::invalid_argument);
}

}  // namespace chipmix::sweep
