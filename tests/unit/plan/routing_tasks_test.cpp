// Tokens on their way to experts and back: how many bytes, in which tasks, under each dispatcher?
#include <catch2/catch.hpp>

#include "plan/routing_tasks.hpp"
#include "tasks.hpp"

namespace chipmix::plan::test {
namespace {

using hardware::Dispatcher;

// 100 tokens of 1,024 elements of 2 bytes, 2 of 16 experts each: once each, and once for each of its experts.
constexpr double tokens = 100, once = 100 * 1024 * 2, sent = 2 * once;
constexpr workload::Routing routing{1024, 2, 16};

Sharding cut(int expert, int expert_tensor = 1, Dispatcher dispatcher = Dispatcher::all_to_all) {
  Sharding s = sharding(expert_tensor, 1, expert);
  s.degrees.expert_tensor = expert_tensor;
  s.dispatcher = dispatcher;
  return s;
}

/// A task in a line: "move 819200 in 12", "all-gather 819200 of 4 by 1".
struct Line {
  std::string operator()(const ComputeTask& task) const {
    const auto& stream = std::get<StreamShape>(task.shape);
    return fmt::format("move {:.0f} in {}", stream.moved.value(), stream.kernels);
  }
  std::string operator()(const CollectiveTask& task) const {
    return fmt::format("{} {:.0f} of {} by {}", name(task.kind), task.payload.value(), task.group.size,
                       task.group.stride);
  }
};
using Lines = std::vector<std::string>;

Lines lines(const std::vector<Task>& tasks) {
  Lines list;
  for (const Task& task : tasks) list.push_back(std::visit(Line{}, task));
  return list;
}

std::string move(double bytes, int kernels) { return fmt::format("move {:.0f} in {}", bytes, kernels); }
std::string exchange(Collective kind, double bytes, int size, int stride) {
  return fmt::format("{} {:.0f} of {} by {}", name(kind), bytes, size, stride);
}

const CollectiveTask& first_collective(const std::vector<Task>& tasks) {
  for (const Task& task : tasks)
    if (const auto* collective = std::get_if<CollectiveTask>(&task)) return *collective;
  throw std::logic_error("no collective");
}

}  // namespace

TEST_CASE("does a rank that holds every expert only put its tokens in order?") {
  for (Dispatcher dispatcher : {Dispatcher::all_to_all, Dispatcher::all_gather, Dispatcher::once_per_node}) {
    const Sharding s = cut(1, 1, dispatcher);
    CHECK(lines(dispatch_tasks(routing, s, tokens)) == Lines{move(2 * sent, 12)});
    CHECK(lines(combine_tasks(routing, s, tokens)) == Lines{move(2 * sent, 3)});
  }
}

TEST_CASE("all-to-all: ordered, sent once for each active expert, ordered by expert; and back the other way") {
  const std::string there = exchange(Collective::all_to_all, sent, 4, 1);
  CHECK(lines(dispatch_tasks(routing, cut(4), tokens)) == Lines{move(2 * sent, 12), there, move(2 * sent, 3)});
  CHECK(lines(combine_tasks(routing, cut(4), tokens)) == Lines{move(2 * sent, 3), there, move(2 * sent, 3)});
  // a rank of one expert has nothing to order by expert
  const std::string all = exchange(Collective::all_to_all, sent, 16, 1);
  CHECK(lines(dispatch_tasks(routing, cut(16), tokens)) == Lines{move(2 * sent, 12), all});
  CHECK(lines(combine_tasks(routing, cut(16), tokens)) == Lines{all, move(2 * sent, 3)});
}

TEST_CASE("all-gather: every rank gets the tokens of all, EP / k times the bytes of an all-to-all") {
  for (int expert : {2, 4, 16}) {
    const Sharding s = cut(expert, 1, Dispatcher::all_gather);
    const double all = once * expert;
    CHECK(lines(dispatch_tasks(routing, s, tokens)) ==
          Lines{exchange(Collective::all_gather, all, expert, 1), move(4 * sent, 12)});
    CHECK(lines(combine_tasks(routing, s, tokens)) ==
          Lines{move(8 * sent, 3), exchange(Collective::reduce_scatter, all, expert, 1)});
    CHECK(all / first_collective(dispatch_tasks(routing, cut(expert), tokens)).payload.value() == Approx(expert / 2.0));
  }
}

TEST_CASE("once per node: the same exchange with its copies said, and no order of its own by expert") {
  const Sharding s = cut(4, 1, Dispatcher::once_per_node);
  const std::string there = exchange(Collective::all_to_all, sent, 4, 1);
  const auto dispatched = dispatch_tasks(routing, s, tokens), combined = combine_tasks(routing, s, tokens);
  CHECK(lines(dispatched) == Lines{move(2 * sent, 6), there});
  CHECK(lines(combined) == Lines{there, move(2 * sent, 3)});
  CHECK(first_collective(dispatched).copies == 2);
  CHECK(first_collective(combined).copies == 2);
  CHECK(first_collective(dispatch_tasks(routing, cut(4), tokens)).copies == 0);
}

TEST_CASE("experts cut over two ranks: the exchange steps over them, then they gather what both got") {
  const std::string there = exchange(Collective::all_to_all, sent, 4, 2);
  CHECK(lines(dispatch_tasks(routing, cut(4, 2), tokens)) ==
        Lines{move(2 * sent, 12), there, exchange(Collective::all_gather, 2 * sent, 2, 1), move(4 * sent, 3)});
  CHECK(lines(combine_tasks(routing, cut(4, 2), tokens)) ==
        Lines{move(4 * sent, 3), exchange(Collective::reduce_scatter, 2 * sent, 2, 1), there, move(2 * sent, 3)});
  // by gathering there is one group of all eight
  CHECK(lines(dispatch_tasks(routing, cut(4, 2, Dispatcher::all_gather), tokens)) ==
        Lines{exchange(Collective::all_gather, 8 * once, 8, 1), move(8 * sent, 12)});
}

TEST_CASE("the busiest rank gets more than the mean, where others could have had it") {
  Sharding s = cut(4);
  s.expert_imbalance = 1.5;
  CHECK(first_collective(dispatch_tasks(routing, s, tokens)).payload.value() == Approx(1.5 * sent));
  s.degrees.expert = 1;
  CHECK(lines(dispatch_tasks(routing, s, tokens)) == Lines{move(2 * sent, 12)});
  s = cut(4, 1, Dispatcher::all_gather);
  s.expert_imbalance = 1.5;  // whoever is busy, all tokens are gathered
  CHECK(first_collective(dispatch_tasks(routing, s, tokens)).payload.value() == Approx(4 * once));
}

TEST_CASE("a token bound to 4 of 8 groups crosses for 4 of its 8 experts") {
  const workload::Routing limited{1024, 8, 256, 8, 4};
  CHECK(first_collective(dispatch_tasks(limited, cut(64), tokens)).crossing == Approx(0.5));
  CHECK(first_collective(dispatch_tasks(routing, cut(4), tokens)).crossing == 1);
}

TEST_CASE("a graph of the router takes the moves along, one of attention does not") {
  Sharding s = cut(4);
  const auto graphed = [&] {
    int sum = 0;
    for (const Task& task : dispatch_tasks(routing, s, tokens))
      if (const auto* compute = std::get_if<ComputeTask>(&task)) sum += compute->graphed;
    return sum;
  };
  CHECK(graphed() == 0);
  s.graphs = {.attention = true};
  CHECK(graphed() == 0);
  s.graphs = {.router = true};
  CHECK(graphed() == 2);
  s.graphs = {.everything = true};
  CHECK(graphed() == 2);
}

}  // namespace chipmix::plan::test
