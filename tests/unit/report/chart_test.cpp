#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "report/chart/canvas.hpp"
#include "report/chart/charts.hpp"
#include "report/chart/colours.hpp"
#include "report/chart/plot.hpp"
#include "report/chart/scale.hpp"
#include "report/text_bars.hpp"
#include "report/width.hpp"

namespace chipmix::report {
namespace {

int count(const std::string& text, const std::string& what) {
  int found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("Does a scale put its ends at the ends, and round values between?") {
  const Scale linear(0, 37, 100, 200);
  CHECK(linear(0) == 100);
  CHECK(linear(37) == 200);
  CHECK(linear.ticks() == std::vector<double>{0, 10, 20, 30});
  const Scale log(1, 1e4, 0, 4, true);
  CHECK(std::abs(log(100) - 2) < 1e-12);
  CHECK(log.ticks() == std::vector<double>{1, 10, 100, 1000, 10000});
  CHECK(Scale(10, 100, 0, 1, true).ticks() == std::vector<double>{10, 20, 50, 100});
  CHECK_THROWS_AS(Scale(1, 1, 0, 1), std::logic_error);
  CHECK_THROWS_AS(Scale(0, 1, 0, 1, true), std::logic_error);
}

TEST_CASE("Is a chart without data empty?") {
  CHECK(bars({}, {}).empty());
  CHECK(stacks({}, {}, {}).empty());
  CHECK(waterfall({}, {}).empty());
  CHECK(tornado({}, {{"still", 1, 1}}).empty());
  CHECK(spans({}, "s", 0, {}).empty());
  CHECK(heat_map({}, {}).empty());
}

TEST_CASE("Does a waterfall end where its parts add up?") {
  const std::string svg = waterfall({"w", ""}, {{"a", 30, "30"}, {"b", -10, "-10"}, {"all", 20, "20", true}});
  // From 250 to 630 for 0 to 30: a is 380 wide, b ends at 20, and so does the total.
  CHECK(svg.find("x=\"250.0\" y=\"8.0\" width=\"380.0\"") != std::string::npos);
  CHECK(svg.find("x=\"503.3\" y=\"38.0\" width=\"126.7\"") != std::string::npos);
  CHECK(svg.find("x=\"250.0\" y=\"68.0\" width=\"253.3\"") != std::string::npos);
}

TEST_CASE("Are many short spans one area of each colour?") {
  SpanRow row{"stage", {}};
  for (int i = 0; i < 100; ++i) row.spans.push_back({1.0 * i, i + 0.5, i % 2 ? "#111111" : "#222222", ""});
  const std::string svg = spans({"t", ""}, "s", 100, {row});
  CHECK(count(svg, "<path") == 2);
  CHECK(count(svg, "<rect") == 0);
}

TEST_CASE("Is what is not known left white in a heat map?") {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const HeatMap map{"x", {"1", "2"}, {"a"}, {{0.5, unknown}}, {{"less", "?"}}, 1};
  CHECK(count(heat_map({"h", ""}, map), "<rect") == 1);
}

TEST_CASE("Are labels beside a plot a line apart, however close the points?") {
  Plot chart{{"x", 0, 1}, {"y", 0, 1}, {}, {}};
  for (int i = 0; i < 5; ++i) chart.dots.push_back({0.5, 0.5, palette[0], "tip", true, "same place"});
  const std::string svg = plot({"p", ""}, chart);
  std::vector<double> heights;
  for (auto at = svg.find(">same place"); at != std::string::npos; at = svg.find(">same place", at + 1))
    heights.push_back(std::stod(svg.substr(svg.rfind("y=\"", at) + 3)));
  REQUIRE(heights.size() == 5);
  for (std::size_t i = 1; i < heights.size(); ++i) CHECK(heights[i] - heights[i - 1] >= 15);
}

TEST_CASE("Is what a mark says text, whatever is in it?") {
  Canvas canvas;
  canvas.text(0, 0, "</text><script>");
  canvas.circle(0, 0, 1, palette[0], true, "\"><img src=x>");
  const std::string svg = canvas.svg("<b>", "&", 10);
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("<img") == std::string::npos);
  CHECK(svg.find("<title>&lt;b&gt;</title><desc>&amp;</desc>") != std::string::npos);
}

TEST_CASE("Has a vendor one colour everywhere, and an unknown one any?") {
  CHECK(std::string(vendor_colour("NVIDIA")) != vendor_colour("Huawei"));
  CHECK(std::string(vendor_colour("NVIDIA")) != vendor_colour("AMD"));
  CHECK(std::string(vendor_colour("nobody")) == palette.front());
}

TEST_CASE("Do bars of characters keep to the width and to their lengths?") {
  const std::string text = text_bars("t", {{"half", 0, 1, "1"}, {"whole", 0, 2, "2"}, {"later", 1, 2, "1"}}, 40);
  CHECK(count(text, "\n") == 4);
  // 40 columns less 5 of labels, 1 of text and 4 between: 30, so 15 + 30 + 15 full cells.
  CHECK(count(text, "█") == 60);
  CHECK(text.find("later                 █") != std::string::npos);
  CHECK(text_bars("t", {{"a", 0, 1, "1"}}, 10).empty());
  CHECK(text_bars("t", {}, 80).empty());
}

}  // namespace chipmix::report
