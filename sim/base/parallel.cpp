#include "base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace chipmix {

namespace {

/// More threads than this only wait for one another, whatever was asked for.
int useful_threads() {
  constexpr int least = 64;
  return std::max(least, 2 * static_cast<int>(std::thread::hardware_concurrency()));
}

/// Threads beside this one, as many as the system gives: fewer than wanted is no fault.
std::vector<std::thread> start(int wanted, const std::function<void()>& work) {
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(std::max(0, wanted)));
  try {
    for (int i = 0; i < wanted; ++i) threads.emplace_back(work);
  } catch (const std::system_error&) {
  }
  return threads;
}

}  // namespace

void parallel_for(int count, int jobs, const std::function<void(int)>& body) {
  std::atomic<int> next{0};
  std::vector<std::exception_ptr> faults(count);
  const auto work = [&] {
    for (int i = next++; i < count; i = next++) {
      try {
        body(i);
      } catch (...) {
        faults[i] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> threads = start(std::min({jobs, count, useful_threads()}) - 1, work);
  work();
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& fault : faults)
    if (fault) std::rethrow_exception(fault);
}

}  // namespace chipmix
