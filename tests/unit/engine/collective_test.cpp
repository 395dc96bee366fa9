// Collectives taken apart: do their messages take what the closed forms say, and carry what they must?
#include "engine/event/collective.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "engine/event/event_player.hpp"

namespace chipmix::engine {
namespace {

constexpr double payload = 3, latency = 0.01;

/// Seconds of a collective of n members whose ports carry 1 a second.
double seconds(const std::vector<Message>& messages, int n) {
  TaskList list;
  std::vector<Member> members;
  for (int i = 0; i < n; ++i) {
    const int up = list.link(1), down = list.link(1);
    members.push_back({up, down});
  }
  play(messages, payload, latency, members, {}, {}, list);
  double end = 0;
  for (const Span& span : play_events(list)) end = std::max(end, span.end);
  return end;
}

double log2_of(int n) { return std::ceil(std::log2(n)); }

}  // namespace

TEST_CASE("does each pattern take what its closed form says, message by message?") {
  for (int n : {2, 4, 8, 16}) {
    INFO(n << " members");
    const double alone = 2.0 * (n - 1) / n * payload;
    CHECK(seconds(messages(Pattern::ring, n), n) == Approx(alone + 2 * (n - 1) * latency));
    CHECK(seconds(messages(Pattern::halving_doubling, n), n) == Approx(alone + 2 * log2_of(n) * latency));
    CHECK(seconds(messages(Pattern::tree, n), n) == Approx(2 * log2_of(n) * (payload + latency)));
    CHECK(seconds(messages(Pattern::in_network, n), n) == Approx(2 * (payload + latency)));
    CHECK(seconds(messages(Pattern::all_to_all, n), n) == Approx((n - 1.0) / n * payload + (n - 1) * latency));
  }
}

TEST_CASE("does a hierarchy take the sum of its tiers?") {
  const int n = 32, node = 8, nodes = n / node;
  const double inside = 2.0 * (node - 1) / node, between = 2.0 * (nodes - 1) / nodes / node;
  CHECK(seconds(messages(Pattern::hierarchical, n, node), n) ==
        Approx((inside + between) * payload + (2 * (node - 1) + 2 * (nodes - 1)) * latency));
  const double hops = (nodes - 1.0) / nodes + (node - 1.0) / node;
  CHECK(seconds(messages(Pattern::node_limited, n, node), n) ==
        Approx(hops * payload + (nodes - 1 + node - 1) * latency));
}

TEST_CASE("does one flow for each pair take what its messages take, latencies aside?") {
  for (const Pattern pattern : {Pattern::ring, Pattern::all_to_all}) {
    const auto all = messages(pattern, 12);
    const auto whole = aggregated(all);
    CHECK(whole.size() < all.size() + 1);
    CHECK(seconds(whole, 12) - latency == Approx(seconds(all, 12) - (all.back().round + 1) * latency));
  }
}

TEST_CASE("does every member end with every member's part?") {
  for (const Pattern pattern : {Pattern::tree, Pattern::halving_doubling, Pattern::ring, Pattern::hierarchical}) {
    const int n = 16;
    std::vector<std::vector<bool>> knows(n, std::vector<bool>(n));
    for (int i = 0; i < n; ++i) knows[i][i] = true;
    const auto all = messages(pattern, n, 4);
    for (int round = 0; round <= all.back().round; ++round) {
      const auto before = knows;
      for (const Message& one : all)
        if (one.round == round)
          for (int part = 0; part < n; ++part)
            if (before[one.from][part]) knows[one.to][part] = true;
    }
    for (int i = 0; i < n; ++i) CHECK(std::count(knows[i].begin(), knows[i].end(), true) == n);
  }
}

TEST_CASE("is a group that a pattern is not for refused?") {
  CHECK_THROWS(messages(Pattern::halving_doubling, 12));
  CHECK_THROWS(messages(Pattern::hierarchical, 12, 8));
  CHECK(messages(Pattern::ring, 1).empty());
}

}  // namespace chipmix::engine
