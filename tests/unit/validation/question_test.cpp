// Does a published run become the job, the machines and the plan that its source describes?
#include <catch2/catch.hpp>

#include "records.hpp"
#include "validation/question.hpp"

using namespace chipmix;
using namespace chipmix::validation;

namespace {

Question ask(const Record& record) {
  scenario::Library library;
  return question_of(read(record), library);
}

bool says(const Assumed& assumed, const std::string& words) {
  return std::any_of(assumed.begin(), assumed.end(),
                     [&](const std::string& one) { return one.find(words) != std::string::npos; });
}

std::vector<int> layers(const plan::ParallelPlan& plan) {
  std::vector<int> counts;
  for (const plan::Stage& stage : plan.stages) counts.push_back(static_cast<int>(stage.layers()));
  return counts;
}

}  // namespace

TEST_CASE("degrees, batch and stack are those of the record") {
  const Question question = ask({});
  REQUIRE(question.plans.size() == 1);
  const plan::ParallelPlan& plan = question.plans[0];
  CHECK(plan.degrees().tensor == 2);
  CHECK(plan.degrees().data == 32);
  CHECK(plan.micro_batches == 2);
  CHECK(plan.recompute == plan::Recompute::full);
  CHECK(question.job.dtype == Dtype::fp16);
  CHECK(question.job.model.dense_width == 4 * 3072);
  CHECK_FALSE(question.cluster.groups[0].stack.flash_attention);
}

TEST_CASE("a network in words becomes NICs and their rate") {
  struct {
    const char* words;
    double per_device;  // GB/s
  } cases[] = {{"800 Gb/s per node", 12.5},
               {"8x 200 Gb/s HDR InfiniBand HCAs per node", 25},
               {"400 Gb/s RDMA per GPU", 50},
               {"8x HDR200 InfiniBand per node (Selene)", 25},
               {"1600 Gb/s RoCE per node", 25}};
  for (const auto& [words, per_device] : cases) {
    Record record;
    record.cluster =
        std::string(R"("device":"a100-sxm4-80gb","devices":64,"devices_per_node":8,"inter_node":")") + words + "\"";
    const auto group = ask(record).cluster.groups[0];
    INFO(words);
    CHECK(group.node.nics.value * group.scale_out.bandwidth.value.value() / 8 / 1e9 == Approx(per_device));
  }
}

TEST_CASE("what a source leaves open takes the stack's default and is listed") {
  Record record;
  record.plan = R"("tp":4,"pp":2,"dp":8,"micro_batch":1,"global_batch":64,"framework":"NeMo with Megatron-Core")";
  const Question question = ask(record);
  CHECK(question.cluster.groups[0].stack.id == "megatron-core");
  CHECK(question.plans[0].zero == plan::Zero::optimizer);
  CHECK(question.plans[0].sequence_parallel);
  CHECK(question.job.dtype == Dtype::bf16);
  for (const char* field : {"plan.zero_stage", "plan.sequence_parallel", "plan.dtype", "plan.stack", "plan.recompute"})
    CHECK(says(question.assumed, field));
}

TEST_CASE("an unknown stack takes the nearest and a wider interval") {
  Record known, unknown;
  unknown.plan.replace(unknown.plan.find("megatron-deepspeed"), 18, "some-megatron-fork");
  const auto named = ask(known).cluster.groups[0].stack, nearest = ask(unknown).cluster.groups[0].stack;
  CHECK(nearest.id == "megatron-lm");
  REQUIRE(nearest.residual.range);
  CHECK(nearest.residual.range->high >= named.residual.range->high);
  CHECK(nearest.residual.range->high >= 1.33);
}

TEST_CASE("layers are placed as the source lists them, ends counted or not") {
  Record record;
  record.plan =
      R"("tp":1,"pp":4,"dp":16,"micro_batch":1,"global_batch":64,"dtype":"fp16","layers_per_stage":[6,8,8,8])";
  CHECK(layers(ask(record).plans[0]) == std::vector<int>{6, 8, 8, 8});
  record.plan.replace(record.plan.find("[6,8,8,8]"), 9, "[7,9,9,7]");  // embedding and head are counted
  CHECK(layers(ask(record).plans[0]) == std::vector<int>{6, 9, 9, 6});
}

TEST_CASE("a micro-batch that is not said leaves one plan for each that divides the batch") {
  Record record;
  record.tier = "fill";
  record.plan = R"("tp":8,"pp":1,"dp":8,"global_batch":64,"dtype":"fp16","recompute":"full")";
  const Question question = ask(record);
  CHECK(question.plans.size() == 4);  // 1, 2, 4, 8 sequences of the 8 of a replica
  CHECK(says(question.assumed, "plan.micro_batch"));
}

TEST_CASE("some layers only are recomputed where a field says so; notes are for people") {
  Record record;
  record.rest = R"(,"notes":"Block recompute of 6 of 30 layers")";
  CHECK(ask(record).plans[0].recompute_share == 1);
  const std::string plan = record.plan;
  for (const char* half :
       {R"(,"recompute_layers":15)", R"(,"recompute_share":0.5)", R"(,"recompute_layers_per_stage":[15])",
        R"(,"recompute_share":{"value":0.5,"low":0.4,"high":0.6})",
        R"(,"recompute_layer_ids":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14])"}) {
    record.plan = plan + half;
    INFO(half);
    CHECK(ask(record).plans[0].recompute == plan::Recompute::full);
    CHECK(ask(record).plans[0].recompute_share == Approx(0.5));
  }
}

TEST_CASE("recomputed modules are those that are named") {
  const auto remade = [](const std::string& modules, const std::string& stack = "megatron-core") {
    Record record;
    record.plan.replace(record.plan.find("\"recompute\":\"full\""), 18, modules);
    record.plan.replace(record.plan.find("megatron-deepspeed"), 18, stack);
    const plan::ParallelPlan plan = ask(record).plans.at(0);
    CHECK(plan.recompute == plan::Recompute::selective);
    return plan.remade;
  };
  using plan::Remade;  // norms, activations, latents, attention, mlp, experts
  CHECK(remade(R"("recompute_modules":["moe_act"])") == Remade{false, true, false, false, false, false});
  CHECK(remade(R"("recompute_modules":["core_attn"])") == Remade{false, false, false, true, false, false});
  CHECK(remade(R"("recompute_modules":["layernorm","mla_up_proj"])") == Remade{true, false, true, false, false, false});
  CHECK(remade(R"("recompute_modules":["mlp"])") == Remade{false, false, false, false, true, false});
  CHECK(remade(R"("recompute_modules":["moe"])") == Remade{false, false, false, false, false, true});
  CHECK(remade(R"("recompute":"selective")") == Remade{false, false, false, true, false, false});
  CHECK(remade(R"("recompute":"selective")", "mindspeed-llm") == Remade{true, true, true, false, false, false});
}

TEST_CASE("dispatchers and kernels of experts are those of the record") {
  const auto stack = [](const std::string& more) {
    Record record;
    record.plan += more;
    return ask(record).cluster.groups[0].stack;
  };
  using hardware::Dispatcher;
  CHECK(stack("").dispatcher == Dispatcher::all_to_all);
  CHECK(stack(R"(,"dispatcher":"alltoall")").dispatcher == Dispatcher::all_to_all);
  CHECK(stack(R"(,"dispatcher":"allgather")").dispatcher == Dispatcher::all_gather);
  CHECK(stack(R"(,"dispatcher":"deepep")").dispatcher == Dispatcher::once_per_node);
  CHECK(stack(R"(,"dispatcher":"hybridep")").dispatcher == Dispatcher::once_per_node);
  CHECK_FALSE(stack(R"(,"grouped_gemm":false)").grouped_experts);
  CHECK(stack(R"(,"grouped_gemm":true)").grouped_experts);
  CHECK_FALSE(stack(R"(,"pad_to_capacity":true)").synchronises_routing);
  CHECK_FALSE(stack(R"(,"sync_free_moe_stage":1)").synchronises_routing);
  CHECK(stack(R"(,"cuda_graphs":"attn+moe_router")").graphs.router);
  CHECK(stack(R"(,"cuda_graphs":"attn+moe_router")").graphs.attention);
  CHECK_FALSE(stack(R"(,"cuda_graphs":"attn")").graphs.router);
  CHECK(stack(R"(,"cuda_graphs":"full_iteration")").graphs.everything);
}

TEST_CASE("what recipes of a release set stands where a record is silent, and gives way to what it says") {
  const auto stack = [](const std::string& release, const std::string& device, int devices, const std::string& more) {
    Record record;
    record.model += R"(,"moe":{"num_experts":64,"top_k":8,"expert_intermediate_size":768})";
    record.cluster =
        R"("device":")" + device + R"(","devices":)" + std::to_string(devices) + R"(,"devices_per_node":4)";
    record.plan = R"("tp":1,"pp":1,"ep":8,"micro_batch":1,"global_batch":512,"stack":"megatron-core",)"
                  R"("framework":"Megatron-Bridge (Megatron-Core), NeMo container )" +
                  release + "\"" + more;
    return ask(record).cluster.groups[0].stack;
  };
  using hardware::Dispatcher, hardware::GraphScope;
  const GraphScope none, partial{true, true, false}, whole{false, false, true};
  const auto rack = stack("26.02.01", "gb200-nvl72-gpu", 64, R"(,"dtype":"fp8")");
  CHECK(rack.dispatcher == Dispatcher::once_per_node);
  CHECK(rack.graphs == partial);
  CHECK_FALSE(rack.overlaps_batches);
  const auto later = stack("26.06", "gb200-nvl72-gpu", 64, R"(,"dtype":"fp8")");
  CHECK(later.graphs == whole);
  CHECK(later.overlaps_batches);
  CHECK(stack("26.06", "gb200-nvl72-gpu", 64, R"(,"dtype":"bf16")").graphs == partial);
  CHECK_FALSE(stack("26.06", "gb200-nvl72-gpu", 64, R"(,"dtype":"fp8","ep_overlap":false)").overlaps_batches);
  CHECK(stack("26.06", "gb200-nvl72-gpu", 64, R"(,"dtype":"fp8","cuda_graphs":"none")").graphs == none);
  const auto servers = stack("26.02.01", "b200-sxm-180gb", 64, R"(,"dtype":"fp8")");
  CHECK(servers.dispatcher == Dispatcher::all_to_all);
  CHECK(servers.graphs == none);
  CHECK(stack("26.02.01", "h100-sxm5-80gb", 64, R"(,"dtype":"bf16")").graphs == GraphScope{false, true, false});
  CHECK(stack("26.02.01", "h100-sxm5-80gb", 64, R"(,"dtype":"fp8")").graphs == none);
}

TEST_CASE("Megatron-LM adds gradients in a kernel of its own before 2022") {
  const auto fused = [](int year) {
    Record record;
    record.plan += R"(,"release":"core of )" + std::to_string(year) + "-06\"";
    record.plan.replace(record.plan.find("megatron-deepspeed"), 18, "megatron-lm");
    return ask(record).cluster.groups[0].stack.fused_accumulation;
  };
  CHECK_FALSE(fused(2021));
  CHECK(fused(2022));
}

TEST_CASE("layers that do not match the model are refused by the name of their list") {
  Record record;
  record.plan += R"(,"layers_per_stage":[15,14])";
  CHECK_THROWS_WITH(ask(record), Catch::Contains("plan.layers_per_stage") && Catch::Contains("29 layers") &&
                                     Catch::Contains("30 layers"));
}

TEST_CASE("offload is a share, a switch, or words") {
  const auto plan = [](const std::string& more) {
    Record record;
    record.plan += more;
    return ask(record).plans.at(0);
  };
  CHECK(plan("").offloaded == 0);
  CHECK(plan(R"(,"activation_offload":0.25)").offloaded == 0.25);
  CHECK(plan(R"(,"activation_offload":true)").offloaded == 0.5);  // a half, where a source does not say how much
  CHECK(plan(R"(,"activation_offload":false)").offloaded == 0);
  CHECK(plan(R"(,"activation_offload":"attention")").offloaded == 0.5);
  CHECK(plan(R"(,"activation_offload":"none")").offloaded == 0);
  CHECK(plan(R"(,"offload":"activations of experts")").offloaded == 0.5);
  CHECK(plan(R"(,"optimizer_offload":true)").states_offloaded == 1);
  CHECK(plan(R"(,"optimizer_offload":0.5)").states_offloaded == 0.5);
  CHECK(plan(R"(,"param_offload":"all")").weights_offloaded == 1);
  CHECK(plan(R"(,"param_offload":false)").weights_offloaded == 0);
}

TEST_CASE("adapters train on a frozen base, four-bit formats run at the 8-bit rate") {
  Record record;
  record.tier = "lora";
  record.cluster = R"("device":"b200-sxm-180gb","devices":64,"devices_per_node":8)";
  record.plan =
      R"("tp":2,"pp":1,"dp":32,"micro_batch":8,"global_batch":512,"dtype":"nvfp4","finetune":"lora","stack":"megatron-core")";
  const Question question = ask(record);
  CHECK(question.job.is_base_frozen);
  CHECK(question.job.dtype == Dtype::fp8);
  CHECK(says(question.assumed, "nvfp4"));
}

TEST_CASE("a record that says too little is refused in words") {
  Record record;
  record.model = R"("name":"x","family":"gpt","num_layers":30)";
  CHECK_THROWS_WITH(ask(record), Catch::Contains("model.hidden_size"));
  Record nowhere;
  nowhere.cluster = R"("device":"abacus","devices":8)";
  CHECK_THROWS_WITH(ask(nowhere), Catch::Contains("abacus"));
}
