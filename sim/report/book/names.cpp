#include "report/book/names.hpp"

#include <algorithm>

namespace chipmix::report::book {
namespace {

constexpr std::size_t longest = 80;  // of the 255 that spreadsheets allow

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// Letters and digits of a key, all else between them as one "_".
std::string plain(const std::string& key) {
  std::string word;
  for (const char c : key) {
    if (is_letter_or_digit(c))
      word += c;
    else if (!word.empty() && word.back() != '_')
      word += '_';
  }
  word.resize(std::min(word.size(), longest));
  if (!word.empty() && word.back() == '_') word.pop_back();
  return word;
}

std::string small(std::string word) {
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return word;
}

}  // namespace

const std::string& Names::of(const std::string& key) {
  const auto known = words_.find(key);
  if (known != words_.end()) return known->second;
  const std::string base = plain(key);
  std::string word = base;
  for (int again = 2; !taken_.insert(small(word)).second; ++again) word = base + "_" + std::to_string(again);
  return words_[key] = word;
}

}  // namespace chipmix::report::book
