// A word of a launch script, and where it was written: a fault in a variable's text is shown where the text stands.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace chipmix::interop {

struct Word {
  std::string text{};
  std::vector<std::size_t> at{};    ///< byte offset in the file of each byte of `text`
  std::string unknown{};            ///< what in it has no value that the file gives; else empty
  std::size_t condition = nowhere;  ///< offset of the `if` or loop that decides whether it holds

  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  std::size_t offset() const { return at.empty() ? 0 : at.front(); }
  void add(char c, std::size_t offset) {
    text += c;
    at.push_back(offset);
  }
  void add(const Word& other) {
    text += other.text;
    at.insert(at.end(), other.at.begin(), other.at.end());
    mark(other);
  }
  void mark(const Word& other) {
    if (!other.unknown.empty()) unknown = other.unknown;
    if (other.condition != nowhere) condition = other.condition;
  }
};

}  // namespace chipmix::interop
