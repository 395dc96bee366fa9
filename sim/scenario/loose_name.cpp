#include "scenario/loose_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace chipmix::scenario {
namespace {

/// The only one of `known` that `form` makes the same of as of `name`.
template <class Form>
std::optional<std::string> only_one(const std::string& name, const std::vector<std::string>& known, Form form) {
  const std::string wanted = form(name);
  std::optional<std::string> found;
  for (const std::string& one : known) {
    if (form(one) != wanted) continue;
    if (found) return std::nullopt;
    found = one;
  }
  return wanted.empty() ? std::nullopt : found;
}

/// Words of a name that name no architecture.
bool is_variant(const std::string& word) {
  static constexpr std::array<const char*, 6> words{"base", "instruct", "chat", "hf", "it", "meta"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string architecture(const std::string& name) {
  std::string kept, word;
  const std::size_t slash = name.rfind('/');
  const std::string last = slash == std::string::npos ? name : name.substr(slash + 1);
  for (const char c : last + "-") {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '.') {
      word += c;
      continue;
    }
    if (!is_variant(loose(word))) kept += loose(word);
    word.clear();
  }
  return kept;
}

}  // namespace

std::string loose(const std::string& name) {
  std::string kept;
  for (const char c : name)
    if (const auto byte = static_cast<unsigned char>(c); std::isalnum(byte) || byte >= 0x80)
      kept += static_cast<char>(std::tolower(byte));
  return kept;
}

std::optional<std::string> same_name(const std::string& name, const std::vector<std::string>& known) {
  return only_one(name, known, loose);
}

std::optional<std::string> same_model(const std::string& name, const std::vector<std::string>& known) {
  return only_one(name, known, architecture);
}

}  // namespace chipmix::scenario
