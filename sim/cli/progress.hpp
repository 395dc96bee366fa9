// A progress bar on stderr for a person at a terminal: fraction, count, elapsed time.
#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <string>

namespace chipmix::cli {

/// The line of work whose size is not a count: "label  [######......]  48 %  12 s  note".
std::string share_line(const std::string& label, double share, std::chrono::seconds elapsed,
                       const std::string& note = "");

/// One line: "label  [######......]  48 %  1,234 / 2,560  12 s  note". `total` 0: not known, then no bar and no
/// percentage.
std::string progress_line(const std::string& label, std::size_t done, std::size_t total, std::chrono::seconds elapsed,
                          const std::string& note = "");

/// Draws at most ten times a second, never more than a line of the terminal, and clears its line at the end, also when
/// Ctrl-C ends the program. All may be called from any thread. One at a time on stderr.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  /// Draws on stderr if that is a terminal and `quiet` is false, else does nothing.
  Progress(std::string label, std::size_t total, bool quiet);
  /// Draws on `out`, or nowhere when it is null.
  Progress(std::string label, std::size_t total, std::ostream* out);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void advance(std::size_t steps = 1);
  /// Sets the count and, when it became known only now, the total.
  void set(std::size_t done, std::size_t total, std::string note = "");
  /// Sets the share done, of work that is not counted. A bar never goes back.
  void set_share(double share, std::string note = "");
  /// Clears its line, for good: call before anything else is written.
  void finish();

 private:
  void draw();  ///< with the mutex held
  std::string line(std::chrono::seconds elapsed) const;

  std::string label_;
  std::size_t total_;
  std::size_t done_ = 0;
  std::optional<double> share_;
  std::string note_;
  std::ostream* out_;
  std::size_t drawn_width_ = 0;
  std::size_t most_width_ = 0;  ///< of the terminal; 0: no limit
  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_draw_ = begin_;
  std::mutex mutex_;
};

}  // namespace chipmix::cli
