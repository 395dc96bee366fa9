#include "report/texts/say.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <stdexcept>

#include "report/number.hpp"
#include "report/texts/phrases.hpp"

namespace chipmix::report {
namespace {

constexpr std::array<std::string_view, 2> codes = {"en", "zh"};

bool is_latin(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// A Chinese character (U+4E00 to U+9FFF in UTF-8), not punctuation: between it and Latin letters stands a space.
bool begins_with_han(std::string_view text) {
  return text.size() >= 3 && static_cast<unsigned char>(text[0]) >= 0xE4 && static_cast<unsigned char>(text[0]) <= 0xE9;
}
bool ends_in_han(std::string_view text) { return text.size() >= 3 && begins_with_han(text.substr(text.size() - 3)); }

}  // namespace

bool knows_language(std::string_view code) { return code == codes[0] || code == codes[1]; }

Language language_of(std::string_view code) {
  if (!knows_language(code)) throw std::invalid_argument("a report is written in en or zh");
  return code == codes[1] ? Language::chinese : Language::english;
}

const char* code_of(Language language) { return language == Language::chinese ? "zh-CN" : "en"; }

std::string Say::raw(Text text) const { return std::string(is_chinese() ? entry(text).chinese : entry(text).english); }

namespace {

/// "s" where a count of one stands before "{0} days", so that it reads "1 day".
bool is_plural_of_one(std::string_view word, std::string_view after) {
  if (word != "1" || !after.starts_with(' ')) return false;
  const auto end = after.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", 1);
  const std::string_view noun = after.substr(1, end == std::string_view::npos ? end : end - 1);
  return noun == "days" || noun == "devices" || noun == "months" || noun == "options" || noun == "jobs" ||
         noun == "device-months" || noun == "device-hours";
}

}  // namespace

std::string Say::operator()(Text text, const std::vector<std::string>& words) const {
  const std::string_view pattern = is_chinese() ? entry(text).chinese : entry(text).english;
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const bool is_gap = pattern[at] == '{' && at + 2 < pattern.size() && pattern[at + 2] == '}';
    if (is_gap) {
      const std::string& word = words.at(static_cast<std::size_t>(pattern[at + 1] - '0'));
      at += 2;
      if (is_chinese() && ends_in_han(out) && !word.empty() && is_latin(word.front())) out += ' ';
      out += word;
      if (!is_chinese() && is_plural_of_one(word, pattern.substr(at + 1))) {
        const auto end = pattern.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", at + 2);
        out += pattern.substr(at + 1, std::min(end, pattern.size()) - at - 2);
        at = std::min(end, pattern.size()) - 1;
        continue;
      }
      if (is_chinese() && begins_with_han(pattern.substr(at + 1)) && !word.empty() && is_latin(word.back())) out += ' ';
    } else {
      out += pattern[at];
    }
  }
  return out;
}

std::string Say::fixed_words(const std::string& english) const {
  if (!is_chinese()) return english;
  if (const char* chinese = glossary(english)) return chinese;
  if (const auto phrase = phrase_in_chinese(english)) return plan(*phrase);
  return plan(money_in_chinese(english));
}

std::string Say::quoted_words(const std::string& english) const {
  if (!is_chinese()) return english;
  if (const char* chinese = glossary(english)) return chinese;
  return whole_phrase_in_chinese(english).value_or(english);
}

std::string Say::plan(const std::string& english) const { return is_chinese() ? plan_in_chinese(english) : english; }

std::string Say::money(const Money& amount) const {
  if (!is_chinese() || !std::isfinite(amount.amount)) return report::money(amount);
  constexpr double wan = 1e4, yi = 1e8;
  const double size = std::abs(amount.amount);
  const auto in = [&](double unit, const char* name) {
    return three_digits(amount.amount / unit) + name + amount.currency.code;
  };
  if (size >= yi) return in(yi, " 亿 ");
  if (size >= wan) return in(wan, " 万 ");
  return fixed(amount.amount, 2) + ' ' + amount.currency.code;
}

std::string Say::change(double amount, const Currency& currency) const {
  return (amount > 0 ? "+" : "") + money(amount, currency);
}

std::string Say::days(double days) const { return (*this)(Text::n_days, {significant(days)}); }

std::string Say::list(const std::vector<std::string>& parts) const {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_last = i + 1 == parts.size();
    const bool is_apart = !text.empty() && is_latin(text.back()) && !parts[i].empty() && is_latin(parts[i].front());
    if (i > 0) text += is_chinese() ? (is_last ? (is_apart ? " 和 " : "和") : "、") : (is_last ? " and " : ", ");
    text += parts[i];
  }
  return text;
}

}  // namespace chipmix::report
