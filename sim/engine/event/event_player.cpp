#include "engine/event/event_player.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/event/max_min.hpp"

namespace chipmix::engine {
namespace {

/// Something that happens to a task at a time; stale when the task's version has moved on.
struct Event {
  double time = 0;
  std::uint64_t number = 0;  ///< of events made: ties keep the order in which they were made
  std::uint32_t task = 0, version = 0;
  bool operator<(const Event& other) const { return time != other.time ? time > other.time : number > other.number; }
};

/// A flow that takes part in sharing.
struct Moving {
  std::uint32_t task = 0;
  double left = 0, rate = 0, since = 0;  ///< what is left as of `since`
};

class Player {
 public:
  explicit Player(const TaskList& list)
      : list_(list),
        order_(list.order()),
        capacities_(list.capacities()),
        spans_(list.size()),
        version_(list.size(), 0),
        place_(list.size(), nowhere),
        on_link_(list.capacities().size()),
        seen_link_(list.capacities().size(), 0),
        max_min_(capacities_) {}

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
          change(list_.changes()[event.task]);
        else if (event.version == version_[event.task])
          happen(event.task, now);
      }
      share_again(now);
    }
    if (done_ != list_.size()) throw std::logic_error("tasks that wait for one another in a circle");
    return std::move(spans_);
  }

 private:
  static constexpr std::uint32_t nowhere = ~0u;
  static constexpr std::uint32_t a_change = ~0u;  ///< instead of a version: of a link, `task` being its number

  void push(double time, std::uint32_t task) {
    heap_.push_back({time, numbers_++, task, ++version_[task]});
    std::push_heap(heap_.begin(), heap_.end());
  }

  void push_change(std::uint32_t number) {
    heap_.push_back({list_.changes()[number].time, numbers_++, number, a_change});
    std::push_heap(heap_.begin(), heap_.end());
  }

  void change(const TaskList::Change& what) {
    capacities_[what.link] = what.capacity;
    changed_.push_back(what.link);
  }

  void start(std::uint32_t task, double now) {
    const Task& what = list_.task(task);
    spans_[task].start = now;
    push(now + (what.is_flow() ? what.latency : what.amount), task);
  }

  /// A computation ends; a flow's latency is over; a flow ends.
  void happen(std::uint32_t task, double now) {
    const Task& what = list_.task(task);
    if (what.is_flow() && place_[task] == nowhere && what.amount > 0) return set_out(task, now);
    if (place_[task] != nowhere) arrive(task);
    spans_[task].end = now;
    ++done_;
    for (std::uint32_t i = order_.begin[task]; i < order_.begin[task + 1]; ++i)
      if (--order_.waits_for[order_.successors[i]] == 0) start(order_.successors[i], now);
  }

  void set_out(std::uint32_t task, double now) {
    place_[task] = static_cast<std::uint32_t>(moving_.size());
    moving_.push_back({task, list_.task(task).amount, 0, now});
    each_link(task, [&](int link) {
      on_link_[link].push_back(task);
      changed_.push_back(link);
    });
  }

  void arrive(std::uint32_t task) {
    each_link(task, [&](int link) {
      auto& flows = on_link_[link];
      const auto found = std::find(flows.begin(), flows.end(), task);
      *found = flows.back();
      flows.pop_back();
      changed_.push_back(link);
    });
    const std::uint32_t place = place_[task];
    moving_[place] = moving_.back();
    place_[moving_[place].task] = place;
    moving_.pop_back();
    place_[task] = nowhere;
  }

  template <class Visit>
  void each_link(std::uint32_t task, Visit visit) const {
    const Task& what = list_.task(task);
    for (int i = 0; i < what.links; ++i) visit(list_.links_of(what)[i]);
  }

  /// New rates for every group of flows that something changed in.
  void share_again(double now) {
    if (changed_.empty()) return;
    ++stamp_;
    for (int link : changed_)
      if (seen_link_[link] != stamp_ && !on_link_[link].empty() && !is_alone(link, now)) {
        gather(link);
        max_min_.solve(group_);
        for (std::size_t i = 0; i < group_.flows.size(); ++i) set_rate(tasks_[i], group_.flows[i].rate, now);
      }
    changed_.clear();
  }

  /// Whether the flow on a link shares none of its links; it gets its rate at once.
  bool is_alone(int link, double now) {
    const std::uint32_t task = on_link_[link].front();
    bool alone = true;
    double rate = capacities_[link];
    each_link(task, [&](int other) {
      alone = alone && on_link_[other].size() == 1;
      rate = std::min(rate, capacities_[other]);
    });
    if (!alone) return false;
    each_link(task, [&](int other) { seen_link_[other] = stamp_; });
    set_rate(task, rate, now);
    return true;
  }

  /// All flows that share links with those on `link`, directly or through others.
  void gather(int link) {
    group_.flows.clear();
    group_.links.assign(1, link);
    tasks_.clear();
    seen_link_[link] = stamp_;
    if (in_group_.size() < version_.size()) in_group_.assign(version_.size(), 0);
    for (std::size_t next = 0; next < group_.links.size(); ++next)
      for (std::uint32_t task : on_link_[group_.links[next]]) {
        if (in_group_[task] == stamp_) continue;
        in_group_[task] = stamp_;
        tasks_.push_back(task);
        const Task& what = list_.task(task);
        group_.flows.push_back({list_.links_of(what), what.links, 0});
        each_link(task, [&](int other) {
          if (seen_link_[other] == stamp_) return;
          seen_link_[other] = stamp_;
          group_.links.push_back(other);
        });
      }
  }

  void set_rate(std::uint32_t task, double rate, double now) {
    Moving& flow = moving_[place_[task]];
    if (flow.rate == rate) return;
    flow.left = std::max(0.0, flow.left - flow.rate * (now - flow.since));
    flow.since = now;
    flow.rate = rate;
    if (rate > 0)
      push(now + flow.left / rate, task);
    else
      ++version_[task];  // it ends when the link is there again
  }

  const TaskList& list_;
  TaskList::Order order_;
  std::vector<double> capacities_;  ///< of links, now
  std::vector<Span> spans_;
  std::vector<std::uint32_t> version_;
  std::vector<std::uint32_t> place_;  ///< in moving_, by task
  std::vector<Moving> moving_;
  std::vector<std::vector<std::uint32_t>> on_link_;
  std::vector<int> changed_;  ///< links
  std::vector<std::uint64_t> seen_link_, in_group_;
  std::uint64_t stamp_ = 0;
  SharingGroup group_;
  std::vector<std::uint32_t> tasks_;  ///< of group_
  MaxMin max_min_;
  std::vector<Event> heap_;
  std::uint64_t numbers_ = 0;
  int done_ = 0;
};

}  // namespace

std::vector<Span> play_events(const TaskList& list) { return Player(list).run(); }

}  // namespace chipmix::engine
