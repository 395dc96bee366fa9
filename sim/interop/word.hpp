// A word of a launch script, and where it was written: a fault in a variable's text is shown where the text stands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chipmix::interop {

/// What a script does not say stands in the text as a gap: an opening letter, a name, a closing letter. Gaps survive
/// joining and splitting; settle() takes them out.
namespace gap {
inline constexpr char unset = '\x01';    ///< opens the gap of a variable that nothing sets: bash has it empty
inline constexpr char command = '\x02';  ///< opens the gap of a command's output
inline constexpr char close = '\x03';
inline constexpr char blank = '\x04';   ///< a blank in the name of a gap
inline constexpr char choice = '\x05';  ///< of an open condition's other branch, another text may stand here
}  // namespace gap

struct Word {
  std::string text{};
  std::vector<std::size_t> at{};    ///< byte offset in the file of each byte of `text`
  std::string unknown{};            ///< what in it has no value that the file gives; else empty
  std::size_t condition = nowhere;  ///< offset of the `if` or loop that decides whether it, or a part of it, holds
  std::vector<std::size_t> when{};  ///< the same for each byte; empty: of all, shorter: none of the rest
  bool choice = false;              ///< another text may stand here
  std::size_t begin = nowhere;      ///< offset of a word without text

  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  std::size_t offset() const { return !at.empty() ? at.front() : begin == nowhere ? 0 : begin; }
  void add(char c, std::size_t offset) {
    text += c;
    at.push_back(offset);
  }
  void add(std::string_view letters, std::size_t offset) {
    for (const char c : letters) add(c, offset);
  }
  void add(const Word& other) {
    if (condition != nowhere || other.condition != nowhere) join_conditions(other);
    text += other.text;
    at.insert(at.end(), other.at.begin(), other.at.end());
  }
  /// Of one byte.
  std::size_t condition_at(std::size_t byte) const {
    return when.empty() ? condition : byte < when.size() ? when[byte] : nowhere;
  }
  void mark(std::size_t by) {
    if (by != nowhere) condition = by;
  }
  bool has_gap() const { return text.find_first_of("\x01\x02") != std::string::npos; }
  /// Whether a command's output stands in it.
  bool is_open() const { return text.find(gap::command) != std::string::npos; }

 private:
  void join_conditions(const Word& other);
};

/// Text of so many letters, all of one place.
Word word_of(std::string_view text, std::size_t offset);
/// A gap as a word.
Word gap_of(char kind, std::string_view name, std::size_t offset);
/// The word without its gaps, as bash would have it; what was in the (last) gap is `unknown`.
Word settled(const Word& word);
/// The text of settled().
std::string plain(const Word& word);

}  // namespace chipmix::interop
