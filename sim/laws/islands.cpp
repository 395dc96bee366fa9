// Between islands.
//
//   R = min(count · B · e,  n_a · P_a,  n_b · P_b)      byte/s, one direction
//
//   count, B, e   links that join the two, rate and share of one (its profile)
//   n, P          ranks at either end, and what each has of its own node's NICs (collectives/placement.cpp)
//
//   send          D bytes of all replicas together, one message each:     1 step,  D
//   all-reduce    ring of k islands, where every pair is joined:          2⌈log2 k⌉ steps,  2·S·(k-1)/k
//                 tree of the fastest links that join them all:           2·(k-1) steps,    S·(links of the busiest
//                 island) at its NICs, S at each link
//
// S is the sum that each island holds once, spread over its ranks; inside the islands it was reduced before and is
// gathered after (booked with the islands' own collectives). The faster of ring and tree counts; two islands send S to
// one another at once in both. Each direction of a link is taken to be free for its own traffic. Start-up and transfer
// join as in any exchange (collectives/exchange.cpp). Source of the two-level scheme: HetCCL (arXiv:2605.31000), H2
// (arXiv:2505.17548); cross-vendor rates are in the link profiles. Valid where islands do not share the links of other
// pairs.
#include "laws/islands.hpp"

#include <algorithm>
#include <stdexcept>

#include "laws/collectives/exchange.hpp"
#include "laws/collectives/placement.hpp"

namespace chipmix::laws {
namespace {

using hardware::Cluster;
using hardware::IslandLink;

BytesPerSecond nics(const Side& side, const Cluster& cluster) {
  return across_port(cluster.groups[side.island]).rate * side.ranks;
}

Port border(const Side& one, const Side& other, const IslandLink& link, const Cluster& cluster) {
  const BytesPerSecond joined = link.link.bandwidth.value * (link.link.efficiency.value * link.count);
  return {min(joined, min(nics(one, cluster), nics(other, cluster))), link.link.latency.value};
}

/// The slowest rate and the longest latency of a set of links.
struct Slowest {
  std::optional<Port> port;

  void take(const Port& next) {
    port = port ? Port{min(port->rate, next.rate), max(port->latency, next.latency)} : next;
  }
};

std::optional<Seconds> ring_time(Bytes bytes, const std::vector<Side>& islands, const Cluster& cluster) {
  Slowest slowest;
  for (std::size_t i = 0; i < islands.size(); ++i)
    for (std::size_t k = i + 1; k < islands.size(); ++k) {
      const IslandLink* link = cluster.between(islands[i].island, islands[k].island);
      if (!link) return std::nullopt;
      slowest.take(border(islands[i], islands[k], *link, cluster));
    }
  const auto members = static_cast<double>(islands.size());
  Exchange exchange = ring(plan::Collective::all_reduce, bytes, members);
  return duration(exchange, *slowest.port);
}

/// Joins the islands one by one, each by the fastest link to those already joined (Prim).
std::optional<Seconds> tree_time(Bytes bytes, const std::vector<Side>& islands, const Cluster& cluster) {
  std::vector<int> links(islands.size(), 0);
  std::vector<bool> joined(islands.size(), false);
  joined.front() = true;
  Slowest slowest;
  for (std::size_t round = 1; round < islands.size(); ++round) {
    std::optional<Port> best;
    std::size_t from = 0, to = 0;
    for (std::size_t i = 0; i < islands.size(); ++i)
      for (std::size_t k = 0; k < islands.size(); ++k) {
        const IslandLink* link = cluster.between(islands[i].island, islands[k].island);
        if (!joined[i] || joined[k] || !link) continue;
        const Port port = border(islands[i], islands[k], *link, cluster);
        if (!best || port.rate > best->rate) best = port, from = i, to = k;
      }
    if (!best) return std::nullopt;
    joined[to] = true;
    ++links[from], ++links[to];
    slowest.take(*best);
  }
  for (std::size_t i = 0; i < islands.size(); ++i)
    slowest.take({nics(islands[i], cluster) * (1.0 / links[i]), slowest.port->latency});
  return duration({2.0 * (static_cast<double>(islands.size()) - 1), bytes}, *slowest.port);
}

}  // namespace

Seconds island_send_time(Bytes bytes, const Side& from, const Side& to, const Cluster& cluster) {
  const IslandLink* link = cluster.between(from.island, to.island);
  if (!link) throw std::logic_error("nothing joins two islands that exchange data");
  return duration({1, bytes}, border(from, to, *link, cluster));
}

std::optional<Seconds> island_all_reduce_time(Bytes bytes, const std::vector<Side>& islands, const Cluster& cluster) {
  if (islands.size() < 2) return Seconds{};
  const auto tree = tree_time(bytes, islands, cluster);
  const auto around = ring_time(bytes, islands, cluster);
  if (!tree || !around) return tree;
  return min(*tree, *around);
}

Seconds island_network_time(Bytes bytes, const Side& party, const Cluster& cluster) {
  return duration({2, bytes}, {nics(party, cluster), cluster.groups[party.island].scale_out.latency.value});
}

}  // namespace chipmix::laws
