// Which tasks does the length of a step hang on?
#include "engine/event/critical_path.hpp"

#include <catch2/catch.hpp>

#include "engine/event/event_player.hpp"

namespace chipmix::engine {

TEST_CASE("Is the critical path the chain of tasks that each waited for the one before?") {
  TaskList list;
  const int first = list.compute(1), shorter = list.compute(2), longer = list.compute(3), last = list.compute(1);
  list.after(first, shorter);
  list.after(first, longer);
  list.after(shorter, last);
  list.after(longer, last);
  const auto spans = play_events(list);
  CHECK(critical_path(list, spans) == std::vector<int>{first, longer, last});
  CHECK(critical_path(TaskList(), {}).empty());
}

}  // namespace chipmix::engine
