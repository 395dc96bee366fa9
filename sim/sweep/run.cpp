#include "sweep/run.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <stdexcept>

#include "base/parallel.hpp"

namespace chipmix::sweep {
namespace {

using Clock = std::chrono::steady_clock;
using Sink = std::function<void(const Unit&, const Point&, const Row&)>;

constexpr std::size_t most_at_once = 256;           // units a thread takes
constexpr std::chrono::milliseconds long_turn{20};  // after which it takes fewer of them

struct Answered {
  Unit unit;
  Point point;
  Row row;
};

/// What threads share: which units are next, and which rows wait for those before them.
class Counter {
 public:
  Counter(std::size_t units, const Orders& orders, const Sink& sink) : units_(units), orders_(orders), sink_(sink) {}

  /// The first of `count` units, fewer at the end; `units` when there are none left.
  std::size_t take(std::size_t count) {
    const std::lock_guard lock(guard_);
    if (fault_ || (orders_.stop && orders_.stop())) return units_;
    const std::size_t first = next_;
    next_ = std::min(units_, next_ + count);
    return first;
  }

  void give(std::size_t first, std::vector<Answered> rows) {
    const std::lock_guard lock(guard_);
    waiting_.emplace(first, std::move(rows));
    while (!fault_ && !waiting_.empty() && waiting_.begin()->first == told_) {
      const auto ready = waiting_.extract(waiting_.begin());
      for (const Answered& one : ready.mapped()) sink_(one.unit, one.point, one.row);
      told_ += ready.mapped().size();
    }
  }

  void fail(std::exception_ptr fault) {
    const std::lock_guard lock(guard_);
    if (!fault_) fault_ = std::move(fault);
  }
  void throw_if_failed() const {
    if (fault_) std::rethrow_exception(fault_);
  }

 private:
  std::size_t units_, next_ = 0, told_ = 0;
  const Orders& orders_;
  const Sink& sink_;
  std::map<std::size_t, std::vector<Answered>> waiting_;
  std::exception_ptr fault_;
  std::mutex guard_;
};

void work(const Question& question, const Grid& grid, const std::vector<Unit>& units, Counter& counter) {
  Evaluator evaluator(question);
  std::size_t count = 1;
  for (;;) {
    const std::size_t first = counter.take(count);
    if (first == units.size()) return;
    const auto start = Clock::now();
    std::vector<Answered> rows;
    for (std::size_t i = first; i < std::min(units.size(), first + count); ++i) {
      Point point = grid.point(units[i].point);
      Row row = evaluator.answer(point, question.options()[units[i].place]);
      rows.push_back({units[i], std::move(point), std::move(row)});
    }
    counter.give(first, std::move(rows));
    count = Clock::now() - start < long_turn ? std::min(most_at_once, 2 * count) : std::max<std::size_t>(1, count / 2);
  }
}

}  // namespace

std::vector<Unit> units_of(const Question& question, const Grid& grid, const Shard& shard,
                           const std::map<std::string, std::size_t>& known) {
  std::vector<Unit> units;
  std::size_t met = 0;
  for (std::size_t index = shard.index - 1; index < grid.size(); index += shard.count) {
    const Point point = grid.point(index);
    for (std::size_t place = 0; place < question.options().size(); ++place) {
      const std::string& name = question.scenario().options[question.options()[place]].name;
      const auto found = known.empty() ? known.end() : known.find(question.key(point, name));
      if (found == known.end())
        units.push_back({index, place});
      else if (found->second == index)
        ++met;
    }
  }
  if (met != known.size()) throw std::invalid_argument("other values of --vary, another option or another shard");
  return units;
}

void run(const Question& question, const Grid& grid, const std::vector<Unit>& units, const Orders& orders,
         const Sink& sink) {
  Counter counter(units.size(), orders, sink);
  const auto body = [&] {
    try {
      work(question, grid, units, counter);
    } catch (...) {
      counter.fail(std::current_exception());
    }
  };
  const int jobs = std::max(1, std::min(orders.jobs, static_cast<int>(std::min<std::size_t>(units.size(), 1024))));
  parallel_for(jobs, jobs, [&](int) { body(); });
  counter.throw_if_failed();
}

}  // namespace chipmix::sweep
