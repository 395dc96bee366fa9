// Ledgers and estimates: is a total the sum of its entries, and is what is derived derived?
#include <catch2/catch.hpp>

#include "base/money.hpp"
#include "estimate/estimate.hpp"

namespace chipmix::estimate {

TEST_CASE("is a total the sum of the entries, over all and by account?") {
  Ledger<Seconds> ledger;
  CHECK(ledger.empty());
  CHECK(ledger.total() == Seconds{});
  ledger.charge("attention", Seconds{1.5}, "law");
  ledger.charge("host", Seconds{0.25}, "law");
  ledger.charge("attention", Seconds{2}, "law");
  CHECK(ledger.entries().size() == 3);
  CHECK(ledger.total() == Seconds{3.75});
  CHECK(ledger.total("attention") == Seconds{3.5});
  CHECK(ledger.total("none such") == Seconds{});
}

TEST_CASE("does a ledger of money keep its currency and refuse another?") {
  Ledger<Money> bill;
  bill.charge("rent", {2, {"USD"}}, "quote");
  bill.charge("electricity", {1, {"USD"}}, "tariff");
  CHECK(bill.total().amount == 3);
  CHECK(bill.total().currency == Currency{"USD"});
  bill.charge("tax", {1, {"CNY"}}, "law");
  CHECK_THROWS_AS(bill.total(), std::logic_error);
}

TEST_CASE("does a stage fit exactly up to its capacity?") {
  StageMemory memory{0, "device", Bytes{10}, {}};
  memory.use.charge("weights", Bytes{10}, "why");
  CHECK(memory.fits());
  memory.use.charge("framework", Bytes{1e-9}, "why");
  CHECK_FALSE(memory.fits());
}

TEST_CASE("is the share of peak the FLOPs over peak and time?") {
  Estimate estimate;
  estimate.model_flops = Flops{4e15};
  estimate.peak = FlopsPerSecond{1e15};
  estimate.step_time = Seconds{8};
  CHECK(mfu(estimate) == Approx(0.5));
}

TEST_CASE("has every constraint a name of its own?") {
  CHECK(std::string(name(Constraint::memory)) == "memory");
  CHECK(std::string(name(Constraint::layout)) == "layout");
  CHECK(std::string(name(Constraint::nothing_found)) == "nothing found");
}

}  // namespace chipmix::estimate
