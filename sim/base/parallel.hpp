// A loop over independent items on several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>

namespace chipmix {

/// Runs body(0) ... body(count - 1), each once, on at most `jobs` threads; the order is free. Bodies must not share
/// mutable state. Where the system gives no more threads, those that it gave do the work. The exception of the lowest
/// index is rethrown when all have ended.
///
/// Loops may be nested with the same `jobs`: no more than `jobs` threads of the whole program are then at work, and a
/// loop begins on those that others leave idle at that moment.
void parallel_for(int count, int jobs, const std::function<void(int)>& body);

/// The same with an object of its own for each thread, which bodies may change: body(own, i), own from make().
template <class Make, class Body>
void parallel_for_with(Make make, int count, int jobs, Body body) {
  std::atomic<int> next{0};
  parallel_for(std::min(count, jobs), jobs, [&](int) {
    int i = next++;
    if (i >= count) return;
    for (auto own = make(); i < count; i = next++) body(own, i);
  });
}

/// Threads for the loops inside each of `items` bodies that run at the same time on `jobs` threads: enough to take over
/// what the others leave idle, without tables for every thread in each of many items.
int jobs_inside(int jobs, int items);

}  // namespace chipmix
