#include "interop/shell_test.hpp"

#include <algorithm>
#include <string>

#include "interop/arithmetic.hpp"
#include "interop/shell_pattern.hpp"

namespace chipmix::interop {
namespace {

constexpr int deepest_test = 50;  // brackets in brackets

class Test {
 public:
  explicit Test(const std::vector<Word>& words) : words_(words) {}

  Truth run() { return words_.empty() ? Truth::no : either(); }

 private:
  bool ended() const { return next_ >= words_.size(); }
  bool take(const char* a, const char* b) {
    if (ended() || (words_[next_].text != a && words_[next_].text != b)) return false;
    ++next_;
    return true;
  }

  Truth either() {
    Truth value = both();
    while (take("||", "-o")) {
      const Truth other = both();
      value = value == Truth::yes || other == Truth::yes ? Truth::yes : value == Truth::no ? other : value;
    }
    return value;
  }

  Truth both() {
    Truth value = unit();
    while (take("&&", "-a")) {
      const Truth other = unit();
      value = value == Truth::no || other == Truth::no ? Truth::no : value == Truth::yes ? other : value;
    }
    return value;
  }

  Truth unit() {
    if (ended() || ++depth_ > deepest_test) return Truth::open;
    const Truth value = bare_unit();
    --depth_;
    return value;
  }

  Truth bare_unit() {
    if (take("!", "!")) return negated(unit());
    if (take("(", "(")) {
      const Truth value = either();
      take(")", ")");
      return value;
    }
    const Word& first = words_[next_++];
    if (!ended() && is_comparison(words_[next_].text)) {
      const std::string op = words_[next_++].text;
      const Word right = ended() ? Word{} : words_[next_++];
      return compared(first, op, right);
    }
    if (first.text.size() == 2 && first.text[0] == '-' && !ended() && words_[next_].text != "&&" &&
        words_[next_].text != "||")
      return alone(first.text[1], words_[next_++]);
    if (first.condition != Word::nowhere || first.is_open()) return Truth::open;
    return truth(!plain(first).empty());
  }

  static bool is_comparison(const std::string& op) {
    static const std::vector<std::string> list = {"=",   "==",  "!=",  "=~",  "<",   ">",
                                                  "-eq", "-ne", "-lt", "-le", "-gt", "-ge"};
    return std::find(list.begin(), list.end(), op) != list.end();
  }

  static Truth alone(char op, const Word& word) {
    const bool open = word.is_open() || word.condition != Word::nowhere;
    if (op == 'n') return open ? Truth::open : truth(!plain(word).empty());
    if (op == 'z') return open ? Truth::open : truth(plain(word).empty());
    if (op == 'v') return Truth::open;
    return Truth::no;  // of files
  }

  static Truth compared(const Word& left, const std::string& op, const Word& right) {
    if (left.is_open() || right.is_open() || left.condition != Word::nowhere || right.condition != Word::nowhere)
      return Truth::open;
    const std::string a = plain(left), b = plain(right);
    if (op == "=" || op == "==") return truth(a == b || matches(a, b));
    if (op == "!=") return truth(a != b && !matches(a, b));
    if (op == "<" || op == ">") return truth(op == "<" ? a < b : a > b);
    if (op == "=~") return expression(a, b);
    const auto x = a.empty() ? 0 : whole_number(a), y = b.empty() ? 0 : whole_number(b);
    if (!x || !y) return Truth::no;  // bash says so and goes on
    return truth(op == "-eq"   ? *x == *y
                 : op == "-ne" ? *x != *y
                 : op == "-lt" ? *x < *y
                 : op == "-le" ? *x <= *y
                 : op == "-gt" ? *x > *y
                               : *x >= *y);
  }

  /// Plain words and ^[0-9]+$; other expressions are left open.
  static Truth expression(const std::string& text, const std::string& pattern) {
    if (pattern == "^[0-9]+$") return truth(!text.empty() && text.find_first_not_of("0123456789") == std::string::npos);
    if (pattern.find_first_of("^$.*+?[](){}|\\") == std::string::npos)
      return truth(text.find(pattern) != std::string::npos);
    return Truth::open;
  }

  const std::vector<Word>& words_;
  std::size_t next_ = 0;
  int depth_ = 0;
};

}  // namespace

Truth test(const std::vector<Word>& words) { return Test(words).run(); }

}  // namespace chipmix::interop
