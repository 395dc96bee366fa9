// Selective recomputation by module: what runs again, and what need not be kept for it?
#include <catch2/catch.hpp>

#include "tasks.hpp"

namespace chipmix::plan::test {
namespace {

constexpr Remade nothing{false, false, false, false, false, false};
constexpr double tokens = 4096, h = 1024, w = 4096;  // of `dense`, two sequences of 2,048

BlockTasks layer(const workload::ModelSpec& model, Remade remade, int tensor = 1, int expert = 1) {
  Sharding s = sharding(tensor, 1, expert);
  s.remade = remade;
  return model.moe ? moe_layer(model, s) : dense_layer(model, s);
}

/// Of the forward pass, those that run again.
std::vector<Task> again(const BlockTasks& block) {
  std::vector<Task> list;
  for (const Task& task : block.forward)
    if (std::visit([](const auto& t) { return t.recomputed; }, task)) list.push_back(task);
  return list;
}

double freed(const BlockTasks& block) { return (block.saved.none - block.saved.selective).value(); }

Remade only(bool Remade::*part) {
  Remade remade = nothing;
  remade.*part = true;
  return remade;
}

}  // namespace

TEST_CASE("nothing made again frees nothing") {
  for (const auto& model : {support::dense(), support::mixture()}) {
    const BlockTasks block = layer(model, nothing);
    CHECK(again(block).empty());
    CHECK(freed(block) == 0);
  }
}

TEST_CASE("norms: two small kernels again, the inputs of the products behind them freed") {
  const BlockTasks block = layer(support::dense(), only(&Remade::norms));
  CHECK(again(block).size() == 2);
  CHECK(flops(again(block), false) == 0);
  CHECK(freed(block) == Approx(2 * tokens * (h + h)));  // what query, key, value read; what the MLP reads
}

TEST_CASE("activations: one kernel again, its output freed") {
  const BlockTasks block = layer(support::dense(), only(&Remade::activations));
  CHECK(again(block).size() == 1);
  CHECK(freed(block) == Approx(2 * tokens * w));
}

TEST_CASE("the MLP whole: its products and its exchanges again, all but its input freed") {
  const BlockTasks block = layer(support::dense(), only(&Remade::mlp));
  CHECK(flops(again(block), false) == Approx(2 * tokens * h * (2 * w + w)));
  CHECK(flops(again(block), true) == 0);
  CHECK(freed(block) == Approx(2 * tokens * (2 * w + w)));  // what the activation function reads and writes
  const auto exchanged =
      collectives(again(layer(support::dense(), only(&Remade::mlp), 4)), Account::tensor_communication);
  CHECK(exchanged.size() == 2);
  CHECK(count(exchanged, Collective::all_gather) == 1);
}

TEST_CASE("attention: its core again, without its projections") {
  const BlockTasks block = layer(support::dense(), only(&Remade::attention));
  const auto list = again(block);
  CHECK(flops(list, false) == 0);
  CHECK(flops(list, true) == flops(block.forward, true));
}

TEST_CASE("experts: router, both exchanges and the products again; shared experts are an MLP") {
  const auto model = support::mixture();
  const BlockTasks block = layer(model, only(&Remade::experts), 1, 4);
  const double k = 2, width = 512;
  CHECK(flops(again(block), false) == Approx(2 * tokens * (k * h * 3 * width + h * 16)));  // experts; router
  CHECK(count(collectives(again(block), Account::expert_communication), Collective::all_to_all) == 2);
  // tokens as the experts got them, what the activation function reads and writes; scores and probabilities in fp32
  CHECK(freed(block) == Approx(tokens * (2 * k * (h + 2 * width + width) + 2 * 2 * 16)));

  const BlockTasks shared = layer(model, only(&Remade::mlp), 1, 4);
  CHECK(flops(again(shared), false) == Approx(2 * tokens * h * 3 * width));
  CHECK(collectives(again(shared), Account::expert_communication).empty());
  CHECK(freed(shared) == Approx(2 * tokens * 3 * width));
}

TEST_CASE("modules add up, and none of them keeps more than none at all") {
  for (const auto& model : {support::dense(), support::mixture(), support::latent()})
    for (int bits = 0; bits < 64; ++bits) {
      const Remade remade{(bits & 1) != 0, (bits & 2) != 0,  (bits & 4) != 0,
                          (bits & 8) != 0, (bits & 16) != 0, (bits & 32) != 0};
      const BlockTasks block = layer(model, remade);
      INFO(model.id << ", set " << bits);
      REQUIRE(freed(block) >= 0);
      REQUIRE(block.saved.selective >= block.saved.full);
      if (bits == 63) continue;
      Remade more = remade;
      for (auto part :
           {&Remade::norms, &Remade::activations, &Remade::latents, &Remade::attention, &Remade::mlp, &Remade::experts})
        if (!(more.*part)) {
          more.*part = true;
          break;
        }
      REQUIRE(freed(layer(model, more)) >= freed(block));
      REQUIRE(again(layer(model, more)).size() >= again(block).size());
    }
}

}  // namespace chipmix::plan::test
