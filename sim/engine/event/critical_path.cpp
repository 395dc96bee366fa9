#include "engine/event/critical_path.hpp"

#include <algorithm>

namespace chipmix::engine {

std::vector<int> critical_path(const TaskList& list, const std::vector<Span>& spans) {
  if (spans.empty()) return {};
  constexpr int none = -1;
  std::vector<int> waited_for(spans.size(), none);  // of each task: of those before it the last to be done
  for (const TaskList::Edge& edge : list.edges()) {
    int& last = waited_for[edge.later];
    if (last == none || spans[edge.earlier].end > spans[last].end) last = static_cast<int>(edge.earlier);
  }
  const auto end = std::max_element(spans.begin(), spans.end(), [](auto& a, auto& b) { return a.end < b.end; });
  std::vector<int> path;
  for (int task = static_cast<int>(end - spans.begin()); task != none; task = waited_for[task]) path.push_back(task);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace chipmix::engine
