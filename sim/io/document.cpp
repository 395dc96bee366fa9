// A JSON file: checked by the scanner first, so that nothing that follows meets bad syntax, duplicates or deep nesting.
#include "io/document.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>

#include "base/utf8.hpp"
#include "io/path.hpp"
#include "io/scanner.hpp"

namespace chipmix::io {

struct Document::State {
  std::string file;
  std::string label;  ///< the file as diagnostics name it
  std::string text;
  nlohmann::ordered_json json;
};

namespace {

constexpr std::size_t largest_file = 64u * 1024u * 1024u;  // bytes
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

std::string read_at_most(std::istream& stream, std::size_t size) {
  std::string text;
  constexpr std::size_t block = 1u << 20u;
  while (stream && text.size() <= size) {
    const std::size_t before = text.size();
    text.resize(before + block);
    stream.read(text.data() + before, static_cast<std::streamsize>(block));
    text.resize(before + static_cast<std::size_t>(stream.gcount()));
  }
  return text;
}

}  // namespace

Document::Document(std::unique_ptr<State> state) : state_(std::move(state)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::parse(std::string file, std::string text) {
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  auto json = parsed(file, text);
  return Document(std::make_unique<State>(State{file, file, std::move(text), std::move(json)}));
}

Document Document::load(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw FileError(path.string(), "is a folder, not a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw FileError(path.string(), std::strerror(errno));
  std::string text = read_at_most(stream, largest_file);
  if (stream.bad()) throw FileError(path.string(), "cannot be read");
  if (text.size() > largest_file) throw FileError(path.string(), "is larger than 64 MiB");
  return parse(path.string(), std::move(text));
}

const std::string& Document::file() const { return state_->file; }
const std::string& Document::text() const { return state_->text; }

Value Document::root(Diagnostics& diagnostics) const { return Value(*this, state_->json, "", diagnostics); }

Place Document::place_of(const std::string& pointer, bool key) const {
  const auto location = locate(state_->text, pointer);
  if (!location) return {};
  return place_at(state_->text, key ? location->key : location->value);
}

Diagnostic Document::diagnostic(const std::string& pointer, std::string message, std::string hint, bool key) const {
  Diagnostic diagnostic;
  if (const auto location = locate(state_->text, pointer))
    diagnostic = diagnostic_at(state_->label, state_->text, {key ? location->key : location->value, "", ""});
  diagnostic.file = state_->label;
  diagnostic.pointer = pointer;
  diagnostic.message = std::move(message);
  diagnostic.hint = std::move(hint);
  return diagnostic;
}

Document Document::with(const std::string& path, const std::string& value) const {
  nlohmann::ordered_json changed = state_->json;
  const PathFault fault = replace_at(changed, path, value_of(value));
  if (!fault.message.empty()) throw InputError({diagnostic(fault.pointer, fault.message, fault.hint)});
  const std::string label = fmt::format("{} with --set {}", state_->label, printable(path));
  std::string text = changed.dump(2) + "\n";
  auto json = parsed(label, text);
  return Document(std::make_unique<State>(State{state_->file, label, std::move(text), std::move(json)}));
}

}  // namespace chipmix::io
