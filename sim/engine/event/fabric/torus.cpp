#include "engine/event/fabric/fabric.hpp"

namespace chipmix::engine {
namespace {

class TorusRoutes final : public Routes {
 public:
  TorusRoutes(const Torus& torus, int ports, TaskList& links) : dimensions_(torus.dimensions) {
    int nodes = 1;
    for (int size : dimensions_) nodes *= size;
    for (std::size_t i = 0; i < 2 * dimensions_.size() * nodes; ++i) links_.push_back(links.link(ports));
  }

  std::vector<int> between(int from, int to) const override {
    std::vector<int> route;
    int stride = 1;
    for (std::size_t dimension = 0; dimension < dimensions_.size(); ++dimension) {
      const int size = dimensions_[dimension];
      const auto place = [&](int node) { return node / stride % size; };
      const int ahead = (place(to) - place(from) + size) % size;
      const bool forward = 2 * ahead <= size;
      for (int hop = forward ? ahead : size - ahead; hop > 0; --hop) {
        route.push_back(link(from, dimension, forward));
        const int next = (place(from) + (forward ? 1 : size - 1)) % size;
        from += (next - place(from)) * stride;
      }
      stride *= size;
    }
    return route;
  }

 private:
  /// From a server to its neighbour.
  int link(int node, std::size_t dimension, bool forward) const {
    return links_[2 * (node * dimensions_.size() + dimension) + (forward ? 0 : 1)];
  }

  std::vector<int> dimensions_;
  std::vector<int> links_;
};

}  // namespace

std::unique_ptr<Routes> torus(const Torus& torus, int ports, TaskList& links) {
  return std::make_unique<TorusRoutes>(torus, ports, links);
}

}  // namespace chipmix::engine
