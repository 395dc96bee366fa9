#include "interop/layer_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "interop/arithmetic.hpp"

namespace chipmix::interop {
namespace {

constexpr std::size_t longest_list = 100'000;  // letters or numbers of one list
constexpr int deepest_list = 20;               // brackets in brackets

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Reads one list from left to right.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool ended() {
    blanks();
    return at_ >= text_.size();
  }
  char next() {
    blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (next() != c) return false;
    ++at_;
    return true;
  }
  std::optional<int> number() {
    blanks();
    std::size_t end = at_;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    const auto value = whole_number(text_.substr(at_, end - at_));
    at_ = end;
    return value && *value < static_cast<long long>(longest_list) ? std::optional<int>(static_cast<int>(*value))
                                                                  : std::nullopt;
  }
  /// The number after a "*", 1 without one, nothing if that is no number.
  std::optional<int> times() { return take('*') ? number() : 1; }

 private:
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Appends `unit` so many times; false if that is too long.
template <class List>
bool repeat(List& list, const List& unit, int times) {
  if (list.size() + unit.size() * static_cast<std::size_t>(times) > longest_list) return false;
  for (int i = 0; i < times; ++i) list.insert(list.end(), unit.begin(), unit.end());
  return true;
}

/// "[1,2,3]"
std::optional<std::vector<int>> row(Cursor& cursor) {
  if (!cursor.take('[')) return std::nullopt;
  std::vector<int> numbers;
  do {
    const auto number = cursor.number();
    if (!number || numbers.size() >= longest_list) return std::nullopt;
    numbers.push_back(*number);
  } while (cursor.take(','));
  return cursor.take(']') ? std::optional(numbers) : std::nullopt;
}

std::optional<std::vector<int>> sum(Cursor& cursor, int depth) {
  std::vector<int> list;
  do {
    std::optional<std::vector<int>> unit;
    if (cursor.next() == '(' && depth < deepest_list) {
      cursor.take('(');
      unit = sum(cursor, depth + 1);
      if (!cursor.take(')')) return std::nullopt;
    } else {
      unit = row(cursor);
    }
    const auto times = cursor.times();
    if (!unit || !times || !repeat(list, *unit, *times)) return std::nullopt;
  } while (cursor.take('+'));
  return list;
}

/// Letters and bars with all repetitions written out.
std::optional<std::string> letters(Cursor& cursor, bool inside) {
  std::string text;
  while (!cursor.ended() && !(inside && cursor.next() == ')')) {
    std::string unit;
    if (!inside && cursor.take('(')) {
      const auto group = letters(cursor, true);
      if (!group || !cursor.take(')')) return std::nullopt;
      unit = *group;
    } else {
      unit = std::string(1, cursor.next());
      if (std::string_view("EtmL|,").find(unit) == std::string_view::npos || !cursor.take(unit[0])) return std::nullopt;
      if (unit == ",") unit.clear();
    }
    const auto times = cursor.times();
    if (!times || !repeat(text, unit, *times)) return std::nullopt;
  }
  return text;
}

std::string times_text(const std::string& unit, int times) {
  return times == 1 ? unit : fmt::format("{}*{}", unit, times);
}

}  // namespace

std::optional<std::vector<std::string>> read_layout(std::string_view text) {
  Cursor cursor(text);
  const auto all = letters(cursor, false);
  if (!all || !cursor.ended()) return std::nullopt;
  std::vector<std::string> chunks(1);
  for (const char c : *all)
    if (c == '|')
      chunks.emplace_back();
    else
      chunks.back() += c;
  return chunks;
}

std::string write_layout(const std::vector<int>& counts, int prediction) {
  std::string text = "E";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i > 0) text += '|';
    if (counts[i] > 0) text += times_text("t", counts[i]);
  }
  if (prediction > 0) text += times_text("m", prediction);
  return text + "L";
}

std::optional<std::vector<int>> read_pattern(std::string_view text) {
  Cursor cursor(text);
  auto list = sum(cursor, 0);
  return cursor.ended() ? list : std::nullopt;
}

std::string write_pattern(const std::vector<bool>& is_set) {
  std::string text;
  for (std::size_t i = 0; i < is_set.size();) {
    std::size_t end = i;
    while (end < is_set.size() && is_set[end] == is_set[i]) ++end;
    text += fmt::format("{}{}", text.empty() ? "" : "+", times_text(is_set[i] ? "[1]" : "[0]", int(end - i)));
    i = end;
  }
  return "(" + text + ")";
}

std::optional<std::vector<std::vector<int>>> read_matrix(std::string_view text) {
  Cursor cursor(text);
  std::vector<std::vector<int>> rows;
  if (!cursor.take('[')) return std::nullopt;
  do {
    const auto one = row(cursor);
    const auto times = cursor.times();
    if (!one || !times || !repeat(rows, {*one}, *times)) return std::nullopt;
  } while (cursor.take(','));
  return cursor.take(']') && cursor.ended() ? std::optional(rows) : std::nullopt;
}

std::optional<std::vector<int>> read_numbers(std::string_view text) {
  std::string list = fmt::format("[{}]", text);
  Cursor cursor(list);
  auto numbers = row(cursor);
  return cursor.ended() ? numbers : std::nullopt;
}

std::string write_numbers(const std::vector<int>& numbers) { return fmt::format("{}", fmt::join(numbers, ",")); }

}  // namespace chipmix::interop
