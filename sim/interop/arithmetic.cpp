#include "interop/arithmetic.hpp"

#include <cctype>
#include <charconv>

namespace chipmix::interop {
namespace {

constexpr int deepest_sum = 50;           // brackets in brackets
constexpr long long largest = 1LL << 40;  // of any result: products of two still fit

class Expression {
 public:
  Expression(std::string_view text, const std::function<std::optional<long long>(const std::string&)>& value_of)
      : text_(text), value_of_(value_of) {}

  std::optional<long long> run() {
    const long long value = choice();
    blanks();
    return bad_ || at_ != text_.size() ? std::nullopt : std::optional(value);
  }

 private:
  bool take(std::string_view op) {
    blanks();
    if (!text_.substr(at_).starts_with(op)) return false;
    at_ += op.size();
    return true;
  }

  /// a ? b : c
  long long choice() {
    if (++depth_ > deepest_sum) return fail();
    const long long holds = either();
    --depth_;
    if (!take("?")) return holds;
    const long long yes = choice();
    if (!take(":")) return fail();
    const long long no = choice();
    return holds != 0 ? yes : no;
  }

  long long either() {
    long long value = both();
    while (take("||")) {
      const bool other = both() != 0;
      value = value != 0 || other ? 1 : 0;
    }
    return value;
  }

  long long both() {
    long long value = compared();
    while (take("&&")) {
      const bool other = compared() != 0;
      value = value != 0 && other ? 1 : 0;
    }
    return value;
  }

  long long compared() {
    long long value = sum();
    for (;;) {
      if (take("=="))
        value = value == sum() ? 1 : 0;
      else if (take("!="))
        value = value != sum() ? 1 : 0;
      else if (take("<="))
        value = value <= sum() ? 1 : 0;
      else if (take(">="))
        value = value >= sum() ? 1 : 0;
      else if (take("<"))
        value = value < sum() ? 1 : 0;
      else if (take(">"))
        value = value > sum() ? 1 : 0;
      else
        return value;
    }
  }

  long long sum() {
    long long value = product();
    for (char op = next(); op == '+' || op == '-'; op = next()) {
      ++at_;
      const long long other = product();
      value = checked(op == '+' ? value + other : value - other);
    }
    return value;
  }

  long long product() {
    long long value = unit();
    for (char op = next(); op == '*' || op == '/' || op == '%'; op = next()) {
      ++at_;
      const long long other = unit();
      if (op != '*' && other == 0) return fail();
      if (op == '*' && other != 0 && std::abs(value) > largest / std::abs(other)) return fail();
      value = op == '*' ? value * other : op == '/' ? value / other : value % other;
    }
    return value;
  }

  long long unit() {
    const char c = next();
    if (bad_) return 0;
    if (c == '(') return bracket();
    if (c == '!' && ++depth_ < deepest_sum) {
      ++at_;
      const long long value = unit() == 0 ? 1 : 0;
      --depth_;
      return value;
    }
    if (c == '-' && ++depth_ < deepest_sum) {
      ++at_;
      const long long value = -unit();
      --depth_;
      return value;
    }
    std::size_t end = at_;
    while (end < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '_')) ++end;
    const std::string word(text_.substr(at_, end - at_));
    at_ = end;
    if (word.empty()) return fail();
    const auto value = std::isdigit(static_cast<unsigned char>(word[0])) ? whole_number(word) : value_of_(word);
    return value ? checked(*value) : fail();
  }

  long long bracket() {
    if (++depth_ > deepest_sum) return fail();
    ++at_;
    const long long value = choice();
    --depth_;
    if (next() != ')') return fail();
    ++at_;
    return value;
  }

  char next() {
    blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  /// A name may be written with a dollar, with or without braces.
  void blanks() {
    while (at_ < text_.size() && std::string_view(" \t\n\"${}").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  long long checked(long long value) { return std::abs(value) > largest ? fail() : value; }
  long long fail() {
    bad_ = true;
    at_ = text_.size();
    return 0;
  }

  std::string_view text_;
  const std::function<std::optional<long long>(const std::string&)>& value_of_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool bad_ = false;
};

}  // namespace

std::optional<long long> evaluate(std::string_view expression,
                                  const std::function<std::optional<long long>(const std::string&)>& value_of) {
  return Expression(expression, value_of).run();
}

std::optional<long long> whole_number(std::string_view text) {
  long long value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace chipmix::interop
