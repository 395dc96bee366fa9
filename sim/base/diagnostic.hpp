// What is wrong with an input, and where: one Diagnostic per fault, all of a file's faults in one InputError.
#pragma once

#include <exception>
#include <string>
#include <vector>

namespace chipmix {

struct Place {
  int line = 0;    ///< from 1; 0 when the fault has no place in a text
  int column = 0;  ///< from 1, in characters (code points)
};

struct Diagnostic {
  std::string file;
  Place place;
  std::string pointer;      ///< JSON pointer of the value, "" for the whole text
  std::string message;      ///< what is wrong, one sentence without a full stop
  std::string hint;         ///< what to do about it; may be empty
  std::string source_line;  ///< the user's own line, or the part of a very long one around the place; may be empty
  int source_start = 1;     ///< the column at which source_line begins
};

/// "file:line:column: error: message", the user's line with a caret under it, and the hint.
std::string to_text(const Diagnostic& diagnostic);

/// The input is wrong. Carries every fault found, in the order of the text.
class InputError : public std::exception {
 public:
  explicit InputError(std::vector<Diagnostic> diagnostics);
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::vector<Diagnostic> diagnostics_;
  std::string text_;
};

/// A file could not be read or written.
class FileError : public std::exception {
 public:
  FileError(std::string path, std::string reason) : text_(path + ": " + reason) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

}  // namespace chipmix
