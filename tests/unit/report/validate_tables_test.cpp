// Do the tables of `validate` set held-out errors beside shipped ones, the worst group first?
#include <catch2/catch.hpp>
#include <cmath>

#include "../validation/records.hpp"
#include "report/validate_page.hpp"
#include "report/validate_tables.hpp"

using namespace chipmix;
using namespace chipmix::validation;

namespace {

PublishedRun run(const std::string& id, const std::string& project) {
  Record record;
  record.id = id;
  record.measured = R"("iteration_s":10)";
  record.rest = R"(,"project":")" + project + "\"";
  return read(record);
}

Prediction predicted(double seconds) {
  Prediction p;
  p.iteration_s = seconds;
  p.p10 = 0.9 * seconds;
  p.p90 = 1.1 * seconds;
  p.fits = true;
  return p;
}

const std::vector<PublishedRun> runs{run("a", "good"), run("b", "bad")};
const std::vector<Prediction> predictions{predicted(11), predicted(10.5)};
const LeftOut errors{{"a", {0.0, std::log(1.2), 0.0}}, {"b", {0.0, std::log(1.5), 0.0}}};

}  // namespace

TEST_CASE("the overall table begins with projects left out") {
  const report::Table table = report::overall_table(judge(runs, predictions, errors));
  REQUIRE(table.rows.size() == 3);
  CHECK(table.rows[0][0].text == "project left out");
  CHECK(table.rows[0][4].text == "35 %");
  CHECK(table.rows[1][0].text == "five-fold");
  CHECK(table.rows[2][4].text == "7.5 %");
}

TEST_CASE("groups are in the order of their held-out errors, with the shipped ones beside") {
  const report::Table table = report::group_table("t", "project", judge(runs, predictions, errors), &Scored::project);
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0][0].text == "bad");
  CHECK(table.rows[0][4].text == "50 %");
  CHECK(table.rows[0][9].text == "5 %");
}

TEST_CASE("without held-out errors the tables are plain") {
  const report::Table table = report::group_table("t", "project", judge(runs, predictions, {}), &Scored::project);
  CHECK(table.columns.size() == 9);
  CHECK(table.rows[0][0].text == "good");
  const report::Page page = report::validate_page(runs, predictions);
  CHECK(page.tables.front().rows.size() == 1);
  CHECK(page.json.find(R"("left_out": null)") != std::string::npos);
}
