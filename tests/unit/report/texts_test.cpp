#include <catch2/catch.hpp>

#include "report/texts/phrases.hpp"
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
  CHECK(Say(Language::chinese).list({"a", "b", "c"}) == "a、b 和 c");
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

TEST_CASE("Is a phrase known with whatever stands in its gaps, and words that are none left alone?") {
  CHECK(phrase_in_chinese("1.1 to 1.4") == "1.1 到 1.4");
  CHECK(phrase_in_chinese("3 to 6 years in use") == std::nullopt);
  CHECK(phrase_in_chinese("life of B200, the new one") == "B200, the new one 的使用年限");
  CHECK(phrase_in_chinese("one of many") == std::nullopt);
  CHECK(phrase_in_chinese("Weakest evidence behind each option: datasheet (A), scaled (B).") ==
        "各方案最弱的证据：规格或报价（A）、推算（B）。");
  const Say chinese(Language::chinese), english(Language::english);
  CHECK(chinese.fixed_words("matrix products 75 %, host 11.3 %, attention 4.5 %") ==
        "矩阵乘法 75%、主机 11.3%、注意力 4.5%");
  CHECK(chinese.fixed_words("H800") == "H800");
  CHECK(english.fixed_words("1.1 to 1.4") == "1.1 to 1.4");
}

TEST_CASE("Are amounts of money in a text counted in 万 and 亿, and is all else kept?") {
  CHECK(money_in_chinese("2.11 M USD to 5.54 M USD (a)") == "211 万 USD to 554 万 USD (a)");
  CHECK(money_in_chinese("1.2 bn CNY, 855 k USD") == "12.0 亿 CNY, 85.5 万 USD");
  CHECK(money_in_chinese("M CNY per 1T") == "百万 CNY per 1T");
  CHECK(money_in_chinese("8.5 MW, 3 k USDT, 4 M tokens") == "8.5 MW, 3 k USDT, 4 M tokens");
  CHECK(money_in_chinese("+1.50 M USD") == "+150 万 USD");
}

TEST_CASE("Is one of a thing said in the singular?") {
  const Say say(Language::english);
  CHECK(say(Text::n_days, {"1"}) == "1 day");
  CHECK(say(Text::n_days, {"1.5"}) == "1.5 days");
  CHECK(say(Text::question_jobs, {"1", "12", ""}) == "What should be bought and rented for 1 job over 12 months?");
}

}  // namespace chipmix::report
