#include "io/element_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "io/scanner.hpp"

namespace chipmix::io {
namespace {

constexpr std::size_t largest_part = 4u << 20u;  // bytes
constexpr std::size_t kept_line = 1000;          // bytes before a fault that are shown

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80u; });
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Diagnostic diagnostic_in(const std::string& file, const TextPart& part, std::size_t offset, std::string message,
                         std::string hint) {
  Diagnostic fault = diagnostic_at(file, part.text, {offset, std::move(message), std::move(hint)});
  if (fault.place.line == 1) {
    fault.place.column += part.place.column - 1;
    fault.source_start += part.place.column - 1;
  }
  fault.place.line += part.place.line - 1;
  return fault;
}

ElementStream::ElementStream(TextStream stream, std::string list, std::vector<std::string> members)
    : stream_(std::move(stream)), list_(std::move(list)), wanted_(std::move(members)) {}

std::optional<char> ElementStream::peek() {
  if (piece_.empty()) piece_ = stream_.next();
  if (piece_.empty()) return std::nullopt;
  return piece_.front();
}

std::optional<char> ElementStream::get() {
  const auto c = peek();
  if (c) advance(1);
  return c;
}

std::optional<char> ElementStream::after_blanks() {
  for (auto c = peek(); c; c = peek()) {
    if (!is_blank(*c)) return c;
    get();
  }
  return std::nullopt;
}

void ElementStream::fault(std::string message, std::string hint) {
  const int shown = static_cast<int>(characters(line_));
  throw InputError({Diagnostic{stream_.name(), place_, "", std::move(message), std::move(hint), line_,
                               std::max(1, place_.column - shown)}});
}

void ElementStream::expect(char wanted, const char* where) {
  const auto c = after_blanks();
  if (!c) fault(fmt::format("the file ends inside {}", where), "was it copied whole?");
  if (*c != wanted) fault(fmt::format("expected '{}' here, found '{}'", wanted, printable(std::string(1, *c))));
  get();
}

/// Consumes this many bytes of the piece.
void ElementStream::advance(std::size_t bytes) {
  const std::string_view taken = piece_.substr(0, bytes);
  piece_.remove_prefix(bytes);
  std::size_t begin = 0;
  for (std::size_t end = taken.find('\n'); end != std::string_view::npos; end = taken.find('\n', begin)) {
    ++place_.line, place_.column = 1;
    line_.clear();
    begin = end + 1;
  }
  const std::string_view rest = taken.substr(begin);
  place_.column += static_cast<int>(std::count_if(rest.begin(), rest.end(), begins_character));
  line_ += rest.substr(rest.size() - std::min(rest.size(), kept_line));
  if (line_.size() > 2 * kept_line) line_.erase(0, line_.size() - kept_line);
}

/// The value that begins here, to the comma or bracket behind it.
TextPart ElementStream::value(bool is_kept) {
  after_blanks();
  TextPart part;
  part.place = place_;
  bool in_text = false, is_escaped = false;
  std::size_t depth = 0;
  for (bool is_done = false; !is_done;) {
    if (!peek())
      fault(in_text ? "the file ends inside a text" : "the file ends inside an object or a list",
            "was it copied whole?");
    std::size_t i = 0;
    for (; i < piece_.size(); ++i) {
      const char c = piece_[i];
      if (in_text) {
        if (is_escaped)
          is_escaped = false;
        else if (c == '\\')
          is_escaped = true;
        else if (c == '"')
          in_text = false;
      } else if (c == '"') {
        in_text = true;
      } else if (c == '{' || c == '[') {
        if (++depth > deepest_nesting) break;
      } else if (c == '}' || c == ']' || (c == ',' && depth == 0)) {
        is_done = depth == 0;
        if (is_done) break;
        --depth;
      }
    }
    if (is_kept) part.text += piece_.substr(0, i);
    advance(i);
    if (depth > deepest_nesting) fault(fmt::format("brackets nested deeper than {}", deepest_nesting));
    if (part.text.size() > largest_part) fault("a value of more than 4 MiB", "is it a trace?");
  }
  while (!part.text.empty() && is_blank(part.text.back())) part.text.pop_back();
  if (is_kept) check(part);
  return part;
}

void ElementStream::check(const TextPart& part) {
  if (is_ascii(part.text)) return;
  if (const auto offset = first_invalid_byte(part.text))
    throw InputError({diagnostic_in(name(), part, *offset, "a byte that is not UTF-8", "save the file as UTF-8")});
}

void ElementStream::begin() {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  for (const char mark : byte_order_mark)
    if (peek() == mark) get();
  line_.clear(), place_ = {1, 1};
  expect('{', "its first line");
}

/// Moves to the first element of the list; false at the end of the object.
bool ElementStream::to_list() {
  for (;;) {
    const auto c = after_blanks();
    if (c == '}') {
      get();
      if (after_blanks()) fault("text behind the end of the object");
      return false;
    }
    if (!is_first_) expect(',', "an object");
    is_first_ = false;
    after_blanks();
    const Place at = place_;
    expect('"', "an object");
    std::string key;
    for (auto k = get(); k != '"'; k = get()) {
      if (!k) fault("the file ends inside a text", "was it copied whole?");
      if (key.size() < largest_part) key += *k;
    }
    expect(':', "an object");
    if (key != list_) {
      const bool is_wanted = std::find(wanted_.begin(), wanted_.end(), key) != wanted_.end();
      TextPart part = value(is_wanted);
      if (is_wanted) members_[key] = std::move(part);
      continue;
    }
    if (has_list_) fault(fmt::format("'{}' is there twice", list_));
    list_place_ = {'"' + key + '"', at};
    has_list_ = true;
    if (after_blanks() != '[') fault(fmt::format("expected a list of '{}'", list_));
    get();
    return true;
  }
}

const TextPart* ElementStream::next() {
  if (is_done_) return nullptr;
  if (!std::exchange(is_begun_, true)) begin();
  for (;;) {
    if (!in_list_) {
      if (!to_list()) {
        is_done_ = true;
        return nullptr;
      }
      if (after_blanks() == ']') {
        get();
        continue;
      }
      in_list_ = true;
    }
    element_ = value(true);
    if (element_.text.empty()) fault("expected a value here");
    in_list_ = after_blanks() == ',';
    if (peek() == '}') fault("expected ',' or ']' here");
    get();
    return &element_;
  }
}

}  // namespace chipmix::io
