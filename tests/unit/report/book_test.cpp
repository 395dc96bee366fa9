// The workbook before it is a file: names that formulas can use, and cells where they should be.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "../../support/scenarios.hpp"
#include "report/book/names.hpp"
#include "report/book/procurement_book.hpp"
#include "report/book/xlsx.hpp"
#include "report/decision/front.hpp"

namespace chipmix::report::book {
namespace {

Workbook two_chips() {
  const scenario::Scenario scenario = support::read(support::two_chips);
  const Findings findings{support::compare(support::two_chips)};
  const Say say(Language::english);
  const Matter all = matter(scenario, findings, say);
  return procurement_book(all, option_decision(all), "1.2.3");
}

const Cell& cell_of(const Workbook& book, const std::string& name) {
  const auto found =
      std::find_if(book.names.begin(), book.names.end(), [&](auto& defined) { return defined.name == name; });
  REQUIRE(found != book.names.end());
  const auto sheet =
      std::find_if(book.sheets.begin(), book.sheets.end(), [&](auto& one) { return one.name == found->sheet; });
  return sheet->rows.at(found->row).at(found->column);
}

}  // namespace

TEST_CASE("are names words that differ in more than the case of letters, and no cells?") {
  Names names;
  CHECK(names.of("rent:h200-rent") == "rent_h200_rent");
  CHECK(names.of("rent:h200-rent") == "rent_h200_rent");
  CHECK(names.of("rent:H200 rent") == "rent_H200_rent_2");
  CHECK(names.of("rent:\u5f02\u817e") == "rent");
  CHECK(names.of("rent:=1+1") == "rent_1_1");
  CHECK(names.of("rent:" + std::string(1000, 'x')).size() < 255);
  CHECK(names.knows("rent:=1+1"));
  CHECK_FALSE(names.knows("rent:1+1"));
}

TEST_CASE("is a place written as spreadsheets do?") {
  CHECK(place(0, 0) == "A1");
  CHECK(place(6, 25) == "Z7");
  CHECK(place(0, 26) == "AA1");
  CHECK(place(9, 701) == "ZZ10");
  CHECK(place(9, 702) == "AAA10");
}

TEST_CASE("has a number the decimals that it needs?") {
  CHECK(format_of(512) == "#,##0");
  CHECK(format_of(3.5) == "#,##0.0");
  CHECK(format_of(0.13865) == "#,##0.00000");
  CHECK(format_of(0) == "#,##0");
  CHECK(format_of(1.5e-6) == "0.00E+00");
}

TEST_CASE("do names lead to the figures they are named after?") {
  const Workbook book = two_chips();
  CHECK(std::get<double>(cell_of(book, "rent_A").content) == 12);
  CHECK(cell_of(book, "rent_A").style == Style::input);
  CHECK(std::get<double>(cell_of(book, "tariff").content) == 0.6);
  const auto& total = std::get<Formula>(cell_of(book, "total_fleet").content);
  CHECK(total.text.starts_with("SUM(J"));
  CHECK(std::get<double>(total.value) == support::compare(support::two_chips).options[2].bill.total().amount);
}

TEST_CASE("is the same workbook the same bytes, and a container that ends as it should?") {
  const std::string one = xlsx(two_chips());
  CHECK(one == xlsx(two_chips()));
  CHECK(one.starts_with("PK"));
  CHECK(one.find("PK\x05\x06") != std::string::npos);
}

}  // namespace chipmix::report::book
