// Is every price and figure behind an answer listed once, as it was written, with its grade and source?
#include "report/assumptions.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "../../support/scenarios.hpp"

namespace chipmix::report {
namespace {

const std::string rent_a = R"("rent": {"value": "12 CNY/h", "grade": "assumed", "source": "test"})";

const Assumption* find(const std::vector<Assumption>& rows, const std::string& key) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Assumption& row) { return row.key == key; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("is a rent listed as it was written, with its range and where it can be set?") {
  const auto price = R"("rent": {"value": "3.5 CNY/h", "low": "2.5 CNY/h", "high": "4.5 CNY/h", "grade": "datasheet",
                                 "source": "a quote"})";
  const auto rows = price_assumptions(support::read(support::replaced(support::two_chips, rent_a, price)));
  const Assumption* rent = find(rows, "rent:A");
  REQUIRE(rent);
  CHECK(rent->value == 3.5);
  REQUIRE(rent->range);
  CHECK(rent->range->low == 2.5);
  CHECK(rent->range->high == 4.5);
  CHECK(rent->unit == "CNY/h");
  CHECK(rent->grade == Evidence::datasheet);
  CHECK(rent->source == "a quote");
  CHECK(rent->path == "options.A.rent.value");
}

TEST_CASE("is the rent of a commitment listed as quoted, its discount beside it?") {
  const auto price =
      rent_a + R"(, "commitment": {"discount": {"value": 1, "grade": "assumed", "source": "x"}, "term": "90 d"})";
  const auto rows = price_assumptions(support::read(support::replaced(support::two_chips, rent_a, price)));
  CHECK(find(rows, "rent:A")->value == 12);
  CHECK(find(rows, "commitment discount:A")->value == 1);
}

TEST_CASE("do options share the figures that they have in common?") {
  const auto rows = price_assumptions(support::read(support::two_chips));
  CHECK(find(rows, "tariff")->value == 0.6);
  CHECK(find(rows, "PUE"));
  CHECK(std::count_if(rows.begin(), rows.end(), [](auto& row) { return row.what == "tariff"; }) == 1);
  const auto keys = [&](const Assumption& row) {
    return std::count_if(rows.begin(), rows.end(), [&](auto& other) { return other.key == row.key; });
  };
  for (const Assumption& row : rows) CHECK(keys(row) == 1);
}

TEST_CASE("does every row of the table have a grade and a source, prices first?") {
  const auto comparison = support::compare(support::two_chips);
  const auto table = assumptions_table(support::read(support::two_chips), comparison);
  REQUIRE(table.rows.size() > 10);
  CHECK(table.rows.front()[0].text == "mean power over the limit");
  for (const auto& row : table.rows) {
    CHECK_FALSE(row[7].text.empty());
    CHECK_FALSE(row[8].text.empty());
  }
  CHECK(std::any_of(table.rows.begin(), table.rows.end(), [](auto& row) { return row[0].text == "device.peak.bf16"; }));
}

}  // namespace chipmix::report
