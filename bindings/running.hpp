// Long work beside Python: the interpreter is free meanwhile, hears of progress, and Ctrl-C stops the work.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <future>

#include "module.hpp"

namespace chipmix::python {

/// Ends work that nobody waits for.
struct Stopped {};

/// What the work tells and asks, from any thread.
struct Watch {
  std::function<void(double)> progress;  ///< throws Stopped once the work is to stop
  std::function<bool()> stop;
};

/// Lets Python's signal handlers run and tells `progress` (a callable, or None) the share done. Throws what they raise.
void attend(const py::object& progress, double share);

/// Threads for `jobs`: as many as the machine has where it is 0.
int threads(int jobs);

/// Runs work(watch) on a thread of its own and returns its result. Call with the interpreter's lock.
template <class Work>
auto watched(const py::object& progress, Work work) {
  constexpr std::chrono::milliseconds breath(50);
  std::atomic<double> share = 0;
  std::atomic<bool> stopped = false;
  const Watch watch{[&](double done) {
                      if (stopped) throw Stopped();
                      share = done;
                    },
                    [&] { return stopped.load(); }};
  auto result = std::async(std::launch::async, [&] { return work(watch); });
  const auto wait = [&] {
    const py::gil_scoped_release free;
    return result.wait_for(breath) == std::future_status::ready;
  };
  try {
    while (!wait()) attend(progress, share);
  } catch (...) {
    stopped = true;
    while (!wait()) {
    }
    throw;
  }
  return result.get();
}

/// Runs short work on this thread, with the interpreter free.
template <class Work>
auto at_once(Work work) {
  const py::gil_scoped_release free;
  return work();
}

}  // namespace chipmix::python
