#include "interop/shell_words.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "interop/arithmetic.hpp"
#include "io/scanner.hpp"

namespace chipmix::interop {
namespace {

constexpr std::size_t largest_value = 1u << 20u;  // bytes of a word; far above any launch script
constexpr std::size_t most_words = 1u << 16u;
constexpr int deepest_word = 50;  // defaults in defaults

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool ends_word(char c) { return is_blank(c) || std::string_view(";|&()<>").find(c) != std::string_view::npos; }

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  return line;
}

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
  throw InputError(
      {io::diagnostic_at(file_, text_, {std::min(offset, text_.size()), std::move(message), std::move(hint)})});
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
    else if (next() == '\n' && lines && !documents_.empty())
      documents();
    else if (is_blank(next()) && (lines || next() != '\n'))
      ++offset_;
    else
      break;
  }
}

void ShellWords::expect_document(std::string word, std::function<void(std::string)> take) {
  documents_.emplace_back(std::move(word), std::move(take));
}

/// At a line end: the lines of the documents that the line announced.
void ShellWords::documents() {
  const auto expected = std::exchange(documents_, {});
  for (const auto& [word, take] : expected) {
    std::string body;
    while (!ended()) {
      const std::size_t begin = offset_ + 1, end = std::min(text_.find('\n', begin), text_.size());
      std::string_view line = begin < end ? text_.substr(begin, end - begin) : std::string_view();
      offset_ = end;
      if (trimmed(line) == word) break;
      body += line;
      body += '\n';
    }
    if (take) take(std::move(body));
  }
}

std::string_view ShellWords::peek() const {
  std::size_t end = offset_;
  while (end < text_.size() && !ends_word(text_[end])) ++end;
  return text_.substr(offset_, end - offset_);
}

std::optional<ShellWords::Assignment> ShellWords::assignment() {
  std::size_t end = offset_;
  while (end < text_.size() && is_of_name(text_[end])) ++end;
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

void ShellWords::word_into(Fields& fields, char stop, bool to_end) {
  const std::size_t begin = offset_;
  while (!ended()) {
    const char c = next();
    if (stop ? c == stop : ends_word(c)) return;
    if (fields.current.text.size() > largest_value) fail(begin, "this value is too long");
    if (c == gap::unset || c == gap::command) {
      keep_gap(fields);
    } else if (starts("\\\n")) {
      offset_ += 2;
    } else if (c == '\\' && offset_ + 1 < text_.size()) {
      fields.add(text_[offset_ + 1], place(offset_ + 1));
      offset_ += 2;
    } else if (c == '\'') {
      single_quoted(fields);
    } else if (c == '"') {
      double_quoted(fields);
    } else if (c == '$') {
      split_into(fields, dollar());
    } else if (c == '`') {
      const std::size_t at = offset_;
      split_into(fields, {output(skip_command('\0', '`'), at)});
    } else {
      fields.add(c, place(offset_++));
    }
  }
  if (stop && !to_end) fail(begin, "this is not closed", std::string("write '") + stop + "' after it");
}

/// Up to `stop`, which is passed, as one word.
Word ShellWords::inner(char stop) {
  if (++depth_ > deepest_word) fail(offset_, "these defaults are nested too deeply");
  Fields fields;
  fields.splits = false;
  word_into(fields, stop);
  ++offset_;
  --depth_;
  return std::move(fields.current);
}

/// A gap in a text that is run again stays as it is: what it names is no text of the script.
void ShellWords::keep_gap(Fields& fields) {
  for (; !ended() && next() != gap::close; ++offset_) fields.add(next(), place(offset_));
  if (ended()) return;
  fields.add(next(), place(offset_));
  ++offset_;
}

void ShellWords::single_quoted(Fields& fields) {
  const std::size_t begin = offset_++;
  const std::size_t end = text_.find('\'', offset_);
  if (end == std::string_view::npos) fail(begin, "this quote is not closed");
  for (; offset_ < end; ++offset_) fields.add(text_[offset_], place(offset_));
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
      fields.add(text_[offset_ + 1], place(offset_ + 1));
      offset_ += 2;
    } else if (next() == gap::unset || next() == gap::command) {
      keep_gap(fields);
    } else if (next() == '$') {
      const std::vector<Word> values = dollar();
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0 && fields.splits) fields.close();
        if (i > 0 && !fields.splits) fields.add(' ', values[i].offset());
        fields.current.add(values[i]);
        fields.open = true;
      }
    } else if (next() == '`') {
      const std::size_t at = offset_;
      fields.current.add(output(skip_command('\0', '`'), at));
    } else {
      fields.add(next(), place(offset_));
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
    if (!fields.splits) {
      fields.current.add(value);
      fields.open = true;
      if (fields.current.text.size() > largest_value) fail(offset_, "this value is too long");
      continue;
    }
    for (std::size_t k = 0; k < value.text.size(); ++k) {
      if (is_blank(value.text[k]))
        fields.close();
      else
        fields.add(value.text[k], value.at[k]), fields.current.mark(value.condition_at(k));
    }
    if (fields.done.size() > most_words) fail(offset_, "these are too many words");
  }
}

std::string_view ShellWords::skip_command(char open, char close) {
  const std::size_t begin = offset_++;
  char quote = '\0';
  for (int depth = 1; !ended(); ++offset_) {
    const char c = next();
    if (c == '\\' && quote != '\'') {
      ++offset_;
    } else if (open && (c == '\'' || c == '"') && (quote == '\0' || quote == c)) {
      quote = quote == c ? '\0' : c;
    } else if (quote != '\'' && open && c == open) {
      ++depth;
    } else if (quote != '\'' && c == close && --depth == 0) {
      return text_.substr(begin + 1, offset_++ - begin - 1);
    }
  }
  fail(begin, "this command is not closed");
}

std::vector<Word> ShellWords::look_up(const std::string& name, std::size_t begin) const {
  const auto found = variables_.find(name);
  if (found != variables_.end()) return found->second.elements;
  if (name == "@" || name == "*") return {};
  if (name == "#") return {word_of("0", place(begin))};
  if (std::string_view("?$!-").find(name) != std::string_view::npos) return {word_of("0", place(begin))};
  return {gap_of(gap::unset, "$" + name, place(begin))};
}

std::string_view ShellWords::to_double_close() {
  std::size_t end = offset_;
  for (int open = 0; end < text_.size() && (open > 0 || text_[end] != ')'); ++end)
    open += text_[end] == '(' ? 1 : text_[end] == ')' ? -1 : 0;
  if (!text_.substr(end).starts_with("))")) fail(offset_, "this arithmetic is not closed", "write '))' after it");
  const std::string_view expression = text_.substr(offset_, end - offset_);
  offset_ = end + 2;
  return expression;
}

std::optional<long long> ShellWords::number(std::string_view expression, std::string& missing) const {
  std::string text(expression);
  if (expression.find("${") != std::string_view::npos || expression.find("$(") != std::string_view::npos) {
    ShellWords inner(file_, expression, variables_, place(offset_));
    Fields fields;
    fields.splits = false;
    inner.word_into(fields, '\n', true);
    if (fields.current.is_open()) {
      missing = settled(fields.current).unknown;
      return std::nullopt;
    }
    text.clear();  // a gap of a variable is that variable again
    for (const char c : fields.current.text)
      if (c != gap::unset && c != gap::close) text += c;
  }
  return evaluate(text, [&](const std::string& name) -> std::optional<long long> {
    const auto found = variables_.find(name);
    const bool is_one = found != variables_.end() && found->second.elements.size() == 1;
    const Word value = is_one ? settled(found->second.elements.front()) : Word{};
    const auto whole = is_one && value.condition == Word::nowhere ? whole_number(value.text) : std::nullopt;
    if (!whole) missing = value.unknown.empty() ? "$" + name : value.unknown;
    return whole;
  });
}

Word ShellWords::arithmetic(std::size_t begin) {
  const std::string_view expression = to_double_close();
  std::string missing;
  const auto value = number(expression, missing);
  if (value) return word_of(std::to_string(*value), place(begin));
  const bool is_variable = missing.starts_with('$');
  return gap_of(is_variable ? gap::unset : gap::command,
                missing.empty() ? "$((" + std::string(expression) + "))" : missing, place(begin));
}

/// What a "$" stands for. Quoted lists stay lists: "${A[@]}".
std::vector<Word> ShellWords::dollar() {
  const std::size_t begin = offset_;
  if (starts("$((")) {
    offset_ += 3;
    return {arithmetic(begin)};
  }
  ++offset_;
  if (next() == '(') return {output(skip_command('(', ')'), begin)};
  if (next() == '{') return braces(begin);
  std::size_t end = offset_;
  while (end < text_.size() && is_of_name(text_[end])) ++end;
  if (end == offset_ && !ended() && std::string_view("@*#?$!-").find(next()) != std::string_view::npos) ++end;
  if (end > offset_ && std::isdigit(static_cast<unsigned char>(text_[offset_]))) end = offset_ + 1;  // $1
  const std::string name(text_.substr(offset_, end - offset_));
  offset_ = end;
  if (!name.empty()) return look_up(name, begin);
  return {word_of("$", place(begin))};
}

}  // namespace chipmix::interop
