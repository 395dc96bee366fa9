#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <set>

#include "report/chart/canvas.hpp"
#include "report/chart/charts.hpp"
#include "report/chart/design.hpp"
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
  CHECK(tornado({}, {{"still", 1, 1}}, {"low", "high"}).empty());
  CHECK(spans({}, "s", 0, {}).empty());
  CHECK(heat_map({}, {}).empty());
}

/// The drawing for a page, without that for a phone.
std::string page_of(const std::string& drawn) { return drawn.substr(0, drawn.find("<svg class=\"phone\"")); }
std::string phone_of(const std::string& drawn) { return drawn.substr(drawn.find("<svg class=\"phone\"")); }

TEST_CASE("Does a waterfall end where its parts add up?") {
  const std::string drawn = waterfall({"w", ""}, {{"a", 30, "30"}, {"b", -10, "-10"}, {"all", 20, "20", true}});
  const std::string svg = page_of(drawn);
  // From 250 to 770 for 0 to 30: a is 520 wide, b ends at 20, and so does the total.
  CHECK(svg.find("x=\"250.0\" y=\"4.0\" width=\"520.0\"") != std::string::npos);
  CHECK(svg.find("x=\"596.7\" y=\"32.0\" width=\"173.3\"") != std::string::npos);
  CHECK(svg.find("x=\"250.0\" y=\"60.0\" width=\"346.7\"") != std::string::npos);
  // On a phone names stand above: the strip has the whole width.
  CHECK(phone_of(drawn).find("x=\"0.0\" y=\"23.0\" width=\"358.0\"") != std::string::npos);
}

TEST_CASE("Is the bar that matters alone in full colour, and all of them where none does?") {
  const std::string one = page_of(bars({}, {{"a", 0, 1, 0, "1"}, {"b", 0, 2, 0, "2", "", 0, true}}));
  CHECK(count(one, "fill-opacity") == 1);
  CHECK(count(one, "class=\"strong\"") == 2);  // its name and its value
  CHECK(count(page_of(bars({}, {{"a", 0, 1, 0, "1"}, {"b", 0, 2, 0, "2"}})), "fill-opacity") == 0);
}

TEST_CASE("Are many short spans one area of each colour?") {
  SpanRow row{"stage", {}};
  for (int i = 0; i < 100; ++i) row.spans.push_back({1.0 * i, i + 0.5, i % 2 ? "#111111" : "#222222", ""});
  const std::string svg = spans({"t", ""}, "s", 100, {row});
  CHECK(count(page_of(svg), "<path") == 2);
  CHECK(count(svg, "<rect") == 0);
}

TEST_CASE("Is what is not known left white in a heat map?") {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const HeatMap map{"x", {"1", "2"}, {"a"}, {{0.5, unknown}}, {{"less", "?"}}, 1};
  CHECK(count(page_of(heat_map({"h", ""}, map)), "<rect") == 1);
}

TEST_CASE("Are labels beside a plot a line apart, however close the points?") {
  Plot chart{{"x", 0, 1}, {"y", 0, 1}, {}, {}};
  for (int i = 0; i < 5; ++i) chart.dots.push_back({0.5, 0.5, design::one, "tip", true, "same place"});
  const std::string svg = page_of(plot({"p", ""}, chart));
  std::vector<double> heights;
  for (auto at = svg.find(">same place"); at != std::string::npos; at = svg.find(">same place", at + 1))
    heights.push_back(std::stod(svg.substr(svg.rfind("y=\"", at) + 3)));
  REQUIRE(heights.size() == 5);
  for (std::size_t i = 1; i < heights.size(); ++i) CHECK(heights[i] - heights[i - 1] >= 15);
}

TEST_CASE("Is what a mark says text, whatever is in it?") {
  Canvas canvas;
  canvas.text(0, 0, "</text><script>");
  canvas.circle(0, 0, 1, design::one, true, "\"><img src=x>");
  const std::string svg = canvas.svg("<b>", "&", 10);
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("<img") == std::string::npos);
  CHECK(svg.find("<title>&lt;b&gt;</title><desc>&amp;</desc>") != std::string::npos);
}

TEST_CASE("Has a vendor one hue, each of its options a shade, and an unknown vendor a hue that is free?") {
  const auto list = design::shades({"NVIDIA", "Huawei", "nobody", "NVIDIA", "somebody"});
  CHECK(list[0] == design::green[0]);
  CHECK(list[3] == design::green[1]);
  CHECK(list[1] == design::vermilion[0]);
  CHECK(std::set<std::string>(list.begin(), list.end()).size() == 5);
}

namespace {

/// Relative luminance (WCAG 2.1).
double luminance(const std::string& colour) {
  double sum = 0;
  const double weights[] = {0.2126, 0.7152, 0.0722};
  for (int i = 0; i < 3; ++i) {
    const double c = std::stoi(colour.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    sum += weights[i] * (c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double contrast(const std::string& a, const std::string& b) {
  const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
  return std::max(x, y) / std::min(x, y);
}

}  // namespace

TEST_CASE("Can every shade be told from the paper, light and dark?") {
  for (const design::Hue* hue : design::hues)
    for (const std::string shade : *hue)
      for (const design::Theme& theme : {design::light, design::dark}) {
        INFO(shade << " on " << theme.paper);
        CHECK(contrast(shade, theme.paper) >= 2.95);
      }
  for (const design::Theme& theme : {design::light, design::dark, design::print}) {
    CHECK(contrast(theme.soft, theme.paper) >= 4.5);
    CHECK(contrast(theme.soft, theme.band) >= 4.5);
    CHECK(contrast(theme.accent, theme.paper) >= 4.5);
  }
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
