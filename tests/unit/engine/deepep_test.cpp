// Dispatch and combine of tokens beside what DeepEP measured, from the H800 profile's own links.
//
//   github.com/deepseek-ai/DeepEP, docs/legacy.md: H800, 4,096 tokens of 7,168 a rank, top 8 experts of the 4 best
//   groups (servers), dispatched in fp8, combined in bf16; GB/s of the slowest tier
//     ranks       8      16      32      64
//     dispatch  153      43      58      51
//     combine   158      43      57      50
//
// Inside a server that is what goes through the links. Across servers its test (tests/test_internode.py) counts a token
// for every server that gets it, the sender's own included, which never meets a NIC. The law has 16 ranks, where the
// fast links and not the NICs set the pace, at 55 instead of 43: forwarding from one to the other costs what it does
// not know.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "../../support/machines.hpp"
#include "engine/analytical/block_cost.hpp"
#include "laws/collectives/placement.hpp"

namespace chipmix::engine {
namespace {

constexpr double tokens = 4096, hidden = 7168, experts = 8, groups = 4, server = 8;

/// H800 servers whose stack takes nothing from the links, which start at once.
Machine h800s(int devices) {
  auto group = support::machine("h800-sxm5-80gb", devices, "megatron-core");
  group.stack.collective_rate.value = group.stack.network_rate.value = 1;
  group.stack.network_latency.value = group.scale_up.latency.value = group.scale_out.latency.value = Seconds{};
  return Machine(group);
}

/// `bytes` an element; tokens go to as many servers as groups, or to any.
plan::CollectiveTask exchange(int ranks, double bytes, bool is_limited = true) {
  plan::CollectiveTask task{plan::Account::expert_communication,
                            plan::Collective::all_to_all,
                            Bytes{tokens * experts * hidden * bytes},
                            {ranks, 1}};
  task.copies = experts;
  if (is_limited && ranks > groups * server) task.crossing = groups / experts;
  return task;
}

/// Bytes a second as DeepEP counts them between servers.
double across_rate(int ranks, double bytes) {
  const double servers = std::min(groups, ranks / server);
  const double got = servers * (1 - std::pow(1 - 1 / servers, experts));  // of its servers, those with an expert of 8
  return tokens * hidden * bytes * got / collective_seconds(exchange(ranks, bytes), h800s(ranks)).total;
}

}  // namespace

TEST_CASE("do tokens go through the links of an H800 server at the rate that DeepEP measured?") {
  const plan::CollectiveTask task = exchange(8, 2);
  const double through = task.payload.value() * laws::once_each(experts, 8) * 7 / 8;
  const double rate = through / collective_seconds(task, h800s(8)).total;
  for (double measured : {153e9, 158e9}) CHECK(rate == Approx(measured).epsilon(0.1));
}

TEST_CASE("do tokens go between H800 servers at the rate that DeepEP measured?") {
  CHECK(across_rate(32, 1) == Approx(58e9).epsilon(0.1));
  CHECK(across_rate(32, 2) == Approx(57e9).epsilon(0.1));
  CHECK(across_rate(64, 1) == Approx(51e9).epsilon(0.1));
  CHECK(across_rate(64, 2) == Approx(50e9).epsilon(0.1));
  CHECK(across_rate(16, 1) > 43e9);
  CHECK(across_rate(16, 1) < 1.3 * 43e9);
  const auto two = collective_seconds(exchange(16, 1), h800s(16)),
             four = collective_seconds(exchange(32, 1), h800s(32));
  CHECK(two.total > two.across);  // the fast links set the pace
  CHECK(four.total == four.across);
}

TEST_CASE("do tokens that may go to four servers of eight cross less, by what chance leaves of the others?") {
  const Machine machine = h800s(64);
  const double limited = collective_seconds(exchange(64, 1), machine).across;
  const double free = collective_seconds(exchange(64, 1, false), machine).across;
  CHECK(free / limited == Approx(8 * (1 - std::pow(7.0 / 8, 8)) / 4));  // 5.25 servers of eight, or 4 at most
  plan::CollectiveTask one_by_one = exchange(64, 1);
  one_by_one.copies = 0;  // a copy for each expert
  plan::CollectiveTask anywhere = one_by_one;
  anywhere.crossing = 1;
  CHECK(collective_seconds(anywhere, machine).across / collective_seconds(one_by_one, machine).across == Approx(2));
}

}  // namespace chipmix::engine
