// What must hold for money, time and energy of every scenario.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "../support/scenarios.hpp"

namespace chipmix {
namespace {

using scenario::Comparison;
using scenario::OptionAnswer;

double cost(const OptionAnswer& answer) { return answer.bill.total().amount; }

/// The two chips with random rents, a random tariff, split and batch.
struct Prices {
  double a, b, tariff, share;
  int batch;
};

Prices prices(std::mt19937& random) {
  std::uniform_real_distribution<double> amount(0.5, 40);
  return {amount(random), amount(random), amount(random) / 20, static_cast<double>(random() % 1001) / 1000,
          64 << random() % 3};
}

Comparison compared(const Prices& p) {
  std::string text = support::two_chips;
  text = support::replaced(text, "12 CNY/h", std::to_string(p.a) + " CNY/h");
  text = support::replaced(text, "\"5 CNY/h", "\"" + std::to_string(p.b) + " CNY/h");
  text = support::replaced(text, "0.6 CNY/kWh", std::to_string(p.tariff) + " CNY/kWh");
  text = support::replaced(text, "0.25}", std::to_string(p.share) + "}");
  text = support::replaced(text, "0.75}", std::to_string(1 - p.share) + "}");
  text = support::replaced(text, "\"global_batch\": 256", "\"global_batch\": " + std::to_string(p.batch));
  return support::compare(text);
}

template <class Check>
void for_prices(Check check) {
  std::mt19937 random(5);
  for (int i = 0; i < 60; ++i) {
    const Prices p = prices(random);
    INFO("draw " << i << ": " << p.a << ", " << p.b << ", " << p.tariff << ", " << p.share << ", " << p.batch);
    check(p);
  }
}

}  // namespace

TEST_CASE("does doubling every price double the money and change no second and no joule?") {
  for_prices([](Prices p) {
    const Comparison before = compared(p);
    p.a *= 2, p.b *= 2, p.tariff *= 2;
    const Comparison after = compared(p);
    for (std::size_t i = 0; i < before.options.size(); ++i) {
      REQUIRE(cost(after.options[i]) == Approx(2 * cost(before.options[i])).epsilon(1e-6));  // prices have six decimals
      REQUIRE(after.options[i].duration == before.options[i].duration);
      REQUIRE(after.options[i].energy->value() == before.options[i].energy->value());
      REQUIRE(after.options[i].relative_cost == Approx(before.options[i].relative_cost).epsilon(1e-6));
    }
  });
}

TEST_CASE("do the ledgers of time, memory and money sum to their totals?") {
  for_prices([](const Prices& p) {
    for (const OptionAnswer& answer : compared(p).options) {
      REQUIRE(answer.feasible());
      double money = 0;
      for (const auto& entry : answer.bill.entries()) money += entry.amount.amount;
      REQUIRE(money == Approx(cost(answer)).epsilon(1e-12));
      for (const scenario::Run& run : answer.runs) {
        double seconds = 0;
        for (const auto& entry : run.estimate.time.entries()) seconds += entry.amount.value();
        REQUIRE(seconds == Approx(run.estimate.step_time.value()).epsilon(1e-12));
        for (const auto& memory : run.estimate.memory) REQUIRE(memory.fits());
      }
    }
  });
}

TEST_CASE("does a fleet cost and last between its parts?") {
  for_prices([](const Prices& p) {
    const auto options = compared(p).options;
    const auto between = [](double low, double x, double high) {
      return std::min(low, high) * (1 - 1e-9) <= x && x <= std::max(low, high) * (1 + 1e-9);
    };
    REQUIRE(between(cost(options[0]), cost(options[2]), cost(options[1])));
    REQUIRE(between(options[0].duration.value(), options[2].duration.value(), options[1].duration.value()));
    // Parts of their errors are their own, so that the fleet is no less sure than the less sure of them.
    REQUIRE(options[2].p90 > 1);
    REQUIRE(options[2].p90 <= std::max(options[0].p90, options[1].p90) * (1 + 1e-9));
  });
}

TEST_CASE("is there always a cheapest option on the front, and never one that another beats in both?") {
  for_prices([](const Prices& p) {
    const auto options = compared(p).options;
    for (const OptionAnswer& a : options) {
      bool is_beaten = false, is_cheapest = true;
      for (const OptionAnswer& b : options) {
        is_beaten |= cost(b) < cost(a) && b.duration < a.duration;
        is_cheapest &= cost(a) <= cost(b);
      }
      if (is_beaten) REQUIRE_FALSE(a.pareto);
      if (is_cheapest) REQUIRE(a.pareto);
    }
  });
}

}  // namespace chipmix
