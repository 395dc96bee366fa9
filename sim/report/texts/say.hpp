// What a report says, in its reader's language: every sentence from one catalogue, numbers by locale.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/money.hpp"
#include "report/texts/language.hpp"
#include "report/texts/texts.hpp"

namespace chipmix::report {

/// "en", "zh"; nothing else is known.
bool knows_language(std::string_view code);
Language language_of(std::string_view code);
const char* code_of(Language language);

class Say {
 public:
  explicit Say(Language language) : language_(language) {}

  Language language() const { return language_; }
  bool is_chinese() const { return language_ == Language::chinese; }

  /// The catalogue's text with "{0}", "{1}" ... replaced.
  std::string operator()(Text text, const std::vector<std::string>& words = {}) const;
  /// The text with its gaps, for a script that fills them.
  std::string raw(Text text) const;
  /// A word or sentence of pages that other commands show too, translated where the glossary or a phrase knows it.
  std::string fixed_words(const std::string& english) const;

  /// Words that quote others, as a source does: they stay, where they are no fixed words of ours.
  std::string quoted_words(const std::string& english) const;

  /// A plan, the words in it translated: "TP2 PP4, 3 层在末级".
  std::string plan(const std::string& english) const;

  /// "6.40 M CNY", "640 万 CNY".
  std::string money(const Money& amount) const;
  std::string money(double amount, const Currency& currency) const { return money(Money{amount, currency}); }
  /// With its sign.
  std::string change(double amount, const Currency& currency) const;
  /// "46.2 days".
  std::string days(double days) const;
  /// "a–b".
  std::string span(const std::string& low, const std::string& high) const { return low + "–" + high; }
  /// "a, b and c".
  std::string list(const std::vector<std::string>& parts) const;

 private:
  Language language_;
};

}  // namespace chipmix::report
