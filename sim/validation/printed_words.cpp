#include "validation/printed_words.hpp"

#include <array>
#include <cctype>
#include <charconv>

namespace chipmix::validation {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Whether a word begins or ends before a place.
bool is_edge(std::string_view text, std::size_t at) {
  const bool before = at > 0 && at <= text.size() && is_word(text[at - 1]),
             after = at < text.size() && is_word(text[at]);
  return before != after;
}

/// Exactly so many digits as a number; -1 where they do not stand there.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (!is_digit(c)) return -1;
    value = 10 * value + (c - '0');
  }
  return value;
}

bool holds(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }

bool holds_word(std::string_view text, std::size_t at, std::string_view word) {
  if (at + word.size() > text.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(text[at + i])) != std::tolower(static_cast<unsigned char>(word[i])))
      return false;
  return true;
}

std::optional<PrintedRelease> date_at(std::string_view text, std::size_t at) {
  const int year = digits_at(text, at, 4), month = digits_at(text, at + 5, 2);
  if (!is_edge(text, at) || year < 2010 || year >= 2030) return std::nullopt;
  if (holds(text, at + 4, '-') && month >= 0 && is_edge(text, at + 7)) return PrintedRelease{year, month, 0};
  return is_edge(text, at + 4) ? std::optional(PrintedRelease{year, 0, 0}) : std::nullopt;
}

std::optional<PrintedRelease> version_at(std::string_view text, std::size_t at) {
  const int year = digits_at(text, at, 2), month = digits_at(text, at + 3, 2), day = digits_at(text, at + 6, 2);
  if (!is_edge(text, at) || year < 20 || year >= 30 || !holds(text, at + 2, '.') || month < 0 || month > 12)
    return std::nullopt;
  if (holds(text, at + 5, '.') && day >= 0 && is_edge(text, at + 8)) return PrintedRelease{2000 + year, month, day};
  return is_edge(text, at + 5) ? std::optional(PrintedRelease{2000 + year, month, 0}) : std::nullopt;
}

std::size_t digits_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

std::size_t past(std::string_view text, std::size_t at, char c) { return holds(text, at, c) ? at + 1 : at; }

double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// A figure and its unit, bytes a second; nothing where they do not stand there.
std::optional<double> rate_at(std::string_view text, std::size_t at) {
  for (const std::string_view kind : {"HDR", "NDR", "XDR"})
    if (holds_word(text, at, kind)) {
      at += kind.size();
      break;
    }
  std::size_t end = digits_end(text, at);
  if (end == at) return std::nullopt;
  if (holds(text, end, '.') && digits_end(text, end + 1) > end + 1) end = digits_end(text, end + 1);
  const double figure = number(text.substr(at, end - at));
  const std::size_t unit = past(text, end, ' ');
  for (const std::string_view name : {"Tb", "Gb", "G"}) {
    if (!holds_word(text, unit, name)) continue;
    const std::string_view said = text.substr(unit, name.size());
    const bool is_tera = said == "Tb" || said == "tb";
    for (const std::string_view ending : {"/s", "ps", "it/s", ""})
      if (holds_word(text, unit + name.size(), ending) && is_edge(text, unit + name.size() + ending.size()))
        return figure * 1e9 / (said == "GB" ? 1 : 8) * (is_tera ? 1000 : 1);
  }
  return std::nullopt;
}

}  // namespace

std::optional<PrintedRelease> release_in(std::string_view words) {
  for (const auto find : {date_at, version_at})
    for (std::size_t at = 0; at < words.size(); ++at)
      if (const auto found = find(words, at)) return found;
  return std::nullopt;
}

std::vector<PrintedDegree> all_degrees_in(std::string_view words) {
  constexpr std::array<std::string_view, 6> names = {"TP", "PP", "CP", "EP", "MBS", "ZeRO-"};
  constexpr std::size_t most_digits = 4;
  std::vector<PrintedDegree> list;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!is_edge(words, at)) continue;
    for (const std::string_view name : names) {
      if (words.substr(at, name.size()) != name) continue;
      const std::size_t begin = at + name.size(), end = digits_end(words, begin);
      if (end == begin || end - begin > most_digits || !is_edge(words, end)) continue;
      list.push_back({std::string(name), digits_at(words, begin, end - begin)});
    }
  }
  return list;
}

std::optional<Dtype> format_in(std::string_view words) {
  if (const auto named = dtype_named(words)) return named;
  const auto has = [&](std::string_view word) { return words.find(word) != words.npos; };
  if (has("fp4") || has("fp8")) return Dtype::fp8;
  if (has("bf16") || has("bfloat16")) return Dtype::bf16;
  if (has("fp16") || has("float16")) return Dtype::fp16;
  return std::nullopt;
}

std::optional<PrintedRate> rate_in(std::string_view words) {
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::size_t end = digits_end(words, at), sign = past(words, end, ' ');
    if (end > at && holds_word(words, sign, "x"))
      if (const auto rate = rate_at(words, past(words, sign + 1, ' ')))
        return PrintedRate{number(words.substr(at, end - at)), *rate};
    if (const auto rate = rate_at(words, at)) return PrintedRate{std::nullopt, *rate};
  }
  return std::nullopt;
}

}  // namespace chipmix::validation
