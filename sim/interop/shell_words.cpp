#include "interop/shell_words.hpp"

#include <algorithm>
#include <cctype>

#include "interop/arithmetic.hpp"
#include "io/scanner.hpp"

namespace chipmix::interop {
namespace {

constexpr std::size_t largest_value = 1u << 20u;  // bytes of a word; far above any launch script
constexpr std::size_t most_words = 1u << 16u;
constexpr int deepest = 50;  // defaults in defaults

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool ends_word(char c) { return is_blank(c) || std::string_view(";|&()<>").find(c) != std::string_view::npos; }

}  // namespace

/// Words under construction.
struct ShellWords::Fields {
  std::vector<Word> done;
  Word current;
  bool open = false;   ///< `current` is a word even if it is empty
  bool splits = true;  ///< whether unquoted values are split at blanks

  void close() {
    if (open) done.push_back(std::move(current));
    current = {};
    open = false;
  }
  void add(char c, std::size_t at) {
    current.add(c, at);
    open = true;
  }
};

void ShellWords::fail(std::size_t offset, std::string message, std::string hint) const {
  throw InputError({io::diagnostic_at(file_, text_, {offset, std::move(message), std::move(hint)})});
}

void ShellWords::skip_blanks(bool lines) {
  bool after_blank = offset_ == 0 || is_blank(text_[offset_ - 1]) || lines;
  for (; !ended(); after_blank = true) {
    if (starts("\\\n"))
      offset_ += 2;
    else if (starts("\\\r\n"))
      offset_ += 3;
    else if (next() == '#' && after_blank)
      offset_ = std::min(text_.find('\n', offset_), text_.size());
    else if (is_blank(next()) && (lines || next() != '\n'))
      ++offset_;
    else
      break;
  }
}

void ShellWords::skip_to_line(std::string_view word) {
  offset_ = std::min(text_.find('\n', offset_), text_.size());
  if (!ended()) ++offset_;
  while (!ended()) {
    const std::size_t end = std::min(text_.find('\n', offset_), text_.size());
    std::string_view line = text_.substr(offset_, end - offset_);
    offset_ = std::min(end + 1, text_.size());
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    if (line == word) return;
  }
}

std::optional<ShellWords::Assignment> ShellWords::assignment() {
  std::size_t end = offset_;
  while (end < text_.size() && is_name(text_[end])) ++end;
  if (end == offset_ || std::isdigit(static_cast<unsigned char>(text_[offset_]))) return std::nullopt;
  Assignment found{std::string(text_.substr(offset_, end - offset_)), false};
  if (text_.substr(end).starts_with("+=")) found.appends = true, ++end;
  if (!text_.substr(end).starts_with('=')) return std::nullopt;
  offset_ = end + 1;
  return found;
}

std::vector<Word> ShellWords::fields() {
  Fields fields;
  word_into(fields, '\0');
  fields.close();
  return std::move(fields.done);
}

Word ShellWords::value() {
  Fields fields;
  fields.splits = false;
  word_into(fields, '\0');
  return std::move(fields.current);
}

std::vector<Word> ShellWords::list() {
  const std::size_t begin = offset_ - 1;
  std::vector<Word> elements;
  while (true) {
    skip_blanks(true);
    if (ended()) fail(begin, "this list is not closed", "write ')' after its last element");
    if (next() == ')') break;
    const std::size_t before = offset_;
    for (Word& word : fields()) elements.push_back(std::move(word));
    if (offset_ == before) fail(offset_, "'" + std::string(1, next()) + "' inside a list", "quote it");
    if (elements.size() > most_words) fail(begin, "this list is too long");
  }
  ++offset_;
  return elements;
}

void ShellWords::word_into(Fields& fields, char stop) {
  const std::size_t begin = offset_;
  while (!ended()) {
    const char c = next();
    if (stop ? c == stop : ends_word(c)) return;
    if (fields.current.text.size() > largest_value) fail(begin, "this value is too long");
    if (starts("\\\n")) {
      offset_ += 2;
    } else if (c == '\\' && offset_ + 1 < text_.size()) {
      fields.add(text_[offset_ + 1], offset_ + 1);
      offset_ += 2;
    } else if (c == '\'') {
      single_quoted(fields);
    } else if (c == '"') {
      double_quoted(fields);
    } else if (c == '$') {
      split_into(fields, dollar());
    } else if (c == '`') {
      split_into(fields, {unknown(offset_, "a command's output")});
      skip_command('\0', '`');
    } else {
      fields.add(c, offset_++);
    }
  }
  if (stop) fail(begin, "this is not closed", std::string("write '") + stop + "' after it");
}

void ShellWords::single_quoted(Fields& fields) {
  const std::size_t begin = offset_++;
  const std::size_t end = text_.find('\'', offset_);
  if (end == std::string_view::npos) fail(begin, "this quote is not closed");
  for (; offset_ < end; ++offset_) fields.add(text_[offset_], offset_);
  fields.open = true;
  ++offset_;
}

void ShellWords::double_quoted(Fields& fields) {
  const std::size_t begin = offset_++;
  fields.open = true;
  for (; !ended() && next() != '"';) {
    if (fields.current.text.size() > largest_value) fail(begin, "this value is too long");
    if (starts("\\\n")) {
      offset_ += 2;
    } else if (next() == '\\' && offset_ + 1 < text_.size() &&
               std::string_view("\"\\$`").find(text_[offset_ + 1]) != std::string_view::npos) {
      fields.add(text_[offset_ + 1], offset_ + 1);
      offset_ += 2;
    } else if (next() == '$') {
      const std::vector<Word> values = dollar();
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0 && fields.splits) fields.close();
        if (i > 0 && !fields.splits) fields.add(' ', values[i].offset());
        fields.current.add(values[i]);
        fields.open = true;
      }
    } else if (next() == '`') {
      fields.current.add(unknown(offset_, "a command's output"));
      skip_command('\0', '`');
    } else {
      fields.add(next(), offset_);
      ++offset_;
    }
  }
  if (ended()) fail(begin, "this quote is not closed");
  if (fields.current.text.size() > largest_value) fail(begin, "this value is too long");
  ++offset_;
}

void ShellWords::split_into(Fields& fields, const std::vector<Word>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Word& value = values[i];
    if (i > 0) fields.splits ? fields.close() : fields.add(' ', value.offset());
    if (!value.unknown.empty() || !fields.splits) {
      fields.current.add(value);
      fields.open = true;
      if (fields.current.text.size() > largest_value) fail(offset_, "this value is too long");
      continue;
    }
    for (std::size_t k = 0; k < value.text.size(); ++k) {
      if (is_blank(value.text[k]))
        fields.close();
      else
        fields.add(value.text[k], value.at[k]), fields.current.condition = value.condition;
    }
    if (fields.done.size() > most_words) fail(offset_, "these are too many words");
  }
}

void ShellWords::skip_command(char open, char close) {
  const std::size_t begin = offset_++;
  for (int depth = 1; !ended(); ++offset_) {
    if (open && next() == open) ++depth;
    if (next() == close && --depth == 0) {
      ++offset_;
      return;
    }
  }
  fail(begin, "this command is not closed");
}

Word ShellWords::unknown(std::size_t begin, const std::string& name) const {
  Word word;
  for (const char c : name) word.add(c, begin);
  word.unknown = name;
  return word;
}

std::vector<Word> ShellWords::look_up(const std::string& name, std::size_t begin) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return {unknown(begin, "$" + name)};
  return found->second.elements;
}

std::optional<long long> ShellWords::number_of(const std::string& name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end() || found->second.elements.size() != 1) return std::nullopt;
  const Word& word = found->second.elements.front();
  return word.unknown.empty() && word.condition == Word::nowhere ? whole_number(word.text) : std::nullopt;
}

Word ShellWords::arithmetic(std::size_t begin) {
  std::size_t end = offset_;
  for (int open = 0; end < text_.size() && (open > 0 || text_[end] != ')'); ++end)
    open += text_[end] == '(' ? 1 : text_[end] == ')' ? -1 : 0;
  if (!text_.substr(end).starts_with("))")) fail(begin, "this arithmetic is not closed", "write '))' after it");
  const std::string_view expression = text_.substr(offset_, end - offset_);
  offset_ = end + 2;
  const auto value = evaluate(expression, [this](const std::string& name) { return number_of(name); });
  if (!value) return unknown(begin, "$((" + std::string(expression) + "))");
  Word word;
  for (const char c : std::to_string(*value)) word.add(c, begin);
  return word;
}

/// What a "$" stands for. Quoted lists stay lists: "${A[@]}".
std::vector<Word> ShellWords::dollar() {
  const std::size_t begin = offset_;
  if (starts("$((")) {
    offset_ += 3;
    return {arithmetic(begin)};
  }
  ++offset_;
  if (next() == '(') {
    skip_command('(', ')');
    return {unknown(begin, "a command's output")};
  }
  if (next() == '{') return braces(begin);
  std::size_t end = offset_;
  while (end < text_.size() && is_name(text_[end])) ++end;
  if (end == offset_ && !ended() && std::string_view("@*#?$!-").find(next()) != std::string_view::npos) ++end;
  if (end > offset_ && std::isdigit(static_cast<unsigned char>(text_[offset_]))) end = offset_ + 1;  // $1
  const std::string name(text_.substr(offset_, end - offset_));
  offset_ = end;
  if (!name.empty()) return look_up(name, begin);
  Word dollar;
  dollar.add('$', begin);
  return {dollar};
}

/// ${NAME}, ${NAME[@]}, ${NAME:-default}; anything else in braces is unknown.
std::vector<Word> ShellWords::braces(std::size_t begin) {
  ++offset_;
  std::size_t end = offset_;
  while (end < text_.size() && is_name(text_[end])) ++end;
  const std::string name(text_.substr(offset_, end - offset_));
  offset_ = end;
  if (starts("[@]") || starts("[*]")) offset_ += 3;
  if (next() == '}') {
    ++offset_;
    return look_up(name, begin);
  }
  const std::string_view rest = text_.substr(offset_);
  const bool has_default = rest.starts_with(":-") || rest.starts_with(":=") || rest.starts_with("-");
  if (!has_default || name.empty()) {
    offset_ = begin + 1;
    skip_command('{', '}');
    return {unknown(begin, std::string(text_.substr(begin, offset_ - begin)))};
  }
  if (++depth_ > deepest) fail(begin, "these defaults are nested too deeply");
  offset_ += rest.front() == ':' ? 2 : 1;
  Fields fields;
  fields.splits = false;
  word_into(fields, '}');
  --depth_;
  ++offset_;
  const auto found = variables_.find(name);
  const bool is_set = found != variables_.end() && !found->second.elements.empty() &&
                      !(rest.front() == ':' && found->second.elements.front().text.empty());
  if (is_set) return found->second.elements;
  return {std::move(fields.current)};
}

}  // namespace chipmix::interop
