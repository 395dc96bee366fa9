// Experts on a rank: their products and weights, how the host launches them, and where it waits.
#include <catch2/catch.hpp>

#include "tasks.hpp"

namespace chipmix::plan::test {
namespace {

/// 4,096 tokens, 16 experts of width 512 over `expert` groups of `expert_tensor` ranks.
Sharding cut(int expert, int expert_tensor = 1) {
  Sharding s = sharding(expert_tensor, 1, expert);
  s.degrees.expert_tensor = expert_tensor;
  return s;
}

std::vector<ComputeTask> products(const std::vector<Task>& tasks) {
  std::vector<ComputeTask> list;
  for (const Task& task : tasks)
    if (const auto* compute = std::get_if<ComputeTask>(&task))
      if (compute->account == Account::experts && !std::holds_alternative<StreamShape>(compute->shape))
        list.push_back(*compute);
  return list;
}

double expert_flops(const BlockTasks& block) {
  double sum = 0;
  for (const ComputeTask& task : products(block.forward)) sum += std::visit(TaskFlops{}, task.shape);
  return sum;
}

}  // namespace

TEST_CASE("grouped experts are one product of so many groups, with launches from a loop in C++") {
  const auto forward = products(moe_layer(support::mixture(), cut(4)).forward);
  REQUIRE(forward.size() == 2);  // up (gate and up in one) and down
  const auto up = std::get<GroupedGemmShape>(forward[0].shape), down = std::get<GroupedGemmShape>(forward[1].shape);
  CHECK(up.groups == 4);
  CHECK(up.rows_per_group == 4096 * 2 / 4);
  CHECK(up.n == 2 * 512);
  CHECK(up.k == 1024);
  CHECK(down.n == 1024);
  CHECK(down.k == 512);
  CHECK(forward[0].launches == Approx(1 + 0.15 * 4));
  Sharding narrow = cut(4);
  narrow.dtype = Dtype::fp8;
  CHECK(products(moe_layer(support::mixture(), narrow).forward)[0].launches == Approx(1 + 0.15 * 4 + 2));
}

TEST_CASE("experts one after another are as many products, each launched") {
  Sharding s = cut(4);
  s.grouped_experts = false;
  for (const ComputeTask& task : products(moe_layer(support::mixture(), s).forward)) {
    const auto& gemm = std::get<GemmShape>(task.shape);
    CHECK(gemm.count == 4);
    CHECK(gemm.m == 4096 * 2 / 4);
    CHECK(task.launches == 4);
  }
  CHECK(expert_flops(moe_layer(support::mixture(), s)) == Approx(expert_flops(moe_layer(support::mixture(), cut(4)))));
}

TEST_CASE("an expert cut over two ranks: half its width, the tokens of both, a share of the weights") {
  const BlockTasks whole = moe_layer(support::mixture(), cut(1)), halved = moe_layer(support::mixture(), cut(4, 2));
  const auto forward = products(halved.forward);
  const auto up = std::get<GroupedGemmShape>(forward[0].shape), down = std::get<GroupedGemmShape>(forward[1].shape);
  CHECK(up.rows_per_group == 2048 * 2 * 2 / 4);  // slices of both ranks, two experts a token, four experts
  CHECK(up.n == 512);
  CHECK(up.k == 1024);
  CHECK(down.n == 1024);
  CHECK(down.k == 256);
  CHECK(whole.parameters.experts == 16 * 3 * 1024 * 512);
  CHECK(halved.parameters.experts == 16.0 * 3 * 1024 * 512 / (4 * 2));
  CHECK(expert_flops(halved) * 2 == Approx(expert_flops(whole)));  // two tensor ranks share the micro-batch
}

TEST_CASE("experts are replicated over what their two degrees leave of a stage") {
  CHECK(Degrees{2, 1, 4, 8, 2}.expert_data() == 2);
  CHECK(Degrees{2, 1, 4, 8, 1}.expert_data() == 4);
  CHECK(Degrees{2, 2, 1, 8, 1, 2}.ranks() == 32);  // Ulysses ranks are among the context ranks
}

TEST_CASE("the host waits before tokens are sent, unless nobody counts them or a graph runs it all") {
  Sharding s = cut(4);
  const BlockTasks waiting = moe_layer(support::mixture(), s);
  REQUIRE(waiting.waits_at > 0);
  REQUIRE(waiting.waits_at + 1 < waiting.forward.size());
  const auto* order = std::get_if<ComputeTask>(&waiting.forward[waiting.waits_at]);
  REQUIRE(order);
  CHECK(std::get<StreamShape>(order->shape).moved.value() == 2 * 2.0 * 4096 * 2 * 1024);
  CHECK(std::holds_alternative<CollectiveTask>(waiting.forward[waiting.waits_at + 1]));
  CHECK(dense_layer(support::mixture(), s).waits_at == 0);
  s.waits_for_routing = false;
  CHECK(moe_layer(support::mixture(), s).waits_at == 0);
  s = cut(4);
  s.graphs.everything = true;
  CHECK(moe_layer(support::mixture(), s).waits_at == 0);
}

TEST_CASE("graphs hold attention, the router, or everything") {
  const auto graphed = [](hardware::GraphScope graphs) {
    Sharding s = cut(4);
    s.graphs = graphs;
    std::pair<int, int> sums;  // graphed, all
    for (const Task& task : moe_layer(support::mixture(), s).forward)
      if (const auto* compute = std::get_if<ComputeTask>(&task)) sums.first += compute->graphed, ++sums.second;
    return sums;
  };
  CHECK(graphed({}).first == 0);
  const auto [attention, all] = graphed({.attention = true});
  const int router = graphed({.router = true}).first;
  CHECK(router == 2 + 2 + 2);  // product and choice; order by rank and by expert; and the same two of the way back
  CHECK(attention > 0);
  CHECK(attention + router < all);
  CHECK(graphed({.attention = true, .router = true}).first == attention + router);
  CHECK(graphed({.everything = true}).first == all);
}

}  // namespace chipmix::plan::test
