// Does an answer depend on how many threads look for it, and is progress told in order?
#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"

namespace chipmix::scenario {
namespace {

std::string with_cases() {
  return support::replaced(support::two_chips, R"("baseline": "A")", R"("baseline": "A", "assumptions": [
      {"assumed": "batch", "cases": [{"label": "half", "set": {"job.global_batch": 128}}]},
      {"assumed": "rent of A", "cases": [{"label": "more", "set": {"options.A.rent.value": "20 CNY/h"}}]}])");
}

Comparison compared(int jobs, const std::function<void(double)>& progress = {}) {
  const io::Document document = io::Document::parse("s.json", with_cases());
  Library library;
  return compare(read_scenario(document, library), document, library, {jobs, 1, progress});
}

}  // namespace

TEST_CASE("is a comparison the same, to the last bit, for any number of threads?") {
  const Comparison one = compared(1);
  REQUIRE(one.cases.size() == 2);
  for (int jobs : {2, 3, 16}) {
    const Comparison many = compared(jobs);
    REQUIRE(many.recommendation == one.recommendation);
    for (std::size_t i = 0; i < one.options.size(); ++i) {
      REQUIRE(many.options[i].duration == one.options[i].duration);
      REQUIRE(many.options[i].bill.total().amount == one.options[i].bill.total().amount);
      REQUIRE(many.options[i].p90 == one.options[i].p90);
      REQUIRE(plan::to_text(many.options[i].runs.front().plan.lanes.front()) ==
              plan::to_text(one.options[i].runs.front().plan.lanes.front()));
    }
    for (std::size_t i = 0; i < one.cases.size(); ++i) REQUIRE(many.cases[i].cost_factor == one.cases[i].cost_factor);
  }
}

TEST_CASE("does progress rise from 0 to 1 over options and cases together?") {
  double last = 0;
  bool rises = true;
  compared(2, [&](double share) {
    rises = rises && share >= last;
    last = share;
  });
  REQUIRE(rises);
  REQUIRE(last == Approx(1));
}

}  // namespace chipmix::scenario
