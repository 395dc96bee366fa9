// Arguments as JSON objects: the words that they stand for.
#include <fmt/format.h>

#include <algorithm>

#include "interop/given.hpp"
#include "io/document.hpp"

namespace chipmix::interop {
namespace {

/// "--num-layers" of "num_layers" and "--num-layers".
std::string flag_of(std::string key) {
  std::replace(key.begin(), key.end(), '_', '-');
  return key.starts_with("--") ? key : "--" + key;
}

Word word_at(std::string_view text, std::size_t offset) {
  Word word;
  for (const char c : text) word.add(c, offset);
  if (text.empty()) word.at.push_back(offset);
  return word;
}

bool is_off(std::string_view value) { return value == "false" || value == "False" || value == "null" || value == "~"; }
bool is_on(std::string_view value) { return value == "true" || value == "True"; }

/// Byte offset of a place in the text.
std::size_t offset_of(std::string_view text, Place place) {
  std::size_t begin = 0;
  for (int line = 1; line < place.line; ++line) begin = text.find('\n', begin) + 1;
  return std::min(begin + static_cast<std::size_t>(std::max(0, place.column - 1)), text.size());
}

}  // namespace

std::vector<Word> words_of_json(const std::string& file, const std::string& text) {
  const io::Document document = io::Document::parse(file, text);
  io::Diagnostics faults;
  const io::Value root = document.root(faults);
  std::vector<Word> words;
  if (!root.is_object()) root.expected("an object of arguments");
  for (const auto& [key, value] :
       root.is_object() ? root.members() : std::vector<std::pair<std::string, io::Value>>{}) {
    const std::size_t at = offset_of(text, document.place_of(value.pointer(), true));
    const bool is_list = value.is_list();
    const auto one = [&](const io::Value& v) { return v.is_text() ? *v.as_text() : v.to_json(); };
    if (value.is_object()) value.expected("a value, not an object");
    if (!is_list && is_off(one(value))) continue;
    words.push_back(word_at(flag_of(key), at));
    if (is_list)
      for (const io::Value& element : value.as_list()) words.push_back(word_at(one(element), at));
    else if (!is_on(one(value)))
      words.push_back(word_at(one(value), at));
  }
  faults.throw_if_any();
  return words;
}

}  // namespace chipmix::interop
