#include "report/texts/phrases.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "report/number.hpp"
#include "report/texts/texts.hpp"

namespace chipmix::report {
namespace {

enum class PhraseGap { words, number, phrase, comma_list, semicolon_list };

/// A gap and the fixed words after it.
struct PhrasePiece {
  std::size_t index = 0;
  PhraseGap gap = PhraseGap::words;
  std::string_view after;
};

struct PhrasePattern {
  std::string_view before;   ///< the first gap
  bool has_phrases = false;  ///< in its gaps: then it is in no gap itself
  std::vector<PhrasePiece> pieces;
  std::string_view chinese;
};

PhraseGap gap_of(char sign) {
  switch (sign) {
    case '#':
      return PhraseGap::number;
    case '~':
      return PhraseGap::phrase;
    case ',':
      return PhraseGap::comma_list;
    case ';':
      return PhraseGap::semicolon_list;
    default:
      return PhraseGap::words;
  }
}

PhrasePattern pattern_of(const Phrase& phrase) {
  PhrasePattern pattern;
  pattern.chinese = phrase.chinese;
  std::string_view rest = phrase.english;
  std::size_t open = rest.find('{');
  pattern.before = rest.substr(0, open);
  while (open != std::string_view::npos) {
    const std::size_t close = rest.find('}', open);
    PhrasePiece piece{static_cast<std::size_t>(rest[open + 1] - '0'), gap_of(rest[open + 2]), {}};
    rest.remove_prefix(close + 1);
    open = rest.find('{');
    piece.after = rest.substr(0, open);
    pattern.pieces.push_back(piece);
    pattern.has_phrases = pattern.has_phrases || piece.gap == PhraseGap::phrase;
  }
  return pattern;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.,+-−–eE") == std::string_view::npos;
}

/// Where a phrase stands: a phrase in a gap has no gap for another, so that a text is read in time.
enum class Place { text, gap };
std::optional<std::string> phrase_at(std::string_view english, Place place);

bool is_known(std::string_view english) {
  return glossary(std::string(english)) != nullptr || phrase_at(english, Place::gap).has_value();
}

bool fits(const PhrasePiece& piece, std::string_view words) {
  if (piece.gap == PhraseGap::number) return is_number(words);
  if (piece.gap == PhraseGap::phrase) return words.empty() || is_known(words);
  return !words.empty();
}

/// Whether a text is `pieces` from `at`; what stands in the gaps.
bool matches(const std::vector<PhrasePiece>& pieces, std::size_t at, std::string_view text,
             std::vector<std::string_view>& found) {
  if (at == pieces.size()) return text.empty();
  const PhrasePiece& piece = pieces[at];
  const bool is_last = at + 1 == pieces.size();
  if (found.size() <= piece.index) found.resize(piece.index + 1);
  if (is_last) {
    if (!text.ends_with(piece.after)) return false;
    found[piece.index] = text.substr(0, text.size() - piece.after.size());
    return fits(piece, found[piece.index]);
  }
  for (std::size_t end = text.find(piece.after); end != std::string_view::npos; end = text.find(piece.after, end + 1)) {
    const std::string_view words = text.substr(0, end);
    if (!fits(piece, words)) continue;
    if (!matches(pieces, at + 1, text.substr(end + piece.after.size()), found)) continue;
    found[piece.index] = words;
    return true;
  }
  return false;
}

std::string known_in_chinese(std::string_view english, Place place) {
  if (const char* word = glossary(std::string(english))) return word;
  if (auto phrase = phrase_at(english, place)) return plan_in_chinese(std::move(*phrase));
  return plan_in_chinese(money_in_chinese(english));
}

std::string list_in_chinese(std::string_view english, std::string_view separator, std::string_view chinese) {
  std::string out;
  for (std::size_t at = 0; at <= english.size();) {
    const std::size_t end = std::min(english.find(separator, at), english.size());
    if (!out.empty()) out += chinese;
    out += known_in_chinese(english.substr(at, end - at), Place::text);
    at = end + separator.size();
  }
  return out;
}

std::string gap_in_chinese(PhraseGap gap, std::string_view words) {
  switch (gap) {
    case PhraseGap::phrase:
      return words.empty() ? std::string() : known_in_chinese(words, Place::gap);
    case PhraseGap::comma_list:
      return list_in_chinese(words, ", ", "、");
    case PhraseGap::semicolon_list:
      return list_in_chinese(words, "; ", "；");
    default:
      return money_in_chinese(words);
  }
}

std::string filled(const PhrasePattern& pattern, const std::vector<std::string_view>& found) {
  std::vector<std::string> words(found.size());
  for (const PhrasePiece& piece : pattern.pieces) words[piece.index] = gap_in_chinese(piece.gap, found[piece.index]);
  std::string out;
  for (std::size_t at = 0; at < pattern.chinese.size(); ++at) {
    if (pattern.chinese[at] != '{') {
      out += pattern.chinese[at];
      continue;
    }
    out += words.at(static_cast<std::size_t>(pattern.chinese[at + 1] - '0'));
    at += 2;
  }
  return out;
}

std::vector<PhrasePattern> all_patterns() {
  std::vector<PhrasePattern> list;
  for (const auto part : {answer_phrases(), table_phrases(), evidence_phrases(), book_phrases()})
    for (const Phrase& phrase : part) list.push_back(pattern_of(phrase));
  std::stable_partition(list.begin(), list.end(), [](const PhrasePattern& one) { return one.pieces.empty(); });
  return list;
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct UnitName {
  std::string_view english;
  double size;
  std::string_view alone;  ///< as a unit, without a number
};
constexpr auto unit_names =
    std::to_array<UnitName>({{"k", 1e3, "千 "}, {"M", 1e6, "百万 "}, {"bn", 1e9, "十亿 "}, {"tn", 1e12, "万亿 "}});

/// "万", "亿" and how many of them.
std::string in_chinese_units(double amount) {
  constexpr double wan = 1e4, yi = 1e8;
  if (std::abs(amount) >= yi) return three_digits(amount / yi) + " 亿 ";
  if (std::abs(amount) >= wan) return three_digits(amount / wan) + " 万 ";
  return grouped(amount) + ' ';
}

/// A size and a currency that stand at `at`: "M USD", with either kind of space between.
struct MoneyUnit {
  const UnitName* size = nullptr;
  std::size_t length = 0;  ///< without the currency
};

MoneyUnit scale_at(std::string_view text, std::size_t at) {
  for (const UnitName& one : unit_names) {
    if (text.substr(at, one.english.size()) != one.english) continue;
    std::size_t code = at + one.english.size();
    if (text.substr(code, 1) == " ")
      code += 1;
    else if (text.substr(code, 2) == "\u00A0")
      code += 2;
    else
      continue;
    const bool is_code = code + 3 <= text.size() && is_capital(text[code]) && is_capital(text[code + 1]) &&
                         is_capital(text[code + 2]) && (code + 3 == text.size() || !is_capital(text[code + 3]));
    if (is_code) return {&one, code - at};
  }
  return {};
}

/// Those without gaps first.
const std::vector<PhrasePattern>& patterns() {
  static const std::vector<PhrasePattern> list = all_patterns();
  return list;
}

std::optional<std::string> phrase_at(std::string_view english, Place place) {
  std::vector<std::string_view> found;
  for (const PhrasePattern& pattern : patterns()) {
    if (!english.starts_with(pattern.before) || (place == Place::gap && pattern.has_phrases)) continue;
    const std::string_view rest = english.substr(pattern.before.size());
    if (pattern.pieces.empty() ? rest.empty() : matches(pattern.pieces, 0, rest, found)) return filled(pattern, found);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> phrase_in_chinese(std::string_view english) { return phrase_at(english, Place::text); }

std::optional<std::string> whole_phrase_in_chinese(std::string_view english) {
  for (const PhrasePattern& pattern : patterns())
    if (pattern.pieces.empty() && pattern.before == english) return std::string(pattern.chinese);
  return std::nullopt;
}

std::string money_in_chinese(std::string_view text) {
  std::string out;
  std::size_t number = std::string::npos;  // where in `out` a number stands that ends with it
  for (std::size_t at = 0; at < text.size();) {
    const bool is_start = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
    const MoneyUnit scale = is_start ? scale_at(text, at) : MoneyUnit{};
    if (scale.size) {
      double value = 0;
      std::string digits = number == std::string::npos ? "" : out.substr(number);
      std::erase_if(digits, [](char c) { return c == ',' || c == ' ' || c == '+'; });
      const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (!digits.empty() && read.ptr == digits.data() + digits.size()) {
        const bool has_sign = out[number] == '+';
        out.resize(number);
        out += (has_sign ? "+" : "") + in_chinese_units(value * scale.size->size);
      } else {
        out += scale.size->alone;
      }
      at += scale.length;
      number = std::string::npos;
      continue;
    }
    const char c = text[at++];
    const bool is_part = is_digit(c) || c == '.' || c == ',' || c == '+' || c == '-';
    if (is_part && number == std::string::npos) number = out.size();
    if (!is_part && c != ' ') number = std::string::npos;
    if (c == ' ' && number != std::string::npos && at < text.size() && is_digit(text[at])) number = std::string::npos;
    out += c;
  }
  return out;
}

}  // namespace chipmix::report
