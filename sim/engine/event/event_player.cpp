#include "engine/event/event_player.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/event/sharing.hpp"

namespace chipmix::engine {
namespace {

/// Something that happens to a task at a time; stale when the task's version has moved on.
struct Event {
  double time = 0;
  std::uint64_t number = 0;  ///< of events made: ties keep the order in which they were made
  std::uint32_t task = 0, version = 0;
  bool operator<(const Event& other) const { return time != other.time ? time > other.time : number > other.number; }
};

class Player {
 public:
  explicit Player(const TaskList& list)
      : list_(list),
        order_(list.order()),
        spans_(list.size()),
        version_(list.size(), 0),
        sharing_(list.capacities(), list.size()) {}

  std::vector<Span> run() {
    for (int task = 0; task < list_.size(); ++task)
      if (order_.waits_for[task] == 0) start(task, 0);
    for (std::uint32_t i = 0; i < list_.changes().size(); ++i) push_change(i);
    while (!heap_.empty()) {
      const double now = heap_.front().time;
      while (!heap_.empty() && heap_.front().time == now) {
        std::pop_heap(heap_.begin(), heap_.end());
        const Event event = heap_.back();
        heap_.pop_back();
        if (event.version == a_change)
          sharing_.change(list_.changes()[event.task].link, list_.changes()[event.task].capacity);
        else if (event.version == version_[event.task])
          happen(event.task, now);
      }
      for (const Sharing::Ending& one : sharing_.share_again(now))
        if (one.is_never)
          ++version_[one.flow];  // it ends when the link is there again
        else
          push(one.time, one.flow);
    }
    if (done_ != list_.size()) throw std::logic_error("tasks that wait for one another in a circle");
    return std::move(spans_);
  }

 private:
  static constexpr std::uint32_t a_change = ~0u;  ///< instead of a version: of a link, `task` being its number

  void push(double time, std::uint32_t task) {
    heap_.push_back({time, numbers_++, task, ++version_[task]});
    std::push_heap(heap_.begin(), heap_.end());
  }

  void push_change(std::uint32_t number) {
    heap_.push_back({list_.changes()[number].time, numbers_++, number, a_change});
    std::push_heap(heap_.begin(), heap_.end());
  }

  void start(std::uint32_t task, double now) {
    const Task& what = list_.task(task);
    spans_[task].start = now;
    push(now + (what.is_flow() ? what.latency : what.amount), task);
  }

  /// A computation ends; a flow's latency is over; a flow ends.
  void happen(std::uint32_t task, double now) {
    const Task& what = list_.task(task);
    if (what.is_flow() && !sharing_.is_under_way(task) && what.amount > 0)
      return sharing_.set_out(task, what.amount, list_.links_of(what), what.links, now);
    if (sharing_.is_under_way(task)) sharing_.arrive(task);
    spans_[task].end = now;
    ++done_;
    for (std::uint32_t i = order_.begin[task]; i < order_.begin[task + 1]; ++i)
      if (--order_.waits_for[order_.successors[i]] == 0) start(order_.successors[i], now);
  }

  const TaskList& list_;
  TaskList::Order order_;
  std::vector<Span> spans_;
  std::vector<std::uint32_t> version_;
  Sharing sharing_;
  std::vector<Event> heap_;
  std::uint64_t numbers_ = 0;
  int done_ = 0;
};

}  // namespace

std::vector<Span> play_events(const TaskList& list) { return Player(list).run(); }

}  // namespace chipmix::engine
