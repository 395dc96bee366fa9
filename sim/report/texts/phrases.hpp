// Phrases of pages that other commands show in English, too, and how a Chinese report says them.
//
// A phrase has gaps. "{0}": any words, kept as they are, amounts of money in Chinese units. "{0#}": a number.
// "{0~}": words that are phrases themselves, or nothing. "{0,}" and "{0;}": phrases in a row, separated by ", " or ";
// ".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace chipmix::report {

struct Phrase {
  std::string_view english, chinese;
};

std::span<const Phrase> answer_phrases();
std::span<const Phrase> table_phrases();
std::span<const Phrase> evidence_phrases();
std::span<const Phrase> book_phrases();

/// Nothing where no phrase is like it.
std::optional<std::string> phrase_in_chinese(std::string_view english);

/// The same of phrases without gaps alone.
std::optional<std::string> whole_phrase_in_chinese(std::string_view english);

/// "2.11 M USD" -> "211 万 USD", wherever it stands in a text; "M CNY" -> "百万 CNY".
std::string money_in_chinese(std::string_view text);

}  // namespace chipmix::report
