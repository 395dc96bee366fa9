#include <algorithm>
#include <cmath>
#include <cstdint>

#include "engine/event/fabric/fabric.hpp"

namespace chipmix::engine {
namespace {

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): every bit of the answer depends on every bit of the key.
std::uint64_t mixed(std::uint64_t key) {
  key += 0x9e3779b97f4a7c15;
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9;
  key = (key ^ (key >> 27)) * 0x94d049bb133111eb;
  return key ^ (key >> 31);
}

class FatTreeRoutes final : public Routes {
 public:
  FatTreeRoutes(const FatTree& tree, int nodes, int ports, TaskList& links) : tree_(tree) {
    const int leaves = (nodes + tree.nodes_per_leaf - 1) / tree.nodes_per_leaf;
    const double above = tree.nodes_per_leaf * ports / tree.oversubscription;  // ports
    uplinks_ = tree.paths == Paths::hashed ? std::max(1, static_cast<int>(std::lround(above))) : 1;
    for (int i = 0; i < leaves * uplinks_; ++i) {
      up_.push_back(links.link(above / uplinks_));
      down_.push_back(links.link(above / uplinks_));
    }
  }

  std::vector<int> between(int from, int to) const override {
    const int leaf = from / tree_.nodes_per_leaf, other = to / tree_.nodes_per_leaf;
    if (leaf == other) return {};
    const int spine = chosen(from, to);
    return {up_[leaf * uplinks_ + spine], down_[other * uplinks_ + spine]};
  }

 private:
  int chosen(int from, int to) const {
    const auto pair = (static_cast<std::uint64_t>(from) << 32) | static_cast<std::uint32_t>(to);
    return static_cast<int>(mixed(pair ^ mixed(tree_.seed)) % uplinks_);
  }

  FatTree tree_;
  int uplinks_ = 1;  ///< of a leaf
  std::vector<int> up_, down_;
};

}  // namespace

std::unique_ptr<Routes> fat_tree(const FatTree& tree, int nodes, int ports, TaskList& links) {
  return std::make_unique<FatTreeRoutes>(tree, nodes, ports, links);
}

}  // namespace chipmix::engine
