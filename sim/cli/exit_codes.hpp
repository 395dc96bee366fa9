// How the program ends: one code per kind of ending, the same for every command.
#pragma once

namespace chipmix::cli {

enum class Exit : int {
  answer = 0,         ///< the question was answered
  no_answer = 1,      ///< no plan is feasible, or a check failed
  usage = 2,          ///< the command line is wrong
  input = 3,          ///< a file's content is wrong
  file = 4,           ///< a file cannot be read or written
  internal = 70,      ///< our bug (EX_SOFTWARE of sysexits.h)
  interrupted = 130,  ///< 128 + SIGINT, as shells report it
};

constexpr int code(Exit ending) { return static_cast<int>(ending); }

}  // namespace chipmix::cli
