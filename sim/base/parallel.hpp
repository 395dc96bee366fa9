// A loop over independent items on several threads.
#pragma once

#include <functional>

namespace chipmix {

/// Runs body(0) ... body(count - 1), each once, on at most `jobs` threads; the order is free. Bodies must not share
/// mutable state. Where the system gives no more threads, those that it gave do the work. The exception of the lowest
/// index is rethrown when all have ended.
void parallel_for(int count, int jobs, const std::function<void(int)>& body);

}  // namespace chipmix
