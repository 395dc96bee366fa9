#include "interop/toml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace chipmix::interop {
namespace {

constexpr std::size_t most_leaves = 100'000;
constexpr int deepest_toml = 40;  // brackets in brackets

using Keys = std::vector<std::string>;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_key(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

class TomlReader {
 public:
  TomlReader(std::string_view text, const Given& given) : text_(text), given_(given) {}

  std::vector<Leaf> run() {
    while (!stopped_) {
      spaces();
      if (at_ >= text_.size()) break;
      if (text_[at_] == '[')
        table();
      else
        pair(table_, 0);
      end_of_line();
    }
    return std::move(leaves_);
  }

 private:
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool starts(std::string_view word) const { return text_.substr(at_).starts_with(word); }

  void fault(std::size_t at, const std::string& message, const std::string& hint = "") {
    if (!stopped_) given_.fault(std::min(at, text_.size()), message, hint);
    stopped_ = true;
  }

  void blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  /// Blanks, line ends and comments.
  void spaces() {
    while (at_ < text_.size())
      if (text_[at_] == '#')
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (is_blank(text_[at_]) || text_[at_] == '\n' || text_[at_] == '\r')
        ++at_;
      else
        return;
  }
  void end_of_line() {
    blanks();
    const char c = next();
    if (!stopped_ && c != '\0' && c != '\n' && c != '\r' && c != '#') fault(at_, "this does not belong here");
  }

  /// [a.b] or [[a.b]]
  void table() {
    const std::size_t begin = at_++;
    const bool is_array = next() == '[';
    if (is_array) ++at_;
    table_ = keys();
    const std::string_view close = is_array ? "]]" : "]";
    if (stopped_) return;
    if (!starts(close)) return fault(begin, "the name of this table is not closed", "[training]");
    at_ += close.size();
    if (is_array) return arrays_.insert(fmt::format("{}", fmt::join(table_, "."))), static_cast<void>(0);
    if (!tables_.insert(fmt::format("{}", fmt::join(table_, "."))).second && !is_in_array())
      fault(begin, fmt::format("the table '{}' appears a second time", fmt::join(table_, ".")));
  }
  bool is_in_array() const {
    std::string name;
    for (const std::string& key : table_) {
      name += (name.empty() ? "" : ".") + key;
      if (arrays_.contains(name)) return true;
    }
    return false;
  }

  Keys keys() {
    Keys list;
    while (!stopped_) {
      blanks();
      const std::size_t begin = at_;
      if (next() == '"' || next() == '\'') {
        list.push_back(quoted());
      } else {
        while (is_key(next())) ++at_;
        if (at_ == begin) return fault(begin, "a name is missing here", "name = value"), list;
        list.emplace_back(text_.substr(begin, at_ - begin));
      }
      blanks();
      if (next() != '.') return list;
      ++at_;
    }
    return list;
  }

  void pair(Keys above, int depth) {
    const std::size_t at = at_;
    for (std::string& key : keys()) above.push_back(std::move(key));
    if (stopped_) return;
    if (next() != '=') return fault(at, "this line is not of the form 'name = value'");
    ++at_;
    blanks();
    if (!is_in_array() && !seen_.insert(fmt::format("{}", fmt::join(above, "."))).second)
      return fault(at, fmt::format("'{}' appears a second time", fmt::join(above, ".")));
    value(above, at, false, depth);
  }

  void value(const Keys& path, std::size_t at, bool is_element, int depth) {
    if (depth > deepest_toml) return fault(at_, "brackets are nested too deeply");
    if (leaves_.size() >= most_leaves) return fault(at_, "too many values");
    const std::size_t begin = at_;
    if (next() == '[') return array(path, at, depth);
    if (next() == '{') return inline_table(path, depth);
    std::string text;
    if (next() == '"' || next() == '\'') {
      text = quoted();
    } else {
      while (at_ < text_.size() && std::string_view(" \t\r\n#,]}").find(text_[at_]) == std::string_view::npos) ++at_;
      text = std::string(text_.substr(begin, at_ - begin));
      const bool is_number = !text.empty() && (std::isdigit(static_cast<unsigned char>(text[0])) || text[0] == '-' ||
                                               text[0] == '+' || text == "inf" || text == "nan");
      if (text.empty()) return fault(begin, "a value is missing here");
      if (!is_number && text != "true" && text != "false")
        return fault(begin, fmt::format("'{}' is not a value", text), fmt::format("\"{}\" as a text", text));
      if (is_number) std::erase(text, '_');  // 1_000
    }
    if (!stopped_) leaves_.push_back({path, std::move(text), at, begin, is_element});
  }

  void array(const Keys& path, std::size_t at, int depth) {
    const std::size_t begin = at_++;
    int index = 0;
    while (!stopped_) {
      spaces();
      if (at_ >= text_.size()) return fault(begin, "this bracket is not closed");
      if (next() == ']') return static_cast<void>(++at_);
      Keys own = path;
      if (next() == '[') own.push_back(fmt::format("#{}", index++));  // a list in a list
      value(own, at, true, depth + 1);
      spaces();
      if (next() == ',')
        ++at_;
      else if (at_ < text_.size() && next() != ']')
        return fault(at_, "a comma or ']' is missing here");
    }
  }

  void inline_table(const Keys& path, int depth) {
    const std::size_t begin = at_++;
    while (!stopped_) {
      blanks();
      if (at_ >= text_.size() || next() == '\n') return fault(begin, "this bracket is not closed");
      if (next() == '}') return static_cast<void>(++at_);
      pair(path, depth + 1);
      blanks();
      if (next() == ',')
        ++at_;
      else if (at_ < text_.size() && next() != '\n' && next() != '}')
        return fault(at_, "a comma or '}' is missing here");
    }
  }

  std::string quoted() {
    const std::size_t begin = at_;
    const char quote = next();
    const std::string three(3, quote);
    const bool is_long = starts(three);
    const std::string close = is_long ? three : std::string(1, quote);
    at_ += close.size();
    std::string value;
    while (at_ < text_.size() && !starts(close) && (is_long || text_[at_] != '\n')) {
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_++];
    }
    if (!starts(close)) return fault(begin, "this quote is not closed"), value;
    at_ += close.size();
    return value;
  }

  std::string_view text_;
  const Given& given_;
  std::size_t at_ = 0;
  bool stopped_ = false;
  Keys table_;
  std::set<std::string> tables_, arrays_, seen_;
  std::vector<Leaf> leaves_;
};

}  // namespace

std::vector<Leaf> read_toml(std::string_view text, const Given& given) { return TomlReader(text, given).run(); }

}  // namespace chipmix::interop
