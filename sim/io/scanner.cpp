// The grammar of JSON (RFC 8259) as a state machine with an explicit stack.
#include "io/scanner.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

namespace chipmix::io {
namespace {

/// What may come next.
enum class State { value, list_start, object_start, key, colon, separator, finished, stopped };

struct Frame {
  bool is_object = false;
  std::size_t begin = 0;
  bool on_path = false;   ///< every step so far matches the pointer that is looked for
  std::size_t index = 0;  ///< of the current list element
  std::string key;        ///< of the current member
  std::size_t key_offset = 0;
  std::unordered_map<std::string, std::size_t> keys;  ///< seen so far, with the offset of each
};

std::string unquoted(std::string_view token) {
  if (token.find('\\') == std::string_view::npos) return std::string(token.substr(1, token.size() - 2));
  return nlohmann::json::parse(token).get<std::string>();
}

class Scanner {
 public:
  Scanner(std::string_view text, const std::vector<std::string>* target) : text_(text), lexer_(text), target_(target) {}

  void run() {
    while (state_ != State::stopped) step(lexer_.next());
  }
  std::vector<TextFault> faults;
  std::optional<Location> found;

 private:
  void step(const Token& token);
  void take_value(const Token& token);
  void open(const Token& token, bool on_path);
  void close();
  void after_value() { state_ = frames_.empty() ? State::finished : State::separator; }
  void take_key(const Token& token);
  void take_separator(const Token& token);
  bool on_path() const;
  void note_key(const Token& token);

  void stop(std::size_t offset, std::string message, std::string hint = "");
  void unexpected(const Token& token, std::string_view wanted, std::string hint = "");
  void truncated(const Token& token);
  int line_of(std::size_t offset) const { return place_at(text_, offset).line; }

  std::string_view text_;
  Lexer lexer_;
  const std::vector<std::string>* target_;  // the pointer looked for; null when the text is checked
  State state_ = State::value;
  std::vector<Frame> frames_;
};

void Scanner::step(const Token& token) {
  if (token.kind == TokenKind::bad) return stop(lexer_.fault().offset, lexer_.fault().message, lexer_.fault().hint);
  if (token.kind == TokenKind::cut) return truncated(token);
  if (token.kind == TokenKind::end && state_ != State::finished) return truncated(token);
  switch (state_) {
    case State::value:
      return take_value(token);
    case State::list_start:
      return token.kind == TokenKind::close_list ? close() : take_value(token);
    case State::object_start:
      return token.kind == TokenKind::close_object ? close() : take_key(token);
    case State::key:
      return take_key(token);
    case State::colon:
      if (token.kind != TokenKind::colon) return unexpected(token, "':' after the key");
      state_ = State::value;
      return;
    case State::separator:
      return take_separator(token);
    case State::finished:
      if (token.kind != TokenKind::end) return unexpected(token, "nothing after the end of the value");
      state_ = State::stopped;
      return;
    case State::stopped:
      return;
  }
}

void Scanner::take_value(const Token& token) {
  const bool matches = on_path();
  if (matches && target_->size() == frames_.size()) {
    const bool member = !frames_.empty() && frames_.back().is_object;
    found = Location{token.begin, member ? frames_.back().key_offset : token.begin};
    state_ = State::stopped;
    return;
  }
  switch (token.kind) {
    case TokenKind::open_object:
    case TokenKind::open_list:
      return open(token, matches);
    case TokenKind::text:
    case TokenKind::number:
    case TokenKind::word:
      return after_value();
    default:
      break;
  }
  const bool closing = token.kind == TokenKind::close_object || token.kind == TokenKind::close_list;
  unexpected(token, "a value",
             closing && !frames_.empty() && !frames_.back().is_object ? "remove the comma before it" : "");
}

void Scanner::open(const Token& token, bool on_path) {
  if (frames_.size() == deepest_nesting)
    return stop(token.begin, fmt::format("brackets are nested deeper than {}", deepest_nesting));
  const bool is_object = token.kind == TokenKind::open_object;
  frames_.push_back({.is_object = is_object, .begin = token.begin, .on_path = on_path, .key = {}, .keys = {}});
  state_ = is_object ? State::object_start : State::list_start;
}

void Scanner::close() {
  frames_.pop_back();
  after_value();
}

void Scanner::take_key(const Token& token) {
  if (token.kind != TokenKind::text) {
    const bool trailing = state_ == State::key && token.kind == TokenKind::close_object;
    return unexpected(token, "a key in double quotes", trailing ? "remove the comma before it" : "");
  }
  frames_.back().key = unquoted(lexer_.spelling(token));
  frames_.back().key_offset = token.begin;
  state_ = State::colon;
  if (!target_) note_key(token);
}

void Scanner::note_key(const Token& token) {
  Frame& frame = frames_.back();
  const auto [first, is_new] = frame.keys.emplace(frame.key, token.begin);
  if (frame.keys.size() > most_members)
    return stop(token.begin, fmt::format("an object with more than {} keys", most_members));
  if (is_new) return;
  faults.push_back({token.begin, fmt::format("duplicate key '{}'", frame.key),
                    fmt::format("it is first given in line {}; remove one of them", line_of(first->second))});
  if (faults.size() >= most_faults) state_ = State::stopped;
}

void Scanner::take_separator(const Token& token) {
  Frame& frame = frames_.back();
  const TokenKind closing = frame.is_object ? TokenKind::close_object : TokenKind::close_list;
  if (token.kind == closing) return close();
  if (token.kind == TokenKind::comma) {
    ++frame.index;
    state_ = frame.is_object ? State::key : State::value;
    return;
  }
  const char* name = frame.is_object ? "object" : "list";
  const bool other_bracket = token.kind == TokenKind::close_object || token.kind == TokenKind::close_list;
  unexpected(token, frame.is_object ? "',' or '}'" : "',' or ']'",
             other_bracket ? fmt::format("the {} that began in line {} is still open", name, line_of(frame.begin))
                           : "a comma may be missing before it");
}

/// Whether the value about to begin lies on the way to the pointer that is looked for.
bool Scanner::on_path() const {
  if (!target_ || frames_.size() > target_->size()) return false;
  if (frames_.empty()) return true;
  const Frame& frame = frames_.back();
  const std::string& wanted = (*target_)[frames_.size() - 1];
  return frame.on_path && wanted == (frame.is_object ? frame.key : std::to_string(frame.index));
}

void Scanner::stop(std::size_t offset, std::string message, std::string hint) {
  faults.push_back({offset, std::move(message), std::move(hint)});
  state_ = State::stopped;
}

void Scanner::unexpected(const Token& token, std::string_view wanted, std::string hint) {
  constexpr std::size_t shown = 40;
  std::string found_text(lexer_.spelling(token).substr(0, shown));
  if (token.end - token.begin > shown) found_text += "...";
  stop(token.begin, fmt::format("expected {} but found {}", wanted, found_text), std::move(hint));
}

/// The end comes too early: say which bracket is still open, and point behind the last character.
void Scanner::truncated(const Token& token) {
  const std::size_t last = text_.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return stop(0, "the file is empty", "a JSON object is expected");
  const bool in_text = token.kind == TokenKind::cut && text_[token.begin] == '"';
  const std::string hint =
      in_text ? fmt::format("the text that begins in line {} has no closing quote", line_of(token.begin)) : "";
  if (frames_.empty()) return stop(last + 1, "the file ends inside a value", hint);
  const Frame& frame = frames_.back();
  const char* name = frame.is_object ? "an object" : "a list";
  stop(last + 1, fmt::format("the file ends inside {} that began at line {}", name, line_of(frame.begin)), hint);
}

}  // namespace

std::vector<TextFault> syntax_faults(std::string_view text) {
  Scanner scanner(text, nullptr);
  scanner.run();
  return std::move(scanner.faults);
}

std::optional<Location> locate(std::string_view text, std::string_view pointer) {
  const std::vector<std::string> target = pointer_tokens(pointer);
  Scanner scanner(text, &target);
  scanner.run();
  return scanner.found;
}

}  // namespace chipmix::io
