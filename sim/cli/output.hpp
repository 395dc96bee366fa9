// Where a command's result goes: to stdout, or to a file that appears whole or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chipmix::cli {

/// Writes the result to stdout (no path, or "-") or to the file. Throws FileError.
void write_result(std::string_view text, const std::optional<std::string>& path);

/// While one lives, results for stdout and what is said on stderr are kept instead; by one thread.
class KeptOutput {
 public:
  KeptOutput();
  KeptOutput(const KeptOutput&) = delete;
  KeptOutput& operator=(const KeptOutput&) = delete;
  ~KeptOutput();

  std::string result, said;
};
/// The one that lives, or null.
KeptOutput* kept_output();

/// Writes all bytes to an open file descriptor. A reader that has gone away (EPIPE) is no fault: the rest is dropped
/// and false returned. Any other failure throws FileError under the given name.
bool write_all(int descriptor, std::string_view bytes, const std::string& name);

/// Writes a temporary file beside `path`, syncs it and renames it onto `path`, so that nobody sees half a file. A
/// symbolic link is followed, the mode of a file replaced is kept; a pipe or device is written directly.
/// Throws FileError; the temporary file is then removed.
void write_file(const std::string& path, std::string_view bytes);

/// Lets write() report a closed pipe instead of ending the program. Call once, first thing in main().
void ignore_closed_pipes();
/// Takes the places of stdin, stdout and stderr where they are closed, so that no file that is opened later is taken
/// for one of them; what is written to a closed stdout still fails.
void hold_standard_streams();

/// Whether stdout or stderr is a terminal, and how many columns it has (100 when unknown).
bool stdout_is_terminal();
bool stderr_is_terminal();
int stdout_columns();
int stderr_columns();

/// Bold and the like: only on a terminal that is not "dumb", and not with NO_COLOR set (https://no-color.org).
bool stdout_takes_style();

}  // namespace chipmix::cli
