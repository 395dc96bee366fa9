// Lowering: how often does a layer communicate, and with how many bytes?
#include <catch2/catch.hpp>

#include "tasks.hpp"

namespace chipmix::plan::test {

TEST_CASE("does a layer without tensor parallelism exchange nothing?") {
  for (const auto& model : {support::gpt(), support::dense()}) {
    const BlockTasks layer = dense_layer(model, sharding(1));
    CHECK(collectives(layer.forward, Account::tensor_communication).empty());
    CHECK(collectives(layer.backward, Account::tensor_communication).empty());
  }
}

TEST_CASE("does a layer gather twice and reduce-scatter twice in each pass with sequence parallelism?") {
  // Megatron-LM with sequence parallelism: arXiv:2205.05198, section 4.2.2, figure 5.
  for (const auto& model : {support::gpt(), support::dense()})
    for (int tensor : {2, 4, 8})
      for (int context : {1, 2}) {
        const Sharding s = sharding(tensor, context);
        const BlockTasks layer = dense_layer(model, s);
        for (const auto* pass : {&layer.forward, &layer.backward}) {
          const auto tasks = collectives(*pass, Account::tensor_communication);
          INFO(model.id << " TP" << tensor);
          CHECK(tasks.size() == 4);
          CHECK(count(tasks, Collective::all_gather) == 2);
          CHECK(count(tasks, Collective::reduce_scatter) == 2);
          for (const CollectiveTask& task : tasks) CHECK(task.group == Group{tensor, 1});
        }
      }
}

TEST_CASE("is each of them the whole activation of the micro-batch, two bytes an element?") {
  const Sharding s = sharding(4, 2, 1, 3, 4096);
  const auto model = support::gpt();
  const BlockTasks layer = dense_layer(model, s);
  for (const auto* pass : {&layer.forward, &layer.backward})
    for (const CollectiveTask& task : collectives(*pass, Account::tensor_communication))
      CHECK(task.payload.value() == Approx(2.0 * model.hidden * 3 * 4096 / 2));
}

TEST_CASE("does a layer all-reduce twice in each pass without sequence parallelism?") {
  // Megatron-LM: arXiv:1909.08053, section 3, figure 4.
  Sharding s = sharding(4);
  s.sequence_parallel = false;
  const auto model = support::gpt();
  const BlockTasks layer = dense_layer(model, s);
  for (const auto* pass : {&layer.forward, &layer.backward}) {
    const auto tasks = collectives(*pass, Account::tensor_communication);
    CHECK(tasks.size() == 2);
    CHECK(count(tasks, Collective::all_reduce) == 2);
    for (const CollectiveTask& task : tasks) CHECK(task.payload.value() == Approx(2.0 * model.hidden * 2 * 2048));
  }
}

TEST_CASE("does latent attention gather its latents, not the hidden state?") {
  const auto model = support::latent();
  const Sharding s = sharding(4);
  const BlockTasks layer = dense_layer(model, s);
  const auto tasks = collectives(layer.forward, Account::tensor_communication);
  double gathered = 0;
  for (const CollectiveTask& task : tasks)
    if (task.kind == Collective::all_gather) gathered += task.payload.value();
  // the queries' latent, the keys' and values' latent, the rotated key; and the MLP's input
  CHECK(gathered == Approx(2.0 * 2 * 2048 * (256 + 128 + 32 + model.hidden)));
  CHECK(count(tasks, Collective::reduce_scatter) == 2);
  CHECK(collectives(layer.backward, Account::tensor_communication).size() == tasks.size());
}

TEST_CASE("do attention and MLP that read one norm share its gather?") {
  auto model = support::dense();
  model.parallel_residual = true;
  auto apart = collectives(dense_layer(model, sharding(4)).forward, Account::tensor_communication);
  CHECK(count(apart, Collective::all_gather) == 2);
  model.shared_norm = true;  // as in Falcon 7B
  const auto tasks = collectives(dense_layer(model, sharding(4)).forward, Account::tensor_communication);
  CHECK(count(tasks, Collective::all_gather) == 1);
}

TEST_CASE("is there an all-to-all only with expert parallelism, one to send and one to fetch?") {
  const auto model = support::mixture();
  for (int tensor : {1, 2})
    for (int expert : {1, 2, 8}) {
      const Sharding s = sharding(tensor, 1, expert);
      const BlockTasks layer = moe_layer(model, s);
      for (const auto* pass : {&layer.forward, &layer.backward}) {
        const auto tasks = collectives(*pass, Account::expert_communication);
        CHECK(tasks.size() == (expert > 1 ? 2u : 0u));
        for (const CollectiveTask& task : tasks) {
          CHECK(task.kind == Collective::all_to_all);
          CHECK(task.group == Group{expert, 1});
          // every token of the rank's slice, once for each expert it visits
          CHECK(task.payload.value() == Approx(2.0 * model.hidden * model.moe->active * 2 * 2048 / tensor));
        }
      }
      CHECK(collectives(dense_layer(model, s).forward, Account::expert_communication).empty());
    }
}

TEST_CASE("does node-limited routing send less across nodes?") {
  // DeepSeek-V3: 8 of 256 experts, of at most 4 of 8 groups (arXiv:2412.19437, section 2.1.2).
  const auto model = support::load_model("deepseek-v3");
  for (const CollectiveTask& task :
       collectives(moe_layer(model, sharding(1, 1, 64)).forward, Account::expert_communication))
    CHECK(task.crossing == Approx(0.5));
}

TEST_CASE("are keys and values gathered, and their gradients scattered, only with context parallelism?") {
  const auto model = support::dense();
  CHECK(collectives(dense_layer(model, sharding(2)).forward, Account::context_communication).empty());
  const BlockTasks layer = dense_layer(model, sharding(2, 4));
  const auto forward = collectives(layer.forward, Account::context_communication);
  REQUIRE(forward.size() == 1);
  CHECK(forward.front().kind == Collective::all_gather);
  CHECK(forward.front().group == Group{4, 2});
  // keys and values of the whole sequence, of this tensor rank's half of the eight heads
  CHECK(forward.front().payload.value() == Approx(2.0 * (2 * 64) * 4 * 2 * 2048));
  CHECK(count(collectives(layer.backward, Account::context_communication), Collective::reduce_scatter) == 1);
}

}  // namespace chipmix::plan::test
