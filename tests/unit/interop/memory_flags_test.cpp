// Do the arguments that change memory reach the plan, with the figures their makers publish?
#include <catch2/catch.hpp>

#include "interop/understand.hpp"
#include "launches.hpp"

namespace chipmix::interop {
namespace {

/// An 8B model (32 layers, 4,096 wide, MLP 14,336, 8 key/value heads of 32) on 2 servers.
scenario::PlanFile read(const std::string& more, Framework framework = Framework::mindspeed) {
  return import(framework,
                "torchrun --nnodes 2 --nproc_per_node 8 pretrain_gpt.py --num-layers 32 --hidden-size 4096 "
                "--ffn-hidden-size 14336 --num-attention-heads 32 --group-query-attention --num-query-groups 8 "
                "--seq-length 4096 --swiglu --tensor-model-parallel-size 2 --pipeline-model-parallel-size 4 "
                "--micro-batch-size 1 --global-batch-size 64 --bf16 --use-distributed-optimizer --use-flash-attn " +
                    more)
      .plan;
}

}  // namespace

TEST_CASE("are swapped parts the share of a layer's activations that they are?") {
  // attention: 4,096 + (4,096 + 2 x 1,024) + 4,096; MLP: 4,096 + 3 x 14,336; norms: 2 x 4,096
  const double attention = 4096 + 6144 + 4096, mlp = 4096 + 3 * 14336, all = attention + mlp + 8192;
  CHECK(read("--swap-attention").lanes.front().activations_in_host == Approx(attention / all).margin(0.001));
  // With recomputed MLPs of 4 of the 8 layers of a stage, their half is not kept.
  const auto lane = read("--swap-attention --recompute-num-layers 4").lanes.front();
  CHECK(lane.recompute == plan::Recompute::selective);
  CHECK(lane.recompute_share == Approx(0.5));
  CHECK(lane.remade->mlp);
  CHECK(!lane.remade->attention);
  CHECK(lane.activations_in_host == Approx(attention / (all - mlp / 2)).margin(0.001));
  CHECK(read("--mla-swap-core-attn-out").lanes.front().activations_in_host == Approx(4096 / all).margin(0.001));
}

TEST_CASE("do half-precision states and gradients take what their documentation says?") {
  // docs/pytorch/features/o2.md: 4 bytes a weight of the optimizer, 2 of the gradients
  const auto usual = *read("").stack, half = *read("--o2-optimizer --o2-gradient").stack;
  CHECK(*usual.gradient_bytes - *half.gradient_bytes == 2);
  CHECK(12 - *half.optimizer_bytes == 4);
  // QLoRA (arXiv:2305.14314): 4.127 bits a weight
  const auto quantised = read("--lora-r 16 --qlora");
  CHECK(quantised.frozen_base);
  CHECK(*quantised.stack->weight_bytes == Approx(4.127 / 8));
}

TEST_CASE("are losses in pieces and recomputation by level and layers in the plan?") {
  CHECK(*read("--output-layer-slice-num 8").stack->loss_pieces == 8);
  CHECK(*read("--loss-compute-mode chunk --loss-chunk-size 1024").stack->loss_pieces == 4);
  CHECK(!read("--loss-compute-mode default --loss-chunk-size 1024").stack->loss_pieces);
  CHECK(read("--recompute-activation-function --recompute-activation-function-num-layers 2").lanes[0].recompute_share ==
        Approx(0.25));
  CHECK(read("--recompute-in-advance --recompute-method block --recompute-num-layers 4 "
             "--num-layers-per-virtual-pipeline-stage 4")
            .lanes[0]
            .recompute_share == Approx(1));
  const auto zero = read("--moe-zero-memory level1 --moe-zero-memory-num-layers 4").lanes[0];
  CHECK(zero.recompute_share == Approx(0.45));  // 90 % (megatron-moe-zero-memory.md) of a half
  CHECK(zero.remade->experts);
}

TEST_CASE("is DualPipeV a folded pipeline of one copy?") {
  const auto lane = read("--schedules-method dualpipev").lanes.front();
  CHECK(lane.schedule == plan::ScheduleKind::dualpipe_v);
  CHECK(lane.interleave == 2);
  const auto file = read("--schedules-method dualpipev --noop-layers 30,31");
  CHECK(file.lanes[0].stages[0].layers == std::vector<int>{4, 2});  // the last chunk stands on the first stage
  CHECK(file.lanes[0].stages[3].layers == std::vector<int>{4, 4});
  auto job = job_of(file);
  const plan::ParallelPlan plan = plan_of(file, job);
  CHECK(plan.stages[0].head);
  CHECK(plan.stages[0].embedding);
  CHECK(plan.stages[0].chunks[1].first == 28);
  CHECK(plan.stages[3].chunks[1].first == 16);
}

TEST_CASE("are modules offloaded by name the shares they are?") {
  const double all = 4096 + 6144 + 4096 + 4096 + 3 * 14336 + 8192;
  const auto lane =
      read("--fine-grained-activation-offloading --offload-modules core_attn mlp_norm", Framework::megatron).lanes[0];
  CHECK(lane.activations_in_host == Approx((6144 + 4096) / all).margin(0.001));
}

}  // namespace chipmix::interop
