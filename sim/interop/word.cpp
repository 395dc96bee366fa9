#include "interop/word.hpp"

#include <algorithm>

namespace chipmix::interop {

Word word_of(std::string_view text, std::size_t offset) {
  Word word;
  word.add(text, offset);
  word.begin = offset;
  return word;
}

Word gap_of(char kind, std::string_view name, std::size_t offset) {
  std::string text = kind + std::string(name) + gap::close;
  std::replace(text.begin(), text.end(), ' ', gap::blank);
  return word_of(text, offset);
}

void Word::join_conditions(const Word& other) {
  const std::size_t own = when.empty() ? condition : nowhere;
  when.resize(text.size(), own);
  for (std::size_t i = 0; i < other.text.size(); ++i) when.push_back(other.condition_at(i));
  mark(other.condition);
}

Word settled(const Word& word) {
  Word left;
  left.condition = word.condition;
  left.begin = word.offset();
  std::string name;
  bool inside = false;
  for (std::size_t i = 0; i < word.text.size(); ++i) {
    const char c = word.text[i];
    if (c == gap::unset || c == gap::command)
      inside = true, name.clear();
    else if (inside && c == gap::close)
      inside = false, left.unknown = name;
    else if (c == gap::choice)
      left.choice = true;
    else if (inside)
      name += c == gap::blank ? ' ' : c;
    else
      left.add(c, word.at[i]);
  }
  return left;
}

std::string plain(const Word& word) { return settled(word).text; }

}  // namespace chipmix::interop
