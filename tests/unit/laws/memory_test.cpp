// Laws of memory against published figures: offloaded activations, reports after the first step, shard groups.
#include <catch2/catch.hpp>

#include "../../support/machines.hpp"
#include "../../support/models.hpp"
#include "../../support/plans.hpp"
#include "laws/memory.hpp"

namespace chipmix::laws {
namespace {

constexpr double mib = 1024.0 * 1024.0;

workload::ModelSpec llama2_7b() {
  workload::ModelSpec model = support::dense(32);
  model.hidden = 4096;
  model.dense_width = 11008;
  model.vocabulary = 32000;
  model.attention.heads = model.attention.kv_heads = 32;
  model.attention.head_dim = 128;
  return model;
}

}  // namespace

TEST_CASE("do offloaded activations leave four units and the share that stays?") {
  CHECK(left_on_device(Bytes{100}, Bytes{2}, 0) == Bytes{100});
  CHECK(left_on_device(Bytes{100}, Bytes{2}, 0.5).value() == Approx(50 + 4));
  CHECK(left_on_device(Bytes{100}, Bytes{2}, 1).value() == Approx(8));
  CHECK(left_on_device(Bytes{6}, Bytes{2}, 1).value() == Approx(6));  // fewer in flight than are being copied
}

TEST_CASE("do offloaded activations fall as Megatron-Kwai's peaks do?") {
  // github.com/kwai/Megatron-Kwai, atc24ae: Llama-65B, 47 chunks in flight, 60.844 GiB with nothing offloaded, 51.739
  // with 30 %, 42.582 with 60 %, 30.233 with all. The number of units was set by these: no independent check. 33.4 GiB:
  // what 94 layers keep, counted by hand.
  const double chunk = 33.4 / 47, whole = 33.4;
  const auto saved = [&](double share) { return whole - left_on_device(Bytes{whole}, Bytes{chunk}, share).value(); };
  CHECK(saved(0.3) == Approx(60.844 - 51.739).epsilon(0.02));
  CHECK(saved(0.6) == Approx(60.844 - 42.582).epsilon(0.02));
  CHECK(saved(1) == Approx(60.844 - 30.233).epsilon(0.02));
}

TEST_CASE("is the peak through the first step what Megatron's report printed for Llama-2 7B on eight stages?") {
  // gitcode.com/Ascend/MindSpeed-LLM, tests/pipeline/baseline/llama2_tp1_pp8_patch_gloo_ptd.json: one micro-batch.
  auto group = support::machine("ascend-910b2", 8, "mindspeed-llm");
  const auto cluster = support::cluster(group);
  workload::TrainingJob job = support::job(llama2_7b());
  job.sequence_length = 4096;
  job.global_batch = 1;
  const plan::Program program = support::lowered({{1, 1, 1, 1}, 8}, job, cluster);
  const auto peak = [&](int stage) { return first_step_peak(program, stage, group).value() / mib; };
  CHECK(peak(0) == Approx(16650.3).epsilon(0.01));
  CHECK(peak(3) == Approx(14308.6).epsilon(0.01));
  CHECK(peak(7) == Approx(16714.7).epsilon(0.01));
}

TEST_CASE("are states divided over a shard group only, and replicated over the rest?") {
  hardware::SoftwareStack stack;
  stack.gradient_bytes.value = 4;
  stack.optimizer_bytes.value = 12;
  const plan::Degrees degrees{1, 1, 1, 64};
  const auto all = state_bytes({1e9, 0}, degrees, plan::Zero::parameters, stack);
  const auto eight = state_bytes({1e9, 0}, degrees, plan::Zero::parameters, stack, Dtype::bf16, 0, 8);
  CHECK(all.optimizer.value() == Approx(12e9 / 64));
  CHECK(eight.optimizer.value() == Approx(12e9 / 8));
  CHECK(eight.weights.value() == Approx(2e9 / 8));
}

TEST_CASE("do states and sharded gradients that wait on the host leave the device?") {
  auto group = support::machine("a100-sxm4-80gb", 8, "deepspeed");
  const auto cluster = support::cluster(group);
  plan::Program program = support::lowered({{1, 1, 1, 8}}, support::job(support::dense()), cluster);
  const auto of = [&](const char* account) { return stage_memory(program, 0, group).use.total(account); };
  program.zero = plan::Zero::optimizer;
  program.states_offloaded = 1;
  CHECK(of("optimizer") == Bytes{});
  CHECK(of("gradients") > Bytes{});
  program.zero = plan::Zero::parameters;
  program.weights_offloaded = 1;
  CHECK(of("gradients") == Bytes{});
  CHECK(of("weights") == Bytes{});
}

TEST_CASE("do norms and activations written out keep more, but for the input that full recomputation starts from?") {
  auto group = support::machine("a100-sxm4-80gb", 8, "deepspeed");
  const auto saved = [&](bool written_out) {
    group.stack.written_out = written_out;
    const auto cluster = support::cluster(group);
    const auto program = support::lowered({{1, 1, 1, 8}}, support::job(support::dense()), cluster);
    for (const auto& run : program.stages[0].chunks[0])
      if (run.block->kind == workload::BlockKind::dense_layer) return run.block->saved;
    return plan::SavedActivations{};
  };
  const auto job = support::job(support::dense());
  const double tokens = job.sequence_length, h = 1024, width = 4096;
  const auto fused = saved(false), apart = saved(true);
  CHECK((apart.none - fused.none).value() == Approx(tokens * (2 * 4 * h + 2 * width)));  // two norms, φ(W₁ x)
  CHECK(apart.full.value() == Approx(fused.full.value()));
}

}  // namespace chipmix::laws
