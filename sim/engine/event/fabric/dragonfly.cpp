#include "engine/event/fabric/fabric.hpp"

namespace chipmix::engine {
namespace {

/// Global link j of group g leads to group j, or j + 1 from g on, and hangs on router j / h. Links are one way.
class DragonflyRoutes final : public Routes {
 public:
  DragonflyRoutes(const Dragonfly& dragonfly, int ports, TaskList& links) : shape_(dragonfly) {
    const int routers = shape_.groups * shape_.routers;
    for (int i = 0; i < routers * shape_.routers; ++i) local_.push_back(links.link(ports));
    for (int i = 0; i < shape_.groups * shape_.groups; ++i) global_.push_back(links.link(ports));
  }

  std::vector<int> between(int from, int to) const override {
    const int router = from / shape_.nodes_per_router, last = to / shape_.nodes_per_router;
    const int group = router / shape_.routers, other = last / shape_.routers;
    std::vector<int> route;
    if (group == other) {
      hop(route, router, last);
      return route;
    }
    hop(route, router, gateway(group, other));
    route.push_back(global_[group * shape_.groups + other]);
    hop(route, gateway(other, group), last);
    return route;
  }

 private:
  int gateway(int group, int to) const {
    const int number = to < group ? to : to - 1;
    return group * shape_.routers + number / shape_.global_links;
  }

  /// Within a group.
  void hop(std::vector<int>& route, int from, int to) const {
    if (from != to) route.push_back(local_[from * shape_.routers + to % shape_.routers]);
  }

  Dragonfly shape_;
  std::vector<int> local_, global_;
};

}  // namespace

std::unique_ptr<Routes> dragonfly(const Dragonfly& dragonfly, int ports, TaskList& links) {
  return std::make_unique<DragonflyRoutes>(dragonfly, ports, links);
}

}  // namespace chipmix::engine
