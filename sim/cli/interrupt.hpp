// Ctrl-C as a wish to see the answer so far.
#pragma once

namespace chipmix::cli {

/// While it lives, SIGINT is remembered instead of ending the program; a second one ends it as ever. One at a time.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Whether SIGINT came. From any thread.
  static bool came();
};

}  // namespace chipmix::cli
