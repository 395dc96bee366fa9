#include "engine/event/task_list.hpp"

#include <algorithm>
#include <stdexcept>

namespace chipmix::engine {

int TaskList::link(double capacity) {
  if (!(capacity > 0)) throw std::logic_error("a link without capacity");
  capacities_.push_back(capacity);
  return static_cast<int>(capacities_.size()) - 1;
}

int TaskList::compute(double seconds) {
  tasks_.push_back({seconds, 0, 0, 0});
  return size() - 1;
}

int TaskList::flow(double amount, const std::vector<int>& links, double latency) {
  if (links.empty()) return compute(amount + latency);
  tasks_.push_back(
      {amount, latency, static_cast<std::uint32_t>(links_.size()), static_cast<std::uint16_t>(links.size())});
  links_.insert(links_.end(), links.begin(), links.end());
  return size() - 1;
}

void TaskList::expect(std::size_t tasks, std::size_t links, std::size_t edges) {
  const auto grow = [](auto& list, std::size_t more) {
    if (list.size() + more > list.capacity()) list.reserve(std::max(2 * list.size(), list.size() + more));
  };
  grow(tasks_, tasks);
  grow(links_, links);
  grow(edges_, edges);
}

void TaskList::change(int link, double time, double capacity) {
  if (link < 0 || link >= static_cast<int>(capacities_.size())) throw std::logic_error("a change of no link");
  if (!(time >= 0) || !(capacity >= 0)) throw std::logic_error("a change before the start, or to less than nothing");
  changes_.push_back({time, capacity, link});
}

void TaskList::after(int earlier, int later) {
  if (earlier < 0 || later < 0 || earlier >= size() || later >= size())
    throw std::logic_error("an order of tasks that are not there");
  edges_.push_back({static_cast<std::uint32_t>(earlier), static_cast<std::uint32_t>(later)});
}

TaskList::Order TaskList::order() const {
  Order order;
  order.begin.assign(tasks_.size() + 1, 0);
  order.waits_for.assign(tasks_.size(), 0);
  order.successors.resize(edges_.size());
  for (const Edge& edge : edges_) {
    ++order.begin[edge.earlier + 1];
    ++order.waits_for[edge.later];
  }
  for (std::size_t i = 0; i < tasks_.size(); ++i) order.begin[i + 1] += order.begin[i];
  std::vector<std::uint32_t> at(order.begin.begin(), order.begin.end() - 1);
  for (const Edge& edge : edges_) order.successors[at[edge.earlier]++] = edge.later;
  return order;
}

}  // namespace chipmix::engine
