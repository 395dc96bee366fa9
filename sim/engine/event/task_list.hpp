// What has to happen in a step, and what it waits for: one list that every player of events reads.
#pragma once

#include <cstdint>
#include <vector>

namespace chipmix::engine {

/// Work of a known length, or an amount that travels over links and shares them.
struct Task {
  double amount = 0;   ///< seconds; of a flow: what it carries, in the unit of its links' capacities times seconds
  double latency = 0;  ///< of a flow: seconds before it takes part in sharing
  std::uint32_t first_link = 0;
  std::uint16_t links = 0;  ///< none: computation
  bool is_flow() const { return links > 0; }
};

/// When a task had all it waits for, and when it was done; seconds from the start.
struct Span {
  double start = 0, end = 0;
};

/// Tasks and their order. Every `after` names tasks that are there already.
class TaskList {
 public:
  /// A link of so much capacity a second, shared max-min fairly by the flows on it.
  int link(double capacity);
  int compute(double seconds);
  /// Takes `latency`, then its fair share of all of its links until `amount` is through.
  int flow(double amount, const std::vector<int>& links, double latency = 0);
  /// Room for so many more, where they are known.
  void expect(std::size_t tasks, std::size_t links, std::size_t edges);
  /// From `time` on a link has another capacity; with 0 the flows on it stand still.
  void change(int link, double time, double capacity);
  /// `later` waits until `earlier` is done.
  void after(int earlier, int later);

  int size() const { return static_cast<int>(tasks_.size()); }
  const Task& task(int index) const { return tasks_[index]; }
  const int* links_of(const Task& task) const { return links_.data() + task.first_link; }
  const std::vector<double>& capacities() const { return capacities_; }

  /// Who waits for whom, in flat arrays: successors of task i stand from begin[i] to begin[i + 1].
  struct Order {
    std::vector<std::uint32_t> begin, successors;
    std::vector<std::uint32_t> waits_for;  ///< tasks before each
  };
  Order order() const;

  struct Edge {
    std::uint32_t earlier = 0, later = 0;
  };
  const std::vector<Edge>& edges() const { return edges_; }

  struct Change {
    double time = 0, capacity = 0;
    int link = 0;
  };
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Task> tasks_;
  std::vector<int> links_;
  std::vector<double> capacities_;
  std::vector<Edge> edges_;
  std::vector<Change> changes_;
};

}  // namespace chipmix::engine
