// A file of rows that grows line by line: what was written stays, whenever the program ends.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sweep/lines.hpp"

namespace chipmix::sweep {

struct StoredLine {
  Label label;
  std::string text;  ///< with its end
};

struct StoredLines {
  std::string header;  ///< with its end
  std::vector<StoredLine> lines;
  std::size_t size = 0;  ///< bytes of the file up to the end of the last whole line
  bool is_torn = false;  ///< a last line without its end was left out
};

/// All whole lines of a file. Throws FileError naming the line that is not a row.
StoredLines read_lines(const std::string& path, LineFormat format);

/// Open for one sweep; a second program that opens the same file is refused.
class RowFile {
 public:
  /// With `resume`, goes on after the rows that an existing file holds, whose keys must all begin with `id`; without,
  /// the file must not exist. Throws FileError.
  RowFile(std::string path, const Lines& lines, const std::string& id, bool resume);
  ~RowFile();
  /// Closes the file; its lock stays with whoever else has it open (a process that this one was forked from).
  void release();
  RowFile(const RowFile&) = delete;
  RowFile& operator=(const RowFile&) = delete;

  /// Keys of the rows that were there, and their points.
  const std::map<std::string, std::size_t>& known() const { return known_; }
  /// Hands whole lines to the system, which writes them though the program be killed.
  void append(const std::string& lines);

 private:
  void take_up(const Lines& lines, const std::string& id);
  [[noreturn]] void fail() const;

  std::string path_;
  int descriptor_ = -1;
  std::map<std::string, std::size_t> known_;
};

}  // namespace chipmix::sweep
