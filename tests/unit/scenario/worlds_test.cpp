// Possible worlds: is one price one price, one error one error, however many rows and options it stands in?
#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"
#include "scenario/confidence.hpp"
#include "scenario/cost_swings.hpp"
#include "scenario/cost_terms.hpp"

namespace chipmix::scenario {
namespace {

using economics::Account;
using support::replaced;

std::string figure(const std::string& key, const std::string& value, const std::string& low = "",
                   const std::string& high = "") {
  const std::string range = low.empty() ? "" : R"(, "low": )" + low + R"(, "high": )" + high;
  return "\"" + key + R"(": {"value": )" + value + range + R"(, "grade": "assumed", "source": "a quote"})";
}

std::string cluster(const std::string& device, int devices) {
  return R"("cluster": {"device": ")" + device + R"(", "devices": )" + std::to_string(devices) +
         R"(, "fabric": "rail-optimised-non-blocking"}, "plan": {"tensor": 4, "recompute": "full"})";
}

std::string rent(const std::string& price) {
  return figure("rent", "\"" + price + " USD/h\"", "\"1 USD/h\"", "\"4 USD/h\"");
}

std::string commitment(const std::string& discount, const std::string& term) {
  return R"("commitment": {)" + figure("discount", discount) + R"(, "term": ")" + term + R"("})";
}

std::string own(const std::string& price, const std::string& life = figure("life", "5")) {
  return R"("own": {)" + figure("device", "\"" + price + " USD\"") + ", " + figure("server", "1.3") + ", " +
         figure("network", "0.15") + ", " + life + ", " + figure("residual", "0.1") + ", " +
         figure("discount", "0.08") + ", " + figure("utilisation", "0.8") + "}";
}

std::string option(const std::string& name, const std::string& rest) {
  return R"({"name": ")" + name + R"(", )" + rest + "}";
}

std::string scenario(const std::vector<std::string>& options, const std::string& more = "") {
  std::string list;
  for (const std::string& one : options) list += (list.empty() ? "" : ", ") + one;
  return R"({"name": "worlds", "currency": "USD", )" + more +
         R"("job": {"model": "llama-3.1-8b", "sequence_length": 4096, "global_batch": 256, "tokens": 1e11, "practice": "ideal"},
  "options": [)" +
         list + "]}";
}

const std::string h100 = cluster("h100-sxm5-80gb", 16);
double total(const OptionAnswer& answer) { return answer.bill.total().amount; }

/// Share of worlds in which the second option is cheaper than the first.
double second_is_cheaper(const Comparison& comparison) { return *comparison.options[1].surety->beats_baseline; }

}  // namespace

TEST_CASE("is a price less 10 %, for a term that is used up, less in every world?") {
  const Comparison both =
      support::compare(scenario({option("on demand", h100 + ", " + rent("2")),
                                 option("committed", h100 + ", " + rent("2") + ", " + commitment("0.1", "1 d"))}));
  CHECK(second_is_cheaper(both) == 1);
  CHECK(total(both.options[1]) == Approx(0.9 * total(both.options[0])));
  CHECK(both.options[1].cost_p90 == Approx(both.options[0].cost_p90));
}

TEST_CASE("does a commitment that is not used up cost its term, however long the run takes within it?") {
  const std::string certain = figure("rent", "\"2 USD/h\"");
  const auto cost = [&](const std::string& term) {
    return support::compare(scenario(
        {option("a", h100 + ", " + certain + ", " + commitment("0.1", term)), option("b", h100 + ", " + certain)}));
  };
  const Comparison whole = cost("1000 d");
  const OptionAnswer& a = whole.options[0];
  CHECK(total(a) == Approx(16 * 1000 * 24 * 1.8));
  CHECK(a.p90 > 1.05);
  CHECK(a.cost_p10 == Approx(1));
  CHECK(a.cost_p90 == Approx(1));
  CHECK(a.surety->p90 == Approx(total(a)));
  // A term as long as the run: never less than the term, more where the run is slow.
  const double length = days(whole.options[1].duration);
  const Comparison tight = cost(std::to_string(length) + " d");
  CHECK(tight.options[0].cost_p10 == Approx(1).margin(1e-4));
  CHECK(tight.options[0].cost_p90 == Approx(tight.options[0].p90).margin(1e-3));
  CHECK(tight.options[0].surety->p10 == Approx(total(tight.options[0])).epsilon(1e-4));
}

TEST_CASE("does the price of a term move all of it?") {
  const Comparison both =
      support::compare(scenario({option("a", h100 + ", " + rent("2") + ", " + commitment("0.1", "1000 d")),
                                 option("b", h100 + ", " + rent("2"))}));
  CHECK(both.options[0].cost_p10 == Approx(0.5));
  CHECK(both.options[0].cost_p90 == Approx(2));
}

TEST_CASE("do two phases on one committed option pay its term once?") {
  const Comparison fleet = support::compare(
      scenario({option("a", h100 + ", " + rent("2") + ", " + commitment("0.1", "365 d")),
                option("fleet", R"("phases": [{"option": "a", "share": 0.5}, {"option": "a", "share": 0.5}])")}));
  CHECK(total(fleet.options[0]) == Approx(16 * 365 * 24 * 1.8));
  CHECK(total(fleet.options[1]) == Approx(total(fleet.options[0])));
  CHECK(fleet.options[1].devices == 16);
}

TEST_CASE("do two phases on one owned option buy its devices once, and spares once?") {
  const std::string spared =
      R"("reliability": {"device_mtbf": {"value": "20000 h", "grade": "assumed", "source": "test"},
  "recovery": {"value": "30 min", "grade": "assumed", "source": "test"},
  "blocking": {"value": "5 s", "grade": "assumed", "source": "test"}, "spares": 0.25}, )";
  const Comparison fleet = support::compare(
      scenario({option("own", h100 + ", " + own("30000")),
                option("fleet", R"("phases": [{"option": "own", "share": 0.5}, {"option": "own", "share": 0.5}])")},
               spared));
  const double each = 30000 * 1.3 / 0.85;
  for (const OptionAnswer& answer : fleet.options) {
    CHECK(answer.bill.cash().amount == Approx(20 * each));
    CHECK(answer.bill.total(Account::owned_interrupted).amount > 0);
    CHECK(answer.bill.purchases().amount == Approx(20 * each));
  }
  CHECK(total(fleet.options[1]) == Approx(total(fleet.options[0])));
}

TEST_CASE("has a campaign over islands an interval, and all their devices?") {
  const std::string campaign = R"("mix": {"islands": [
      {"name": "fast", "device": "h100-sxm5-80gb", "devices": 8, "fabric": "rail-optimised-non-blocking", )" +
                               rent("3") + R"(},
      {"name": "slow", "device": "a100-sxm4-80gb", "devices": 16, "fabric": "rail-optimised-non-blocking", )" +
                               rent("2") + R"(}],
    "ways": ["campaign"]}, "search": {"tensor": 2, "context": 1, "micro_batch": 1, "interleave": 1})";
  const OptionAnswer both = support::compare(scenario({option("both", campaign)})).options.front();
  REQUIRE(both.runs.size() == 2);
  CHECK(both.p10 < 0.99);
  CHECK(both.p90 > 1.01);
  CHECK(both.devices == 24);
}

TEST_CASE("do owned options share the life of what they buy?") {
  const std::string open = figure("life", "5", "3", "8");
  const Comparison both = support::compare(
      scenario({option("a", h100 + ", " + own("30000", open)), option("b", h100 + ", " + own("29000", open))}));
  CHECK(second_is_cheaper(both) == 1);  // nothing else differs
  const auto swings =
      cost_swings(support::read(scenario({option("a", h100 + ", " + own("30000", open))})), both.options[0]);
  REQUIRE(swings.size() == 2);
}

TEST_CASE("is the middle of the worlds of an owned device where the formula puts it, not at the central figures?") {
  // A life of 2 to 6 years around 5: the charge rises more at the short end than it falls at the long one.
  const std::string skewed =
      figure("life", "5", "2", "6") + R"(, "installation": {"value": 0.1, "low": 0.05, "high": 0.5,
    "grade": "assumed", "source": "test"})";
  const Comparison both = support::compare(
      scenario({option("a", h100 + ", " + own("30000", skewed)), option("b", h100 + ", " + rent("2"))}));
  CHECK(both.options[0].surety->p50 > 1.01 * total(both.options[0]));
}

TEST_CASE("do the ranges of tariff, load and PUE move the electricity, and the rent's range the rent alone?") {
  const std::string electricity = R"("electricity": {)" + figure("load", "0.75", "0.6", "0.9") + ", " +
                                  figure("pue", "1.25", "1.1", "1.5") + ", " +
                                  figure("tariff", "\"0.3 USD/kWh\"", "\"0.05 USD/kWh\"", "\"1 USD/kWh\"") + "}, ";
  const std::string text = scenario({option("a", h100 + ", " + rent("2"))}, electricity);
  const OptionAnswer a = support::compare(text).options.front();
  const double power = a.bill.total(Account::electricity).amount / total(a), rented = 1 - power;
  const auto swings = cost_swings(support::read(text), a);
  const auto swing = [&](const std::string& words) {
    const auto found = std::find_if(swings.begin(), swings.end(),
                                    [&](auto& one) { return one.figure.find(words) != std::string::npos; });
    REQUIRE(found != swings.end());
    return *found;
  };
  CHECK(swing("tariff").at_high == Approx(1 + power * (1 / 0.3 - 1)));
  CHECK(swing("rent of").at_high == Approx(1 + rented));
  CHECK(swing("PUE").at_high == Approx(1 + power * (1.5 / 1.25 - 1)));
  CHECK(swing("load").at_low < 1);
}

TEST_CASE("do two counts of one device share most of their error, and not all?") {
  const std::string certain = figure("rent", "\"2 USD/h\"");
  const Comparison counts = support::compare(scenario({option("a", cluster("h100-sxm5-80gb", 32) + ", " + certain),
                                                       option("b", cluster("h100-sxm5-80gb", 16) + ", " + certain)}));
  const auto &a = counts.options[0].runs.front().causes, &b = counts.options[1].runs.front().causes;
  double shared = 0, all = 0;
  for (const auto& one : a) {
    all += std::pow(std::log(one.p90), 2);
    for (const auto& other : b)
      if (one.cause == other.cause) shared += std::log(one.p90) * std::log(other.p90);
  }
  CHECK(shared / all > 0.25);
  CHECK(shared / all < 0.9);
  CHECK(second_is_cheaper(counts) > 0);
  CHECK(second_is_cheaper(counts) < 1);
}

TEST_CASE("are rates that contradict one another refused at their place?") {
  const auto rates = [](const std::string& back) {
    return scenario({option("a", h100 + ", " + rent("2"))},
                    R"("exchange_rates": [
      {"from": "USD", "to": "CNY", "rate": 7.2, "date": "2026-01-05", "source": "a bank"},
      {"from": "CNY", "to": "USD", "rate": )" +
                        back + R"(, "date": "2026-01-05", "source": "a bank"}], )");
  };
  CHECK(support::faults(rates("0.139")).empty());
  const auto faults = support::faults(rates("0.2"));
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().message.find("0.2 USD for 1 CNY, but 7.2 CNY for 1 USD") != std::string::npos);
}

TEST_CASE("is a price converted over a currency that both have a rate with?") {
  ExchangeRates rates;
  rates.set({"USD"}, {"CNY"}, 7.2);
  rates.set({"EUR"}, {"USD"}, 1.1);
  CHECK(rates.convert({10, {"EUR"}}, {"CNY"}).amount == Approx(79.2));
  CHECK(rates.convert({79.2, {"CNY"}}, {"EUR"}).amount == Approx(10));
  CHECK_FALSE(rates.can_convert({"JPY"}, {"CNY"}));
}

TEST_CASE("is a mix off as its islands are, each by its share, so that one of them cheaper is so in most worlds?") {
  const std::string links = R"("links": [{"between": ["fast", "slow"], "link": "rdma-mixed-200", "count": 8}], )";
  const auto island = [](const std::string& name, const std::string& device) {
    return R"({"name": ")" + name + R"(", "device": ")" + device +
           R"(", "devices": 8, "fabric": "rail-optimised-non-blocking", )" + figure("rent", "\"2 USD/h\"") + "}";
  };
  const std::string mixed = R"("mix": {"islands": [)" + island("fast", "h100-sxm5-80gb") + ", " +
                            island("slow", "h200-sxm-141gb") + "], " + links +
                            R"("ways": ["data"]}, "search": {"tensor": 4, "context": 1, "micro_batch": 1})";
  const Comparison both = support::compare(scenario(
      {option("alone", cluster("h100-sxm5-80gb", 8) + ", " + figure("rent", "\"2 USD/h\"")), option("mix", mixed)}));
  const auto &alone = both.options[0].runs.front().causes, &mix = both.options[1].runs.front().causes;
  const auto up = [](const std::vector<uncertainty::Factor>& causes, const std::string& cause) {
    for (const auto& one : causes)
      if (one.cause == cause) return std::log(one.p90);
    return 0.0;
  };
  // About half of the work is the H100's; the stack is that of both.
  CHECK(up(mix, "job on h100-sxm5-80gb") / up(alone, "job on h100-sxm5-80gb") == Approx(0.5).margin(0.05));
  const std::string stack = both.options[0].runs.front().causes[1].cause;
  CHECK(stack.starts_with("stack "));
  CHECK(up(mix, stack) == Approx(up(alone, stack)));
  CHECK(up(mix, "job on h200-sxm-141gb") > 0);
}

}  // namespace chipmix::scenario
