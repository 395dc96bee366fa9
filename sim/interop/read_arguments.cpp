// Words to arguments, by the framework's table.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/spelling.hpp"
#include "interop/arithmetic.hpp"
#include "interop/given.hpp"

namespace chipmix::interop {
namespace {

constexpr int largest_number = 20'000'000;  // of any count; no product of two overflows 64 bits

class ArgumentReader {
 public:
  ArgumentReader(const std::vector<Word>& words, Given& given)
      : words_(words), given_(given), flags_(flags(given.framework())) {}

  void run() {
    while (next_ < words_.size()) {
      const Word& word = words_[next_++];
      if (word.text.starts_with("--") && word.text.size() > 2)
        argument(word);
      else
        stray(word);
    }
    tell_software();
  }

 private:
  void argument(const Word& word) {
    const std::size_t equals = word.text.find('=');
    const std::string name = word.text.substr(0, equals);
    const Flag* flag = find(flags_, name);
    std::vector<Word> values;
    if (equals != std::string::npos) values.push_back(tail(word, equals + 1));
    if (!flag) {
      take(values, -1);
      std::vector<std::string> names;
      for (const Flag& row : flags_) names.push_back(row.name);
      return given_.fault(word.offset(),
                          fmt::format("unknown argument '{}' of {}", name, interop::name(given_.framework())),
                          spelling_hint(name, names));
    }
    const int takes = flag->takes();
    if (equals == std::string::npos) take(values, takes);
    given_.stands(flag->name, word.offset());
    if (takes == 0 && !values.empty() && equals != std::string::npos)
      return given_.fault(word.offset(), fmt::format("'{}' takes no value", name));
    if (takes > 0 && static_cast<int>(values.size()) < takes)
      return given_.fault(word.offset(),
                          fmt::format("'{}' needs {}", name, takes == 1 ? "a value" : fmt::format("{} values", takes)));
    understood(*flag, word, values);
  }

  void understood(const Flag& flag, const Word& word, const std::vector<Word>& values) {
    if (flag.meaning == Meaning::nothing) return;
    if (flag.meaning == Meaning::unmodelled)
      return given_.fault(word.offset(), fmt::format("'{}' {}: not modelled", flag.name, flag.why),
                          "without it the plan is of training without it");
    if (flag.meaning == Meaning::software) {
      software_.push_back(flag.why.empty() ? flag.name : "");
      if (!flag.why.empty()) given_.remark(fmt::format("{}: {}", flag.name, flag.why));
      return;
    }
    if (word.condition != Word::nowhere) return conditional(word, flag.name);
    for (const Word& value : values) {
      if (value.condition != Word::nowhere) return conditional(value, flag.name);
      if (!value.unknown.empty())
        return given_.fault(value.offset(),
                            fmt::format("nothing in the file says what {} is, for '{}'", value.unknown, flag.name),
                            "write the value, or assign it above");
    }
    std::visit([&](auto member) { store(given_.values().*member, flag, word, values); }, flag.member);
  }

  void conditional(const Word& word, const std::string& name) {
    given_.fault(word.offset(),
                 fmt::format("'{}' depends on a condition, a loop or a function, which is not worked out", name),
                 "keep the branch that applies, alone");
  }

  void store(bool& member, const Flag&, const Word&, const std::vector<Word>&) { member = true; }

  void store(Number& member, const Flag& flag, const Word&, const std::vector<Word>& values) {
    const Word& value = values.front();
    const auto number = whole_number(value.text);
    if (!number)
      return given_.fault(value.offset(), fmt::format("'{}' needs a whole number, not '{}'", flag.name, value.text));
    if (*number < 0 || *number > largest_number)
      return given_.fault(value.offset(), fmt::format("'{}' cannot be {}", flag.name, value.text),
                          fmt::format("from 0 to {}", largest_number));
    member = static_cast<int>(*number);
  }

  void store(Text& member, const Flag& flag, const Word&, const std::vector<Word>& values) {
    if (is_choice(flag, values.front())) member = values.front().text;
  }

  void store(std::vector<std::string>& member, const Flag& flag, const Word&, const std::vector<Word>& values) {
    member.clear();
    for (const Word& value : values)
      if (is_choice(flag, value)) member.push_back(value.text);
  }

  bool is_choice(const Flag& flag, const Word& value) {
    const auto& choices = flag.choices;
    if (choices.empty() || std::find(choices.begin(), choices.end(), value.text) != choices.end()) return true;
    given_.fault(value.offset(), fmt::format("'{}' of '{}' is not supported", value.text, flag.name),
                 spelling_hint(value.text, choices));
    return false;
  }

  /// Words up to the next flag, at most `most` of them (-1: all).
  void take(std::vector<Word>& values, int most) {
    while (next_ < words_.size() && most != 0 && !is_flag(words_[next_])) {
      if (is_program(words_[next_]) && most < 0) return;
      values.push_back(words_[next_++]);
      if (most > 0) --most;
    }
  }

  static bool is_flag(const Word& word) { return word.text.starts_with("--") && word.text.size() > 2; }
  static bool is_program(const Word& word) { return word.text.ends_with(".py") || word.text.ends_with(".sh"); }

  /// A word that no flag takes: the launcher, the program, or something that is not understood.
  void stray(const Word& word) {
    if (!word.unknown.empty())
      return given_.fault(word.offset(), fmt::format("nothing in the file says what {} holds", word.unknown),
                          "write its arguments out, or assign it above");
    if (word.text == "-m" && next_ < words_.size()) {
      ++next_;
      return;
    }
    if (is_program(word) || !seen_argument()) return;
    given_.fault(word.offset(), fmt::format("'{}' belongs to no argument", word.text));
  }

  bool seen_argument() const {
    for (std::size_t i = 0; i + 1 < next_; ++i)
      if (is_flag(words_[i])) return !is_launcher_part();
    return false;
  }
  /// Whether the program's file is still to come.
  bool is_launcher_part() const {
    return std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(next_), words_.end(), is_program);
  }

  void tell_software() {
    std::erase(software_, "");
    if (!software_.empty())
      given_.remark(
          fmt::format("as the scenario's software stack has it, not as the file says: {}", fmt::join(software_, " ")));
  }

  static Word tail(const Word& word, std::size_t begin) {
    Word rest = word;
    rest.text = word.text.substr(begin);
    rest.at.assign(word.at.begin() + static_cast<std::ptrdiff_t>(begin), word.at.end());
    if (rest.at.empty()) rest.at.push_back(word.offset());
    return rest;
  }

  const std::vector<Word>& words_;
  Given& given_;
  const Flags& flags_;
  std::size_t next_ = 0;
  std::vector<std::string> software_;
};

}  // namespace

void read_arguments(const std::vector<Word>& words, Given& given) { ArgumentReader(words, given).run(); }

}  // namespace chipmix::interop
