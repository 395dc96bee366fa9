#include "interop/yaml.hpp"

#include <algorithm>

namespace chipmix::interop {
namespace {

constexpr std::size_t most_yaml_leaves = 100'000;
constexpr int deepest_yaml = 40;  // brackets in brackets

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class YamlReader {
 public:
  YamlReader(std::string_view text, const Given& given) : text_(text), given_(given) {}

  std::vector<Leaf> run() {
    while (at_ < text_.size() && leaves_.size() < most_yaml_leaves && !stopped_) line();
    return std::move(leaves_);
  }

 private:
  struct Level {
    std::size_t indent;
    std::string key;
  };

  void fault(std::size_t at, const char* message, const char* hint = "") {
    given_.fault(std::min(at, text_.size()), message, hint);
    stopped_ = true;
  }

  std::size_t line_end() const { return std::min(text_.find('\n', at_), text_.size()); }

  /// One line of a block, and those of a value in brackets that begins on it.
  void line() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    std::size_t indent = at_ - begin;
    const char c = at_ < text_.size() ? text_[at_] : '\n';
    if (c == '\n' || c == '\r' || c == '#' || text_.substr(at_).starts_with("---")) return next_line();
    if (c == '\t') return fault(at_, "a tab as indentation", "YAML is indented with blanks");
    if (c == '{' || c == '[') {
      pop(indent);
      flow(0, path());
      return rest_of_line();
    }
    bool element = false;
    while (at_ + 1 < text_.size() && text_[at_] == '-' && is_space(text_[at_ + 1])) {
      element = true;
      ++at_;
      while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    }
    if (element) pop(indent + 1), indent = at_ - begin;
    const std::size_t key_at = at_;
    const std::string key = scalar(false);
    blanks();
    if (at_ >= text_.size() || text_[at_] != ':' || (at_ + 1 < text_.size() && !is_space(text_[at_ + 1]))) {
      if (element) return leaf(path(), key, key_at, key_at, true), rest_of_line();
      const bool goes_on = !leaves_.empty() && !levels_.empty() && indent > levels_.back().indent && !key.empty();
      if (goes_on) return static_cast<void>(leaves_.back().value += " " + key), rest_of_line();  // of a longer value
      return fault(key_at, "this line is not of the form 'key: value'", "mappings and lists are read");
    }
    ++at_;
    if (!element) pop(indent);
    levels_.push_back({indent, key});
    blanks();
    if (at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '#') return rest_of_line();
    if (text_[at_] == '&' || text_[at_] == '*' || text_[at_] == '|' || text_[at_] == '>' || text_[at_] == '!')
      return skip_block(indent);
    key_at_ = key_at;
    if (text_[at_] == '{' || text_[at_] == '[')
      flow(0, path());
    else {
      const std::size_t value_at = at_;
      leaf(path(), scalar(false), key_at, value_at, false);
    }
    rest_of_line();
  }

  /// A value of another kind: its lines are passed over.
  void skip_block(std::size_t indent) {
    next_line();
    while (at_ < text_.size()) {
      std::size_t first = at_;
      while (first < text_.size() && text_[first] == ' ') ++first;
      if (first < text_.size() && text_[first] != '\n' && first - at_ <= indent) return;
      next_line();
    }
  }

  void next_line() { at_ = std::min(line_end() + 1, text_.size()); }
  void rest_of_line() {
    blanks();
    if (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '#' && text_[at_] != '\r')
      return fault(at_, "this does not belong here");
    next_line();
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  /// Blanks, line ends and comments inside brackets.
  void spaces() {
    while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == '#'))
      if (text_[at_] == '#')
        at_ = line_end();
      else
        ++at_;
  }

  void pop(std::size_t indent) {
    while (!levels_.empty() && levels_.back().indent >= indent) levels_.pop_back();
  }
  std::vector<std::string> path() const {
    std::vector<std::string> keys;
    for (const Level& level : levels_) keys.push_back(level.key);
    return keys;
  }
  void leaf(std::vector<std::string> path, std::string value, std::size_t at, std::size_t value_at, bool element) {
    leaves_.push_back({std::move(path), std::move(value), at, value_at, element});
  }

  /// {key: value, ...} and [value, ...]
  void flow(int depth, const std::vector<std::string>& above) {
    const char open = text_[at_];
    const char close = open == '{' ? '}' : ']';
    const std::size_t begin = at_++;
    if (depth > deepest_yaml) return fault(begin, "brackets are nested too deeply");
    while (!stopped_) {
      spaces();
      if (at_ >= text_.size()) return fault(begin, "this bracket is not closed");
      if (text_[at_] == close) return static_cast<void>(++at_);
      if (leaves_.size() >= most_yaml_leaves) return fault(at_, "too many values");
      if (text_[at_] == ',') {
        ++at_;
        continue;
      }
      std::vector<std::string> keys = above;
      std::size_t key_at = key_at_;
      if (open == '{') {
        key_at = at_;
        keys.push_back(scalar(true));
        spaces();
        if (at_ >= text_.size() || text_[at_] != ':') return fault(key_at, "a key without a value", "key: value");
        ++at_;
        spaces();
      }
      if (at_ < text_.size() && (text_[at_] == '{' || text_[at_] == '[')) {
        key_at_ = key_at;
        flow(depth + 1, keys);
        continue;
      }
      const std::size_t value_at = at_;
      std::string value = scalar(true);
      if (at_ == value_at) return fault(at_, "a value is missing");
      leaf(std::move(keys), std::move(value), key_at, value_at, open == '[');
    }
  }

  std::string scalar(bool inside) {
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      const std::size_t begin = at_;
      const char quote = text_[at_++];
      std::string value;
      for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
        if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        value += text_[at_];
      }
      if (at_ >= text_.size()) return fault(begin, "this quote is not closed"), value;
      ++at_;
      return value;
    }
    const std::size_t begin = at_;
    int braces = 0;  // of ${NAME:default}
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      const char c = text_[at_];
      if (c == '{' && at_ > begin && text_[at_ - 1] == '$') ++braces;
      if (c == '}' && braces > 0) {
        --braces;
        continue;
      }
      if (braces > 0) continue;
      if (c == '#' && at_ > begin && is_space(text_[at_ - 1])) break;
      if (c == ':' && (at_ + 1 >= text_.size() || is_space(text_[at_ + 1]))) break;
      if (inside && (c == ',' || c == '}' || c == ']')) break;
    }
    std::size_t end = at_;
    while (end > begin && is_space(text_[end - 1])) --end;
    return std::string(text_.substr(begin, end - begin));
  }

  std::string_view text_;
  const Given& given_;
  std::size_t at_ = 0, key_at_ = 0;
  bool stopped_ = false;
  std::vector<Level> levels_;
  std::vector<Leaf> leaves_;
};

}  // namespace

std::vector<Leaf> read_yaml(std::string_view text, const Given& given) { return YamlReader(text, given).run(); }

}  // namespace chipmix::interop
