// What "${...}" and "$(...)" stand for: operators on variables, and the few commands that only make text.
#include <algorithm>
#include <cctype>

#include "interop/arithmetic.hpp"
#include "interop/shell_pattern.hpp"
#include "interop/shell_words.hpp"

namespace chipmix::interop {
namespace {

constexpr std::size_t longest_command = 4096;  // bytes that are looked at to know it

bool is_any(std::string_view text, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// The operator at the front of what follows a variable's name, the longest first.
std::string_view operator_of(std::string_view rest) {
  for (const std::string_view op :
       {":-", ":=", ":+", ":?", "%%", "##", "//", ",,", "^^", "-", "=", "+", "?", "%", "#", "/", ":", ",", "^", "@"})
    if (rest.starts_with(op)) return op;
  return {};
}

std::string changed_case(std::string text, std::string_view op) {
  for (char& c : text)
    c = static_cast<char>(op[0] == ',' ? std::tolower(static_cast<unsigned char>(c))
                                       : std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// ${name:begin:length}, `where` being "begin:length".
std::string part_of(const std::string& text, const std::string& where) {
  const std::size_t colon = where.find(':');
  const auto none = [](const std::string&) -> std::optional<long long> { return std::nullopt; };
  const long long size = static_cast<long long>(text.size());
  long long begin = evaluate(std::string_view(where).substr(0, colon), none).value_or(0);
  long long length = colon == std::string::npos ? size : evaluate(where.substr(colon + 1), none).value_or(0);
  if (begin < 0) begin = std::max(0LL, size + begin);
  begin = std::min(begin, size);
  length = length < 0 ? std::max(0LL, size - begin + length) : std::min(length, size - begin);
  return text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
}

std::string base_name(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos || path == "/" ? path : path.substr(slash + 1);
}

std::string folder_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string joined(const std::vector<Word>& words, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < words.size(); ++i) text += (i > first ? " " : "") + words[i].text;
  return text;
}

}  // namespace

/// ${NAME}, ${NAME[i]}, ${#NAME}, ${!NAME} and those with an operator.
std::vector<Word> ShellWords::braces(std::size_t begin) {
  ++offset_;
  const bool counts = next() == '#' && !starts("#}");
  const bool follows = next() == '!';
  if (counts || follows) ++offset_;
  std::size_t end = offset_;
  while (end < text_.size() && is_of_name(text_[end])) ++end;
  if (end == offset_ && !ended() && std::string_view("@*#?").find(next()) != std::string_view::npos) ++end;
  std::string name(text_.substr(offset_, end - offset_));
  offset_ = end;
  std::vector<Word> values = look_up(name, begin);
  bool whole = name == "@" || name == "*";
  if (follows && values.size() == 1) name = plain(values[0]), values = look_up(name, begin);
  if (next() == '[') {
    ++offset_;
    const std::string index = plain(inner(']'));
    whole = index == "@" || index == "*";
    const auto number = whole_number(index);
    if (!whole) {
      const bool is_there = number && *number >= 0 && static_cast<std::size_t>(*number) < values.size();
      values = is_there ? std::vector<Word>{values[static_cast<std::size_t>(*number)]} : std::vector<Word>{};
    }
  }
  if (counts) {
    const bool open = !whole && values.size() == 1 && values[0].is_open();
    const std::size_t size = whole ? values.size() : values.empty() ? 0 : plain(values[0]).size();
    inner('}');
    return {open ? values[0] : word_of(std::to_string(size), place(begin))};
  }
  const std::string_view op = operator_of(text_.substr(offset_));
  offset_ += op.size();
  return operated(op, name, std::move(values), begin);
}

std::vector<Word> ShellWords::operated(std::string_view op, const std::string& name, std::vector<Word> values,
                                       std::size_t begin) {
  const Word other = inner('}');
  if (op.empty() || op == "@") return values;
  const bool is_set = variables_.contains(name);
  const bool is_full = !values.empty() && (!plain(values[0]).empty() || values[0].is_open());
  const char kind = op.back();
  if (kind == '-' || kind == '=' || kind == '+' || kind == '?') {
    const bool holds = op.size() == 2 ? is_full : is_set;
    if (kind == '+') return holds ? std::vector<Word>{other} : std::vector<Word>{};
    if (kind == '?')
      return holds || !values.empty() ? values : std::vector<Word>{gap_of(gap::unset, "$" + name, begin)};
    if (holds) return values;
    if (kind == '=') variables_[name] = {{other}, false};
    return {other};
  }
  for (Word& value : values) {
    if (value.has_gap()) continue;
    const std::string argument = plain(other);
    std::string text;
    if (op[0] == '%' || op[0] == '#') text = without(value.text, op, argument);
    if (op == ":") text = part_of(value.text, argument);
    if (op[0] == ',' || op[0] == '^') text = changed_case(value.text, op);
    if (op[0] == '/') {
      const std::size_t slash = argument.find('/');
      text = replaced(value.text, argument.substr(0, slash),
                      slash == std::string::npos ? "" : argument.substr(slash + 1), op.size() == 2);
    }
    const std::size_t condition = value.condition;
    value = word_of(text, value.offset());
    value.condition = condition;  // of a part: of all
  }
  return values;
}

/// Commands that make text of their words alone are worked out; of all others nothing is known.
Word ShellWords::output(std::string_view command, std::size_t begin) const {
  const std::size_t at = place(begin);
  std::string shown(command.substr(0, 40));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  const Word open = gap_of(gap::command, "the output of '" + shown + "'", at);
  const std::size_t pipe = command.find('|');
  const bool adds = pipe != std::string_view::npos &&
                    command.substr(pipe + 1).find_first_not_of(" bc-l\n") == std::string_view::npos;  // echo "..." | bc
  if (command.size() > longest_command || (pipe != std::string_view::npos && !adds)) return open;
  const std::string_view own = command.substr(0, pipe);
  if (own.find_first_of(";&<>`(\n") != std::string_view::npos && own.find("$((") == std::string_view::npos) return open;
  ShellWords inside(file_, own, variables_, at);
  inside.depth_ = depth_ + 1;
  if (inside.depth_ > 20) return open;  // commands in commands
  std::vector<Word> words;
  while (true) {
    inside.skip_blanks(true);
    if (inside.ended()) break;
    const std::size_t before = inside.offset();
    for (Word& word : inside.fields()) words.push_back(std::move(word));
    if (inside.offset() == before) return open;
  }
  if (words.empty()) return open;
  const std::string name = plain(words[0]);
  if (adds && name != "echo") return open;
  if (name == "expr" || adds) {
    std::string missing;
    const auto value = number(joined(words, 1), missing);
    if (value) return word_of(std::to_string(*value), at);
    return missing.starts_with('$') ? gap_of(gap::unset, missing, at) : open;
  }
  const std::size_t first = words.size() > 1 && is_any(words[1].text, {"-e", "-n", "-f", "-m"}) ? 2 : 1;
  if (name == "pwd") return word_of(".", at);
  if (words.size() <= first) return open;
  if (name == "echo") return word_of(joined(words, first), at);
  if (is_any(name, {"realpath", "readlink"})) return words[first];
  if (words[first].has_gap()) return open;
  if (name == "basename") {
    const std::string base = base_name(words[first].text);
    return word_of(words.size() > first + 1 ? without(base, "%", words[first + 1].text) : base, at);
  }
  if (name == "dirname") return word_of(folder_name(words[first].text), at);
  return open;
}

}  // namespace chipmix::interop
