// Does text keep its columns on a terminal, whatever its script?
#include "report/width.hpp"

#include <catch2/catch.hpp>

using namespace chipmix::report;
using Lines = std::vector<std::string>;

TEST_CASE("How many cells does a text take?") {
  CHECK(display_width("") == 0);
  CHECK(display_width("H800") == 4);
  CHECK(display_width("昇腾910B") == 8);
  CHECK(display_width("ｆｕｌｌ") == 8);
  CHECK(display_width("한국어") == 6);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("7.1 µs ±") == 8);
  CHECK(display_width("a\xff"
                      "b") == 3);
}

TEST_CASE("Does padding count cells and not bytes?") {
  CHECK(pad("昇腾", 6, Align::left) == "昇腾  ");
  CHECK(pad("昇腾", 6, Align::right) == "  昇腾");
  CHECK(pad("e\u0301", 3, Align::right) == "  e\u0301");
  CHECK(pad("longer", 3, Align::left) == "longer");
}

TEST_CASE("Does wrapping keep words whole where they fit?") {
  CHECK(wrap("", 10) == Lines{""});
  CHECK(wrap("one two three", 20) == Lines{"one two three"});
  CHECK(wrap("one two three", 7) == Lines{"one two", "three"});
  CHECK(wrap("one two three", 8) == Lines{"one two", "three"});
  CHECK(wrap("one   two", 4) == Lines{"one", "two"});
  CHECK(wrap("  indented text", 10) == Lines{"  indented", "text"});
  CHECK(wrap("a\nb\n", 5) == Lines{"a", "b", ""});
}

TEST_CASE("Is a word wider than a line broken, and nothing lost?") {
  CHECK(wrap("abcdefgh", 3) == Lines{"abc", "def", "gh"});
  CHECK(wrap("ab cdefgh", 3) == Lines{"ab", "cde", "fgh"});
  CHECK(wrap("abc", 0) == Lines{"ab", "c"});
}

TEST_CASE("Do wide characters break anywhere, but never in half?") {
  CHECK(wrap("昇腾加速卡", 4) == Lines{"昇腾", "加速", "卡"});
  CHECK(wrap("昇腾加速卡", 5) == Lines{"昇腾", "加速", "卡"});
  CHECK(wrap("用H800训练", 6) == Lines{"用H800", "训练"});
}

TEST_CASE("Does no wrapped line exceed its width?") {
  const std::string text =
      "the all-to-all of 专家 is 超出 the fabric's bisection; e\u0301te\u0301 supercalifragilistic";
  for (std::size_t width = 2; width < 60; ++width)
    for (const auto& line : wrap(text, width)) CHECK(display_width(line) <= width);
}
