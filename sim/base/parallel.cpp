#include "base/parallel.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
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

/// One call of parallel_for. Any number of threads may run it; each takes the next item until none is left.
struct Loop {
  Loop(int count, int jobs, const std::function<void(int)>& body)
      : count(count), jobs(jobs), body(body), faults(static_cast<std::size_t>(count)) {}

  bool has_items() const { return next < count; }

  void run() {
    for (int i = next++; i < count; i = next++) {
      try {
        body(i);
      } catch (...) {
        faults[static_cast<std::size_t>(i)] = std::current_exception();
      }
    }
  }

  const int count, jobs;
  const std::function<void(int)>& body;
  std::vector<std::exception_ptr> faults;
  std::atomic<int> next{0};
  int helpers = 0;  ///< threads of the pool that run it; guarded by the pool
  std::condition_variable is_left;
};

/// Threads that wait for loops to help with. A loop never waits for a thread that has not begun with it, so that a
/// thread that is late, or that the system refuses, costs nothing.
class Pool {
 public:
  void run(Loop& loop) {
    std::unique_lock lock(guard_);
    const auto place = open_.insert(open_.end(), &loop);
    start_threads(std::min(loop.jobs, loop.count) - 1);
    has_work_.notify_all();
    lock.unlock();
    loop.run();
    lock.lock();
    open_.erase(place);
    ++waiting_;
    if (loop.helpers > 0) has_work_.notify_all();  // they may take over this thread's place in other loops
    loop.is_left.wait(lock, [&] { return loop.helpers == 0; });
    --waiting_;
  }

 private:
  /// As many as are wanted and as the system gives. They live until the program ends.
  void start_threads(int wanted) {
    try {
      for (; threads_ < wanted; ++threads_) std::thread([this] { serve(); }).detach();
    } catch (const std::system_error&) {
    }
  }

  [[noreturn]] void serve() {
    std::unique_lock lock(guard_);
    for (;;) {
      Loop* loop = nullptr;
      has_work_.wait(lock, [&] { return (loop = next_loop()) != nullptr; });
      ++loop->helpers, ++busy_;
      lock.unlock();
      loop->run();
      lock.lock();
      --busy_;
      if (--loop->helpers == 0) loop->is_left.notify_all();
    }
  }

  /// The oldest loop, whose items are the largest, that has items left and may have one more thread at work.
  Loop* next_loop() const {
    for (Loop* loop : open_)
      if (loop->has_items() && busy_ - waiting_ < loop->jobs - 1) return loop;
    return nullptr;
  }

  std::mutex guard_;
  std::condition_variable has_work_;
  std::list<Loop*> open_;
  int threads_ = 0;
  int busy_ = 0;     ///< threads of the pool inside a loop
  int waiting_ = 0;  ///< callers that have no item left and wait for their helpers
};

/// Never destroyed: its threads wait in it until the program ends. A forked child has none of them and gets a new one.
Pool*& the_pool() {
  static Pool* pool = [] {
    pthread_atfork(nullptr, nullptr, [] { the_pool() = new Pool; });
    return new Pool;
  }();
  return pool;
}

}  // namespace

int jobs_inside(int jobs, int items) {
  constexpr int enough = 8;
  return std::min(jobs, std::max(enough, jobs / std::max(1, items)));
}

void parallel_for(int count, int jobs, const std::function<void(int)>& body) {
  if (count <= 0) return;
  Loop loop(count, std::min(jobs, useful_threads()), body);
  if (loop.jobs > 1 && count > 1)
    the_pool()->run(loop);
  else
    loop.run();
  for (const std::exception_ptr& fault : loop.faults)
    if (fault) std::rethrow_exception(fault);
}

}  // namespace chipmix
