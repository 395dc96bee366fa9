// Words to arguments, by the framework's table.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
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
      if (is_flag(word))
        argument(word);
      else
        stray(word);
    }
    tell();
  }

 private:
  /// As argparse has it: the beginning of a name stands for the one that begins so.
  const Flag* known(const std::string& name) const {
    if (const Flag* flag = find(flags_, name)) return flag;
    std::string dashed = name;
    std::replace(dashed.begin(), dashed.end(), '_', '-');
    if (const Flag* flag = find(flags_, dashed)) return flag;
    const Flag* found = nullptr;
    for (const Flag& row : flags_) {
      if (dashed.size() < 6 || !row.name.starts_with(dashed)) continue;
      if (found) return nullptr;
      found = &row;
    }
    return found;
  }

  void argument(const Word& word) {
    const std::size_t equals = word.text.find('=');
    const std::string name = word.text.substr(0, equals);
    const Flag* flag = known(name);
    if (word.choice) return conditional(word, name);
    std::vector<Word> values;
    if (equals != std::string::npos) values.push_back(tail(word, equals + 1));
    if (!flag) return unknown(word, name, values);
    const int takes = flag->takes();
    const bool is_passed = flag->meaning != Meaning::field;
    if (equals == std::string::npos) take(values, is_passed && takes > 0 ? -1 : takes);
    if (flag->name == "--num-experts") experts_of_layers(values);
    given_.stands(flag->name, word.offset());
    if (takes == 0 && !values.empty() && equals != std::string::npos && !is_passed)
      return given_.fault(word.offset(), fmt::format("'{}' takes no value", name));
    const bool lacks = takes > 0 && static_cast<int>(values.size()) < takes && !is_passed;
    if (lacks && flag->meaning == Meaning::field)
      return given_.fault(word.offset(),
                          fmt::format("'{}' needs {}", name, takes == 1 ? "a value" : fmt::format("{} values", takes)));
    understood(*flag, word, values);
  }

  /// Megatron-DeepSpeed takes a number for each layer with experts.
  void experts_of_layers(const std::vector<Word>& values) {
    bool same = true;
    for (; next_ < words_.size() && !values.empty() && whole_number(words_[next_].text); ++next_)
      same = same && words_[next_].text == values.front().text;
    if (!same) given_.describes_model("--num-experts");
  }

  void unknown(const Word& word, const std::string& name, std::vector<Word>& values) {
    take(values, -1);
    if (is_harmless_by_name(name)) return guessed_.push_back(name);
    std::string dashed = name;
    std::replace(dashed.begin(), dashed.end(), '_', '-');
    const bool is_mindspeed = find(flags(Framework::mindspeed), dashed) != nullptr;
    std::vector<std::string> names;
    for (const Flag& row : flags_) names.push_back(row.name);
    given_.fault(word.offset(), fmt::format("unknown argument '{}' of {}", name, interop::name(given_.framework())),
                 is_mindspeed ? "MindSpeed has it: import mindspeed" : spelling_hint(name, names));
  }

  void understood(const Flag& flag, const Word& word, const std::vector<Word>& values) {
    if (flag.meaning == Meaning::nothing) return passed_.push_back(flag.name);
    if (flag.name == "--bridge-hf-model") given_.names_model();
    if (flag.meaning == Meaning::model) return given_.describes_model(flag.name);
    if (flag.meaning == Meaning::unmodelled && flag.values == 1 && !values.empty() && is_off(values[0].text))
      return passed_.push_back(flag.name);
    if (flag.meaning == Meaning::unmodelled)
      return given_.fault(word.offset(), fmt::format("'{}' {}: not modelled", flag.name, flag.why),
                          "leave it out for a plan without it");
    if (flag.meaning == Meaning::software) {
      software_.push_back(flag.why.empty() ? flag.name : "");
      if (!flag.why.empty()) given_.remark(fmt::format("{}: {}", flag.name, flag.why));
      return;
    }
    if (word.condition != Word::nowhere) return conditional(word, flag.name);
    for (const Word& value : values) {
      if (value.condition != Word::nowhere) return conditional(value, flag.name);
      if (!value.unknown.empty())
        return given_.fault(
            value.offset(), fmt::format("nothing in the file says what {} is, for '{}'", value.unknown, flag.name),
            value.unknown.starts_with('$') ? fmt::format("--set {}=VALUE gives it", value.unknown.substr(1))
                                           : "write the value, or assign it above");
    }
    std::visit([&](auto member) { store(given_.values().*member, flag, word, values); }, flag.member);
  }

  void conditional(const Word& word, const std::string& name) {
    given_.fault(
        word.offset(),
        fmt::format("'{}' depends on a condition, a loop or a function, which chipmix does not evaluate", name),
        "keep the branch that applies, alone");
  }

  void store(bool& member, const Flag&, const Word&, const std::vector<Word>&) { member = true; }

  void store(Number& member, const Flag& flag, const Word&, const std::vector<Word>& values) {
    const Word& value = values.front();
    const auto number = whole_number(value.text);
    if (!number)
      return given_.fault(value.offset(), fmt::format("'{}' needs a whole number, not '{}'", flag.name, value.text));
    if (*number == -1) return static_cast<void>(member = std::nullopt);  // the framework's word for "not said"
    if (*number < 0 || *number > largest_number)
      return given_.fault(value.offset(), fmt::format("'{}' cannot be {}", flag.name, value.text),
                          fmt::format("from 0 to {}", largest_number));
    member = static_cast<int>(*number);
  }

  void store(Text& member, const Flag& flag, const Word&, const std::vector<Word>& values) {
    if (const auto choice = chosen(flag, values.front())) member = choice;
  }

  void store(std::vector<std::string>& member, const Flag& flag, const Word&, const std::vector<Word>& values) {
    member.clear();
    for (const Word& value : values)
      if (const auto choice = chosen(flag, value)) member.push_back(*choice);
  }

  /// The value as the table spells it: forks differ in capitals.
  Text chosen(const Flag& flag, const Word& value) {
    const auto& choices = flag.choices;
    if (choices.empty()) return value.text;
    const auto same = [&](const std::string& choice) {
      return std::equal(choice.begin(), choice.end(), value.text.begin(), value.text.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
      });
    };
    const auto found = std::find_if(choices.begin(), choices.end(), same);
    if (found != choices.end()) return *found;
    given_.fault(value.offset(), fmt::format("'{}' of '{}' is not supported", value.text, flag.name),
                 spelling_hint(value.text, choices));
    return std::nullopt;
  }

  /// Words up to the next flag, at most `most` of them (-1: all).
  void take(std::vector<Word>& values, int most) {
    while (next_ < words_.size() && most != 0 && !is_flag(words_[next_]) && !is_choice(words_[next_])) {
      if (is_program(words_[next_]) && most < 0) return;
      values.push_back(words_[next_++]);
      if (most > 0) --most;
    }
  }

  static bool is_off(const std::string& value) {
    return value == "-1" || value == "-1.0" || value == "0" || value == "None";
  }
  /// Where an open condition may put words.
  static bool is_choice(const Word& word) { return word.choice && word.text.empty(); }
  static bool is_flag(const Word& word) { return word.text.starts_with("--") && word.text.size() > 2; }
  static bool is_program(const Word& word) { return word.text.ends_with(".py") || word.text.ends_with(".sh"); }

  /// A word that no flag takes.
  void stray(const Word& word) {
    if (is_choice(word))
      return given_.fault(word.offset(),
                          "this value depends on a condition, a loop or a function, which chipmix does not evaluate",
                          "keep the branch that applies, alone");
    if (is_program(word) || (word.unknown.empty() && word.text.find_first_not_of('\\') == std::string::npos)) return;
    if (word.text == "true" || word.text == "True") return;  // behind a switch
    if (word.unknown.starts_with('$') && word.text.empty()) return empty_.push_back(word.unknown);
    if (!word.unknown.empty())
      return given_.fault(word.offset(), fmt::format("nothing in the file says what {} holds", word.unknown),
                          "write its arguments out, or assign it above");
    if (!seen_argument()) return;
    given_.fault(word.offset(), fmt::format("'{}' belongs to no argument", word.text));
  }

  bool seen_argument() const {
    return std::any_of(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(next_) - 1, is_flag);
  }

  void tell() {
    std::erase(software_, "");
    if (!software_.empty())
      given_.remark(
          fmt::format("as the scenario's software stack has it, not as the file says: {}", fmt::join(software_, " ")));
    if (!passed_.empty()) given_.remark(passed_over(passed_, "argument"));
    if (!guessed_.empty())
      given_.remark(fmt::format("not known here, by their names without effect: {}", fmt::join(guessed_, " ")));
    if (!empty_.empty())
      given_.remark(fmt::format("nothing sets {}: empty, as bash has it (--set NAME=VALUE)", fmt::join(empty_, " ")));
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
  std::vector<std::string> software_, guessed_, empty_, passed_;
};

}  // namespace

void read_arguments(const std::vector<Word>& words, Given& given) { ArgumentReader(words, given).run(); }

}  // namespace chipmix::interop
