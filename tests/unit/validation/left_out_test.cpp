// Are held-out errors read, and made into what another fit would have predicted?
#include <catch2/catch.hpp>
#include <cmath>

#include "records.hpp"
#include "validation/judged.hpp"

using namespace chipmix;
using namespace chipmix::validation;

namespace {

LeftOut read_text(const std::string& text) {
  const io::Document document = io::Document::parse("left_out.json", text);
  io::Diagnostics diagnostics;
  LeftOut errors = read_left_out(document.root(diagnostics));
  diagnostics.throw_if_any();
  return errors;
}

PublishedRun run(const std::string& id) {
  Record record;
  record.id = id;
  record.measured = R"("iteration_s":10)";
  return read(record);
}

Prediction predicted(double seconds) {
  Prediction p;
  p.iteration_s = seconds;
  p.p10 = 0.8 * seconds;
  p.p90 = 1.25 * seconds;
  p.fits = true;
  return p;
}

}  // namespace

TEST_CASE("what is null or absent is not known") {
  const LeftOut errors =
      read_text(R"({"note":"n","runs":{"a":{"shipped":0.03,"left_out":-0.1,"five_fold":null},"b":{}}})");
  CHECK(*errors.at("a").shipped == 0.03);
  CHECK(*errors.at("a").left_out == -0.1);
  CHECK_FALSE(errors.at("a").five_fold);
  CHECK_FALSE(errors.at("b").shipped);
}

TEST_CASE("faults have their place") {
  CHECK_THROWS_AS(read_text("{}"), InputError);
  CHECK_THROWS_WITH(read_text(R"({"runs":{"a":{"left_out":"x"},"b":3}})"),
                    Catch::Contains("left_out.json:1:") && Catch::Contains("an object of errors"));
}

TEST_CASE("a held-out error moves the prediction, and the interval with it") {
  const std::vector<PublishedRun> runs{run("a"), run("b"), run("c")};
  const LeftOut errors{{"a", {0.0, std::log(1.2), 0.0}}, {"b", {0.0, std::log(1.3), {}}}};
  const Judged judged = judge(runs, {predicted(10), predicted(10), predicted(10)}, errors);
  CHECK(judged.shipped.all.mean == Approx(0));
  CHECK(judged.left_out->all.timed == 3);
  CHECK(judged.left_out->all.predicted == 2);
  CHECK(judged.left_out->all.mean == Approx(0.25));
  CHECK(*judged.left_out->all.coverage == Approx(0.5));  // 12 · 0.8 < 10 < 13 · 0.8
  CHECK(*judged.left_out->all.half_width == Approx(*judged.shipped.all.half_width));
  CHECK(judged.five_fold->all.predicted == 1);
}

TEST_CASE("rows of somebody else have no held-out errors") {
  const Judged judged = judge({run("mine")}, {predicted(10)}, {{"a", {0.1, 0.1, 0.1}}});
  CHECK_FALSE(judged.left_out);
  CHECK_FALSE(judged.five_fold);
}
