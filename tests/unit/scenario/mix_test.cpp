// Mixes in scenarios: do money and time add up over the islands, and is what cannot be done told why?
#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"

namespace chipmix::scenario {
namespace {

using support::replaced;

const std::string mix = R"({
  "name": "two islands",
  "currency": "USD",
  "job": {"model": "llama-3.1-8b", "sequence_length": 4096, "global_batch": 96, "tokens": 1e11, "practice": "ideal"},
  "options": [
    {
      "name": "both",
      "mix": {
        "islands": [
          {"name": "fast", "device": "h100-sxm5-80gb", "devices": 8, "fabric": "rail-optimised-non-blocking",
           "rent": {"value": "3 USD/h", "grade": "assumed", "source": "test"}},
          {"name": "slow", "device": "a100-sxm4-80gb", "devices": 16, "fabric": "rail-optimised-non-blocking",
           "rent": {"value": "2 USD/h", "grade": "assumed", "source": "test"}}
        ],
        "links": [{"between": ["fast", "slow"], "link": "rdma-mixed-200", "count": 8}],
        "ways": ["data"]
      },
      "search": {"tensor": 2, "context": 1, "micro_batch": 1, "interleave": 1}
    }
  ]
})";

const std::string with_ways(const std::string& ways) { return replaced(mix, R"(["data"])", "[" + ways + "]"); }

const OptionAnswer answer(const std::string& text) { return support::compare(text).options.front(); }

std::vector<std::string> names(const std::vector<OptionAnswer>& ways) {
  std::vector<std::string> list;
  for (const OptionAnswer& way : ways) list.push_back(way.name);
  return list;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("is the rent of a mix that of its islands, each at its own price, for as long as the job takes?") {
  const OptionAnswer both = answer(mix);
  REQUIRE(both.feasible());
  CHECK(both.devices == 24);
  CHECK(hours(both.device_time) == Approx(24 * hours(both.duration)));
  CHECK(both.bill.total(economics::Account::rent).amount == Approx((8 * 3 + 16 * 2) * hours(both.duration)));
  CHECK(both.tokens_per_s == Approx(1e11 / both.duration.value()));
}

TEST_CASE("are the ways that are asked for answered, in their order, and each island alone beside them?") {
  const OptionAnswer both = answer(with_ways(R"("islands", "data", "campaign")"));
  REQUIRE(both.feasible());
  CHECK(names(both.ways) == std::vector<std::string>{"islands", "data", "campaign", "fast alone", "slow alone"});
  for (const OptionAnswer& way : both.ways) CHECK_FALSE(way.limit.empty());
}

TEST_CASE("is the option's own answer its cheapest way that uses all islands at once?") {
  const OptionAnswer both = answer(with_ways(R"("data", "pipeline", "campaign")"));
  REQUIRE(both.feasible());
  CHECK((both.way == "data" || both.way == "pipeline"));
  for (const OptionAnswer& way : both.ways)
    if (way.name == "data" || way.name == "pipeline")
      CHECK(both.bill.total().amount <= way.bill.total().amount * (1 + 1e-9));
  const OptionAnswer campaign = answer(with_ways(R"("campaign")"));
  CHECK(campaign.way == "campaign");
}

TEST_CASE("does a campaign share the tokens by speed, and pay for one island at a time?") {
  const OptionAnswer both = answer(with_ways(R"("campaign")"));
  REQUIRE(both.runs.size() == 2);
  CHECK(both.runs[0].share + both.runs[1].share == Approx(1));
  CHECK(both.runs[0].duration.value() == Approx(both.runs[1].duration.value()));
  CHECK(both.bill.total(economics::Account::rent).amount ==
        Approx(8 * 3 * hours(both.runs[0].duration) + 16 * 2 * hours(both.runs[1].duration)));
}

TEST_CASE("does each island have a row of what its chips add, and do all of them add what they say?") {
  const OptionAnswer both = answer(mix);
  REQUIRE(both.worth.size() == 2);
  CHECK(both.worth[0].island == "fast");
  CHECK(both.worth[0].alone > both.worth[1].alone);
  const auto alone = [&](const std::string& name) {
    for (const OptionAnswer& way : both.ways)
      if (way.name == name) return way.tokens_per_s;
    return 0.0;
  };
  CHECK(both.worth[0].average == Approx((both.tokens_per_s - alone("slow alone")) / 8));
  CHECK(both.worth[1].average == Approx((both.tokens_per_s - alone("fast alone")) / 16));
  CHECK(both.worth[1].fewer == 8);
}

TEST_CASE("is an island without a number format refused by name, and helped by one of its own?") {
  const std::string fp8 = replaced(mix, R"("tokens": 1e11)", R"("tokens": 1e11, "dtype": "fp8")");
  const OptionAnswer refused = answer(fp8);
  REQUIRE_FALSE(refused.feasible());
  CHECK(refused.reason->constraint == estimate::Constraint::dtype);
  CHECK(has(refused.reason->explanation, "give island 'slow' a dtype of its own"));
  const OptionAnswer helped = answer(replaced(fp8, R"("devices": 16,)", R"("devices": 16, "dtype": "bf16",)"));
  REQUIRE(helped.feasible());
  CHECK(helped.tokens_per_s > answer(mix).tokens_per_s);
}

TEST_CASE("are islands that nothing joins told apart by name?") {
  const OptionAnswer both =
      answer(replaced(with_ways(R"("data", "pipeline")"),
                      R"("links": [{"between": ["fast", "slow"], "link": "rdma-mixed-200", "count": 8}],)", R"("links": [],)"));
  REQUIRE_FALSE(both.feasible());
  CHECK(both.reason->constraint == estimate::Constraint::layout);
  CHECK(has(both.reason->explanation,
            "data, pipeline: islands that have to exchange data are not joined: 'fast' and 'slow'"));
}

TEST_CASE("is a batch that no share divides told with the nearest that can be?") {
  const std::string four = replaced(mix, R"("micro_batch": 1)", R"("micro_batch": 4)");
  const OptionAnswer both = answer(replaced(four, R"("global_batch": 96)", R"("global_batch": 10)"));
  REQUIRE_FALSE(both.feasible());
  CHECK(both.reason->constraint == estimate::Constraint::batch);
  CHECK(has(both.reason->explanation, "the nearest global batches that can be are 8 and 12"));
  for (const char* batch : {"8", "12"})
    CHECK(answer(replaced(four, R"("global_batch": 96)", std::string(R"("global_batch": )") + batch)).feasible());
}

TEST_CASE("is a model that all memory together does not hold told with how much of it is held?") {
  const OptionAnswer both = answer(replaced(mix, "llama-3.1-8b", "llama-3.1-405b"));
  REQUIRE_FALSE(both.feasible());
  CHECK(both.reason->constraint == estimate::Constraint::memory);
  CHECK(has(both.reason->explanation, "of 126 layers"));
}

TEST_CASE("are all faults of a mix reported at once, names among them?") {
  std::string text = replaced(mix, R"("devices": 8)", R"("devices": 0)");
  text = replaced(text, R"("a100-sxm4-80gb")", R"("a1000")");
  text = replaced(text, R"(["fast", "slow"])", R"(["fast", "slwo"])");
  text = replaced(text, "rdma-mixed-200", "rdma-mixed-20");
  text = replaced(text, R"(["data"])", R"(["date"])");
  const auto faults = support::faults(text);
  const auto said = [&](const std::string& part) {
    return std::any_of(faults.begin(), faults.end(), [&](const Diagnostic& fault) { return has(fault.message, part); });
  };
  CHECK(faults.size() == 5);
  CHECK(said("'devices' must be between 1 and"));
  CHECK(said("unknown device 'a1000'"));
  CHECK(said("no island named 'slwo'"));
  CHECK(said("unknown link 'rdma-mixed-20'"));
  CHECK(said("unknown name 'date'"));
}

TEST_CASE("is a chip worth as much to an interrupted mix, less its interruptions?") {
  const OptionAnswer calm = answer(mix);
  const OptionAnswer often = answer(replaced(mix, "\"options\"", R"("reliability": {
    "device_mtbf": {"value": "50 h", "grade": "assumed", "source": "test"},
    "recovery": {"value": "30 min", "grade": "assumed", "source": "test"},
    "blocking": {"value": "10 s", "grade": "assumed", "source": "test"}}, "options")"));
  REQUIRE(often.feasible());
  const double goodput = often.runs.front().interruptions->goodput();
  CHECK(goodput < 0.8);
  for (std::size_t island = 0; island < 2; ++island) {
    CHECK(often.worth[island].average > 0);
    CHECK(often.worth[island].average < calm.worth[island].average);
  }
  CHECK(often.worth[1].marginal > 0);
  CHECK(often.worth[1].marginal < goodput * calm.worth[1].marginal);  // more devices also fail more often
  for (const OptionAnswer& way : often.ways)
    if (way.name == "slow alone") CHECK(often.worth[0].average == Approx((often.tokens_per_s - way.tokens_per_s) / 8));
}

}  // namespace chipmix::scenario
