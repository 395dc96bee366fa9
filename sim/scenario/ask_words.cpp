#include "scenario/ask_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/currency_codes.hpp"
#include "base/words.hpp"
#include "io/quantity_text.hpp"
#include "scenario/most_devices.hpp"
#include "scenario/stage_spec.hpp"

namespace chipmix::scenario {
namespace {

constexpr std::string_view times_sign = "\xC3\x97";

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

/// How long the sign between a number and a device is; 0 where there is none.
std::size_t times_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] == 'x' || text[at] == 'X' || text[at] == '*') return 1;
  return text.substr(at, times_sign.size()) == times_sign ? times_sign.size() : 0;
}

/// Digits, with commas between them.
std::size_t digits(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_digit(text[end]) || (text[end] == ',' && end > 0))) ++end;
  return end;
}

/// A number and what follows it.
struct Number {
  double value = 0;
  std::string rest;
};

std::optional<Number> leading_number(const std::string& text) {
  Number number;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number.value);
  if (fault != std::errc() || !std::isfinite(number.value)) return std::nullopt;
  number.rest = std::string(end, text.data() + text.size());
  const auto first = number.rest.find_first_not_of(' ');
  number.rest = first == std::string::npos ? "" : number.rest.substr(first);
  return number;
}

/// Signs that stand for a currency, before or behind the amount. The yen sign is read as the yuan: chips are priced in
/// it.
constexpr std::array<std::pair<std::string_view, const char*>, 5> signs{
    {{"$", "USD"}, {"\xE2\x82\xAC", "EUR"}, {"\xC2\xA5", "CNY"}, {"\xEF\xBF\xA5", "CNY"}, {"\xC2\xA3", "GBP"}}};

/// "$1.99" -> "1.99USD".
std::string without_sign(const std::string& text) {
  for (const auto& [sign, code] : signs) {
    const auto at = text.find(sign);
    if (at == std::string::npos) continue;
    std::string rest = text;
    rest.erase(at, sign.size());
    const auto slash = rest.find('/');
    return slash == std::string::npos ? rest + code : rest.substr(0, slash) + code + rest.substr(slash);
  }
  return text;
}

/// Names that people use for a currency beside its code.
std::string code_of(const std::string& name) { return name == "RMB" || name == "YUAN" ? "CNY" : name; }

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// "4K" is 4,096 tokens of a sequence, as context lengths are named.
std::optional<int> length_of(const std::string& text) {
  const auto number = leading_number(text);
  if (!number) return std::nullopt;
  const std::string unit = upper(number->rest);
  const double factor = unit.empty() ? 1 : unit == "K" ? 1024 : unit == "M" ? 1024 * 1024 : 0;
  const double length = number->value * factor;
  const bool is_one = length >= 1 && length <= 1 << 24 && length == std::floor(length);
  return is_one ? std::optional(static_cast<int>(length)) : std::nullopt;
}

}  // namespace

std::vector<Piece> split(const std::string& word, char separator) {
  std::vector<Piece> pieces;
  for (std::size_t begin = 0; begin <= word.size();) {
    const std::size_t end = std::min(word.find(separator, begin), word.size());
    pieces.push_back({word.substr(begin, end - begin), begin});
    begin = end + 1;
  }
  return pieces;
}

bool is_option(const std::string& word) {
  const std::size_t end = digits(word);
  const std::size_t sign = times_at(word, end);
  return end > 0 && sign > 0 && end + sign < word.size() && (is_letter(word[end + sign]) || is_digit(word[end + sign]));
}

std::optional<Piece> swapped_option(const std::string& word) {
  const std::size_t begin = digits(word);
  if (begin > 0 && begin < word.size() && is_letter(word[begin]))
    return Piece{word.substr(0, begin) + "x" + word.substr(begin), begin};
  const std::size_t times = word.find_last_of("xX*");
  if (times == std::string::npos || times == 0 || digits(word.substr(times + 1)) + times + 1 != word.size()) return {};
  return Piece{word.substr(times + 1) + "x" + word.substr(0, times), 0};
}

std::vector<AskedStage> read_tokens(const std::string& word, const Complain& complain) {
  std::vector<AskedStage> stages;
  for (const Piece& piece : split(word, '+')) {
    const std::vector<Piece> parts = split(piece.text, '@');
    AskedStage stage{parts.front().text, std::nullopt, ""};
    const auto tokens = io::parse_count(stage.tokens);
    if (!tokens.value || *tokens.value <= 0)
      complain(piece.at, fmt::format("'{}' is not a number of tokens", stage.tokens),
               "for example 5T, or 5T@4K+200B@32K");
    if (parts.size() > 2) complain(piece.at + parts[2].at, "a second sequence length", "write 5T@4K");
    if (parts.size() == 2) {
      stage.length = parts[1].text;
      stage.sequence = length_of(stage.length);
      if (!stage.sequence)
        complain(piece.at + parts[1].at, fmt::format("'{}' is not a sequence length", stage.length),
                 "tokens of one sequence: 4K is 4096");
    }
    stages.push_back(std::move(stage));
  }
  return stages;
}

std::vector<AskedGroup> read_option(const std::string& word, const Complain& complain) {
  std::vector<AskedGroup> groups;
  for (const Piece& piece : split(word, '+')) {
    if (!is_option(piece.text)) {
      complain(piece.at, fmt::format("'{}' is not a number of devices", piece.text),
               "for example 1024xH800, with a price 1024xH800@14CNY/h");
      continue;
    }
    const std::size_t end = digits(piece.text), name = end + times_at(piece.text, end);
    const std::size_t price = piece.text.find('@', name);
    std::string count = piece.text.substr(0, end);
    std::erase(count, ',');
    AskedGroup group;
    const double devices = count.size() > 9 ? 1e10 : std::stod(count);
    if (devices < 1 || devices > most_devices)
      complain(piece.at, count + " " + noun(devices, "device"), fmt::format("at least 1, at most {}", most_devices));
    group.devices = static_cast<int>(std::clamp(devices, 1.0, 1.0 * most_devices));
    group.device = {piece.text.substr(name, price == std::string::npos ? price : price - name), piece.at + name};
    if (price != std::string::npos) {
      const std::string written = piece.text.substr(price + 1);
      group.rent = rent_text(written);
      if (!group.rent)
        complain(piece.at + price + 1, fmt::format("'{}' is not a price per device-hour", written),
                 "for example 14CNY/h or $1.99");
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

std::optional<std::string> rent_text(const std::string& written) {
  const auto number = leading_number(without_sign(written));
  if (!number || number->value <= 0) return std::nullopt;
  std::string unit = number->rest;
  for (const char* hour : {"/hour", "/hr", "/h"})
    if (unit.ends_with(hour)) {
      unit = unit.substr(0, unit.size() - std::string_view(hour).size());
      break;
    }
  unit = code_of(upper(unit));
  if (!is_currency_code(unit)) return std::nullopt;
  return fmt::format("{} {}/h", number->value, unit);
}

std::optional<std::string> time_text(const std::string& written) {
  struct Calendar {
    std::string_view name;
    double days;
  };
  constexpr double week = 7, month = 365.25 / 12;
  static constexpr std::array<Calendar, 8> calendar{{{"day", 1},
                                                     {"days", 1},
                                                     {"w", week},
                                                     {"week", week},
                                                     {"weeks", week},
                                                     {"mo", month},
                                                     {"month", month},
                                                     {"months", month}}};
  if (is_day(written)) return written;
  const auto number = leading_number(written);
  if (!number || number->rest.empty()) return std::nullopt;
  for (const Calendar& unit : calendar)
    if (number->rest == unit.name) return fmt::format("{:.6g} d", number->value * unit.days);
  const std::string text = fmt::format("{:.17g} {}", number->value, number->rest);
  return io::parse_quantity<Seconds>(text).value ? std::optional(text) : std::nullopt;
}

std::optional<std::string> money_text(const std::string& written) {
  const auto number = leading_number(without_sign(written));
  if (!number || number->value <= 0 || number->rest.size() < 3) return std::nullopt;
  const std::string code = code_of(upper(number->rest.substr(number->rest.size() - 3)));
  std::string suffix = number->rest.substr(0, number->rest.size() - 3);
  std::erase(suffix, ' ');
  const auto count = io::parse_count(fmt::format("{}{}", number->value, suffix));
  if (!is_currency_code(code) || !count.value) return std::nullopt;
  return fmt::format("{} {}", *count.value, code);
}

}  // namespace chipmix::scenario
