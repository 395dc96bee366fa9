#include <catch2/catch.hpp>

#include "report/texts/say.hpp"

namespace chipmix::report {
namespace {

/// Gaps of a text: "{0}" counts as 1, "{1}" as 2, "{2}" as 4.
int gaps(std::string_view text) {
  int found = 0;
  for (std::size_t at = 0; at + 2 < text.size(); ++at)
    if (text[at] == '{' && text[at + 2] == '}') found |= 1 << (text[at + 1] - '0');
  return found;
}

}  // namespace

TEST_CASE("Has every text of a report both languages, with the same gaps?") {
  for (int i = 0; i < static_cast<int>(Text::count); ++i) {
    INFO("text " << i);
    const TextEntry& one = entry(static_cast<Text>(i));
    INFO(one.english);
    CHECK(!one.english.empty());
    CHECK(!one.chinese.empty());
    CHECK(gaps(one.english) == gaps(one.chinese));
  }
  CHECK_THROWS_AS(entry(Text::count), std::logic_error);
}

TEST_CASE("Are gaps filled, in each language in its own order?") {
  CHECK(Say(Language::english)(Text::less_than, {"23", "D"}) == "23 % less than D");
  CHECK(Say(Language::chinese)(Text::less_than, {"23", "D"}) == "比 D 低 23%");
  CHECK(Say(Language::english).list({"a", "b", "c"}) == "a, b and c");
  CHECK(Say(Language::chinese).list({"a", "b", "c"}) == "a、b和c");
}

TEST_CASE("Is money counted in millions in English, and in 万 and 亿 in Chinese?") {
  const Say english(Language::english), chinese(Language::chinese);
  CHECK(english.money(6.4e6, {"CNY"}) == "6.40 M CNY");
  CHECK(chinese.money(6.4e6, {"CNY"}) == "640 万 CNY");
  CHECK(chinese.money(1.234e9, {"CNY"}) == "12.3 亿 CNY");
  CHECK(chinese.money(27.5, {"CNY"}) == "27.50 CNY");
  CHECK(english.change(1e6, {"USD"}) == "+1.00 M USD");
  CHECK(english.change(-1e6, {"USD"}) == "-1.00 M USD");
}

TEST_CASE("Is a language known by its code alone?") {
  CHECK(language_of("zh") == Language::chinese);
  CHECK(knows_language("en"));
  CHECK_FALSE(knows_language("fr"));
  CHECK_THROWS_AS(language_of("fr"), std::invalid_argument);
}

}  // namespace chipmix::report
