#include <algorithm>
#include <map>
#include <stdexcept>

#include "engine/event/collective.hpp"

namespace chipmix::engine {
namespace {

using Messages = std::vector<Message>;

/// `rounds` of `share` around each ring of members i, i + stride, ... (`size` of them).
void add_rings(Messages& list, int n, int size, int stride, int rounds, double share) {
  const int first = list.empty() ? 0 : list.back().round + 1;
  list.reserve(list.size() + static_cast<std::size_t>(rounds) * n);
  for (int round = 0; round < rounds; ++round)
    for (int i = 0; i < n; ++i) {
      const int place = i / stride % size, next = i + ((place + 1) % size - place) * stride;
      list.push_back({first + round, i, next, share});
    }
}

Messages ring(int n) {
  Messages list;
  add_rings(list, n, n, 1, 2 * (n - 1), 1.0 / n);
  return list;
}

Messages tree(int n) {
  Messages up;
  int round = 0;
  for (int reach = 1; reach < n; reach *= 2, ++round)
    for (int i = reach; i < n; i += 2 * reach) up.push_back({round, i, i - reach, 1});
  Messages list = up;
  for (auto back = up.rbegin(); back != up.rend(); ++back)
    list.push_back({2 * round - 1 - back->round, back->to, back->from, 1});
  return list;
}

Messages halving_doubling(int n) {
  if ((n & (n - 1)) != 0) throw std::logic_error("halving and doubling needs a power of two");
  Messages list;
  int round = 0;
  double share = 0.5;
  for (int bit = n / 2; bit > 0; bit /= 2, share /= 2, ++round)
    for (int i = 0; i < n; ++i) list.push_back({round, i, i ^ bit, share});
  for (int bit = 1; bit < n; bit *= 2, ++round) {
    share *= 2;
    for (int i = 0; i < n; ++i) list.push_back({round, i, i ^ bit, share});
  }
  return list;
}

Messages hierarchical(int n, int node) {
  Messages list;
  if (node > 1) add_rings(list, n, node, 1, node - 1, 1.0 / node);
  if (n > node) add_rings(list, n, n / node, node, 2 * (n / node - 1), 1.0 / node / (n / node));
  if (node > 1) add_rings(list, n, node, 1, node - 1, 1.0 / node);
  return list;
}

Messages in_network(int n) {
  Messages list;
  for (int i = 0; i < n; ++i) list.push_back({0, i, a_switch, 1});
  for (int i = 0; i < n; ++i) list.push_back({1, a_switch, i, 1});
  return list;
}

/// Members i, i + stride, ...: every pair exchanges `share`.
void add_pairs(Messages& list, int n, int size, int stride, double share) {
  const int first = list.empty() ? 0 : list.back().round + 1;
  for (int distance = 1; distance < size; ++distance)
    for (int i = 0; i < n; ++i) {
      const int place = i / stride % size;
      list.push_back({first + distance - 1, i, i + ((place + distance) % size - place) * stride, share});
    }
}

Messages all_to_all(int n, int node) {
  Messages list;
  const int nodes = n / node;
  add_pairs(list, n, nodes, node, 1.0 / nodes);
  add_pairs(list, n, node, 1, 1.0 / node);
  return list;
}

}  // namespace

Messages messages(Pattern pattern, int n, int node) {
  if (n < 1 || node < 1 || n % node != 0) throw std::logic_error("members that do not fill their nodes");
  switch (pattern) {
    case Pattern::ring:
      return ring(n);
    case Pattern::tree:
      return tree(n);
    case Pattern::halving_doubling:
      return halving_doubling(n);
    case Pattern::hierarchical:
      return hierarchical(n, node);
    case Pattern::in_network:
      return in_network(n);
    case Pattern::all_to_all:
      return all_to_all(n, n);
    case Pattern::node_limited:
      return all_to_all(n, node);
  }
  throw std::logic_error("no such pattern");
}

Messages aggregated(const Messages& messages) {
  std::map<std::pair<int, int>, double> shares;
  for (const Message& one : messages) shares[{one.from, one.to}] += one.share;
  Messages list;
  for (const auto& [pair, share] : shares) list.push_back({0, pair.first, pair.second, share});
  return list;
}

}  // namespace chipmix::engine
