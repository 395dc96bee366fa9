// Collectives round by round: the same seconds as their lists of tasks, in the memory of what is under way.
#include "engine/event/rounds.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "engine/event/event_player.hpp"

namespace chipmix::engine {
namespace {

constexpr double payload = 3, latency = 0.01;

/// Ports of random widths, and a link in the middle that some pairs of members share.
MemberLinks uneven_links(int n, std::mt19937& random) {
  std::uniform_real_distribution<double> width(0.5, 2);
  MemberLinks links;
  for (int i = 0; i < n; ++i) {
    links.members.push_back({2 * i, 2 * i + 1});
    links.capacities.push_back(width(random));
    links.capacities.push_back(width(random));
  }
  links.capacities.push_back(width(random));
  const int middle = 2 * n;
  links.between = [middle](int from, int to) {
    return (from + to) % 3 == 0 ? std::vector<int>{middle} : std::vector<int>{};
  };
  return links;
}

MemberLinks even_links(int n, double width) {
  MemberLinks links;
  for (int i = 0; i < n; ++i) links.members.push_back({2 * i, 2 * i + 1});
  links.capacities.assign(2 * static_cast<std::size_t>(n), width);
  return links;
}

double listed(Pattern pattern, int n, const MemberLinks& links) {
  TaskList list;
  for (double capacity : links.capacities) list.link(capacity);
  play(messages(pattern, n), payload, latency, links.members, {}, links.between, list);
  double end = 0;
  for (const Span& span : play_events(list)) end = std::max(end, span.end);
  return end;
}

}  // namespace

TEST_CASE("do rounds take what their list of tasks takes, on even links and uneven ones?") {
  std::mt19937 random(7);
  for (const Pattern pattern : {Pattern::ring, Pattern::halving_doubling, Pattern::all_to_all})
    for (int n : {1, 2, 3, 4, 8, 13, 16, 32}) {
      if (pattern == Pattern::halving_doubling && (n & (n - 1)) != 0) continue;
      INFO(n << " members");
      const MemberLinks even = even_links(n, 1);
      CHECK(play_rounds(rounds(pattern, n), payload, latency, even) == Approx(listed(pattern, n, even)).epsilon(1e-12));
      for (int times = 0; times < 5; ++times) {
        const MemberLinks uneven = uneven_links(n, random);
        CHECK(play_rounds(rounds(pattern, n), payload, latency, uneven) ==
              Approx(listed(pattern, n, uneven)).epsilon(1e-9));
      }
    }
}

TEST_CASE("does a ring of 4,096 ranks take its closed form, 33.5 million messages skipped but a few?") {
  constexpr int n = 4096;
  constexpr double gigabyte = 0x1p30, rate = 50e9, start = 5e-6;
  const double seconds = play_rounds(rounds(Pattern::ring, n), gigabyte, start, even_links(n, rate));
  CHECK(seconds == Approx(2.0 * (n - 1) * (gigabyte / n / rate + start)).epsilon(1e-12));
}

TEST_CASE("does one slow port set the pace of a ring, every message played?") {
  constexpr int n = 256;
  MemberLinks links = even_links(n, 1);
  links.capacities[10] = 0.25;
  const double seconds = play_rounds(rounds(Pattern::ring, n), payload, 0, links);
  CHECK(seconds == Approx(2.0 * (n - 1) * payload / n / 0.25).epsilon(0.02));
}

TEST_CASE("are patterns of several messages a member and round refused?") {
  CHECK_THROWS(rounds(Pattern::tree, 8));
  CHECK_THROWS(rounds(Pattern::in_network, 8));
  CHECK_THROWS(rounds(Pattern::halving_doubling, 12));
}

}  // namespace chipmix::engine
