// A JSON file: checked by the scanner first, so that nothing that follows meets bad syntax, duplicates or deep nesting.
#include "io/document.hpp"

#include <fmt/format.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "base/utf8.hpp"
#include "io/file_text.hpp"
#include "io/path.hpp"
#include "io/scanner.hpp"

namespace chipmix::io {

struct Document::State {
  std::string file;
  std::string label;  ///< the file as diagnostics name it
  nlohmann::ordered_json json;
  std::string written{};  ///< the text, once it is known
  std::once_flag once{};

  const std::string& text() {
    std::call_once(once, [this] {
      if (written.empty()) written = json.dump(2) + "\n";
    });
    return written;
  }
};

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

void require_utf8(const std::string& label, std::string_view text) {
  const auto offset = first_invalid_byte(text);
  if (!offset) return;
  const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  const TextFault fault{*offset, "a byte that is not UTF-8",
                        utf16 ? "the file looks like UTF-16; save it as UTF-8" : "save the file as UTF-8"};
  throw InputError({diagnostic_at(label, text, fault)});
}

void require_syntax(const std::string& label, std::string_view text) {
  Diagnostics diagnostics;
  for (const TextFault& fault : syntax_faults(text)) diagnostics.add(diagnostic_at(label, text, fault));
  diagnostics.throw_if_any();
}

/// The values of a text, every fault of which is thrown as InputError.
nlohmann::ordered_json parsed(const std::string& label, std::string_view text) {
  require_utf8(label, text);
  require_syntax(label, text);
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (json.is_discarded())
    throw std::logic_error(fmt::format("the scanner accepted text that is not JSON in {}", label));
  return json;
}

/// The text of --set: JSON if it is JSON, otherwise text.
nlohmann::ordered_json value_of(const std::string& text) {
  if (!first_invalid_byte(text) && syntax_faults(text).empty()) return nlohmann::ordered_json::parse(text);
  return printable(text);
}

}  // namespace

Document::Document(std::unique_ptr<State> state) : state_(std::move(state)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::parse(std::string file, std::string text) {
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  auto json = parsed(file, text);
  return Document(std::unique_ptr<State>(new State{file, file, std::move(json), std::move(text)}));
}

Document Document::load(const std::filesystem::path& path) { return parse(path.string(), read_text(path)); }

const std::string& Document::file() const { return state_->file; }
const std::string& Document::text() const { return state_->text(); }

std::string Document::json() const { return state_->json.dump(2) + "\n"; }

Value Document::root(Diagnostics& diagnostics, Figures figures) const {
  return Value(*this, state_->json, "", diagnostics, figures);
}

Place Document::place_of(const std::string& pointer, bool key) const {
  const auto location = locate(text(), pointer);
  if (!location) return {};
  return place_at(text(), key ? location->key : location->value);
}

Diagnostic Document::diagnostic(const std::string& pointer, std::string message, std::string hint, bool key) const {
  Diagnostic diagnostic;
  if (const auto location = locate(text(), pointer))
    diagnostic = diagnostic_at(state_->label, text(), {key ? location->key : location->value, "", ""});
  diagnostic.file = state_->label;
  diagnostic.pointer = pointer;
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  return diagnostic;
}

Document Document::with(const std::string& path, const std::string& value) const {
  return with(Changes{{path, value}});
}

Document Document::with(const Changes& changes) const {
  auto copy = std::unique_ptr<State>(new State{state_->file, state_->label, state_->json});
  bool is_checked = true;  // a plain value in place of another breaks no limit
  for (const auto& [path, value] : changes) {
    nlohmann::ordered_json changed = value_of(value);
    is_checked = is_checked && !changed.is_structured();
    const PathFault fault = replace_at(copy->json, path, std::move(changed));
    if (!fault.message.empty()) {
      const bool is_first = &path == &changes.front().first;
      const Document before(std::move(copy));
      throw InputError({(is_first ? *this : before).diagnostic(fault.pointer, fault.message, fault.hint)});
    }
    copy->label += fmt::format(" with --set {}", printable(path));
  }
  if (!is_checked) parsed(copy->label, copy->json.dump(2));
  return Document(std::move(copy));
}

Document Document::filled(const Changes& added) const {
  auto copy = std::unique_ptr<State>(new State{state_->file, state_->label, state_->json, text()});
  for (const auto& [pointer, value] : added)
    copy->json[nlohmann::ordered_json::json_pointer(pointer)] = nlohmann::ordered_json::parse(value);
  return Document(std::move(copy));
}

std::string Document::pointer_to(const std::string& path) const {
  nlohmann::ordered_json copy = state_->json;
  const PathFault fault = replace_at(copy, path, nullptr);
  if (!fault.message.empty()) throw InputError({diagnostic(fault.pointer, fault.message, fault.hint)});
  return fault.pointer;
}

bool Document::has(const std::string& pointer) const {
  return state_->json.contains(nlohmann::ordered_json::json_pointer(pointer));
}

std::string json_text(const std::string& words) { return value_of(words).dump(); }

}  // namespace chipmix::io
