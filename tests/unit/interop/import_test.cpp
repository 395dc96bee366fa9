// Is everything in a launch that is not understood refused by name, at its place, all at once?
#include <catch2/catch.hpp>

#include "launches.hpp"

namespace chipmix::interop {
namespace {

const std::string sound =
    "torchrun --nproc_per_node 8 --nnodes 2 pretrain_gpt.py \\\n"
    "  --num-layers 32 --hidden-size 4096 --num-attention-heads 32 --seq-length 4096 \\\n"
    "  --micro-batch-size 1 --global-batch-size 64 --bf16 \\\n"
    "  ";

std::vector<Diagnostic> with(const std::string& more, Framework framework = Framework::megatron) {
  return faults(framework, sound + more + "\n");
}

}  // namespace

TEST_CASE("does a sound launch have no faults?") { CHECK(with("").empty()); }

TEST_CASE("are unknown arguments refused by name, all of them, with the nearest spelling?") {
  const auto list = with("--tensor-model-paralel-size 2 --no-such-flag x y --swiglu extra --fp7-format=hybrid");
  CHECK(list.size() == 4);
  CHECK(place_of(list, "unknown argument '--tensor-model-paralel-size'") == "4:3");
  CHECK(place_of(list, "did you mean '--tensor-model-parallel-size'?") == "4:3");
  CHECK(place_of(list, "unknown argument '--no-such-flag'") == "4:33");
  CHECK(place_of(list, "'extra' belongs to no argument") == "4:61");
  CHECK(place_of(list, "unknown argument '--fp7-format'") == "4:67");
}

TEST_CASE("is what changes time or memory without being modelled refused, with what it does?") {
  CHECK(place_of(with("--smart-swap", Framework::mindspeed), "host's memory") == "4:3");
  CHECK(place_of(with("--smart-swap"), "unknown argument") == "4:3");
  CHECK(place_of(with("--schedules-method chimera", Framework::mindspeed), "'chimera' is not modelled") == "4:3");
  CHECK(place_of(with("--fp32-residual-connection"), "in fp32") == "4:3");
  CHECK(place_of(with("--context-parallel-size 2 --context-parallel-algo adaptive_cp_algo", Framework::mindspeed),
                 "'adaptive_cp_algo' is not modelled") != "nowhere");
  CHECK(place_of(with("--stage dpo", Framework::mindspeed), "'dpo' of '--stage' is not supported") == "4:11");
  CHECK(place_of(with("--context-parallel-size 2", Framework::mindspeed), "differs among versions") == "4:3");
}

TEST_CASE("does what changes memory reach the plan?") {
  const auto plan = [](const std::string& more, Framework framework = Framework::megatron) {
    return import(framework, sound + more + "\n").plan;
  };
  CHECK(plan("").stack->gradient_bytes == 4);
  CHECK(plan("--grad-reduce-in-bf16").stack->gradient_bytes == 2);
  CHECK_FALSE(plan("").stack->fused_attention);
  CHECK(plan("--attention-backend unfused").stack->fused_attention == false);
  CHECK(plan("--transformer-impl local").stack->fused_attention == false);
  CHECK(plan("--transformer-impl local --use-flash-attn").stack->fused_attention == true);
  CHECK(plan("", Framework::mindspeed).stack->fused_attention == false);
  CHECK(plan("--reuse-fp32-param", Framework::mindspeed).stack->optimizer_bytes == 10);
  CHECK(plan("--use-precision-aware-optimizer --exp-avg-dtype bf16 --exp-avg-sq-dtype fp8").stack->optimizer_bytes ==
        7);
  CHECK(plan("--optimizer-cpu-offload --optimizer-offload-fraction 0.5").lanes[0].states_in_host == 0.5);
  CHECK(plan("--cpu-offloading-num-layers 8").lanes[0].activations_in_host == 0.25);
  CHECK(plan("--lora-r 8", Framework::mindspeed).frozen_base);
  CHECK(plan("--recompute-granularity selective --recompute-modules mlp").lanes[0].remade->mlp);
  CHECK(plan("--recompute-granularity selective").lanes[0].remade->attention);
  CHECK(plan("--num-experts 8 --tensor-model-parallel-size 2").lanes[0].stages[0].expert_tensor == 2);
  CHECK(plan("--context-parallel-size 4 --cp-comm-type a2a").lanes[0].stages[0].ulysses == 4);
  CHECK(plan("--context-parallel-size 4 --context-parallel-algo hybrid_cp_algo --ulysses-degree-in-cp 2",
             Framework::mindspeed)
            .lanes[0]
            .stages[0]
            .ulysses == 2);
  CHECK(plan("--num-layers-per-virtual-pipeline-stage -1").lanes[0].interleave == 1);
  const Imported uniform =
      import(Framework::megatron,
             sound + "--recompute-granularity full --recompute-method uniform --recompute-num-layers 4\n");
  CHECK(uniform.plan.lanes[0].recompute_share == 1);
  CHECK(std::any_of(uniform.remarks.begin(), uniform.remarks.end(),
                    [](const std::string& r) { return r.starts_with("the input of every 4 layers"); }));
}

TEST_CASE("is only a training program's launch taken for one?") {
  const std::string rest = sound.substr(sound.find(".py") + 3) + "\n";
  const std::string head = "torchrun --nproc_per_node 8 --nnodes 2 ";
  for (const char* other : {"inference.py", "tools/run_text_generation_server.py", "tools/checkpoint/convert.py",
                            "evaluation.py", "tasks/main.py", "convert_ckpt.py", "preprocess_data.py"})
    CHECK(place_of(faults(Framework::mindspeed, head + other + rest), "trains nothing") == "1:40");
  for (const char* own : {"pretrain_gpt.py", "posttrain_gpt.py", "/a/b/train_mamba.py", "run.py", "$HOME/finetune.py"})
    CHECK(faults(Framework::mindspeed, head + own + rest).empty());
  CHECK(faults(Framework::mindspeed, head + "convert_ckpt.py" + rest + head + "pretrain_gpt.py" + rest).empty());
}

TEST_CASE("are ranks read from each launcher, or asked for and given?") {
  const std::string rest = sound.substr(sound.find("pretrain"));
  const auto ranks = [&](const std::string& launcher, const Asked& asked = {}) {
    scenario::Library library;
    const auto plan = import_arguments(Framework::megatron, "run.sh", launcher + " " + rest, library, asked).plan;
    return plan.lanes[0].stages[0].data;
  };
  CHECK(ranks("msrun --worker_num 16 --local_worker_num 8 --join True") == 16);
  CHECK(ranks("deepspeed --num_nodes 2 --num_gpus 4") == 8);
  CHECK(ranks("#SBATCH --nodes=4\n#SBATCH --ntasks-per-node=8\nsrun -l python") == 32);
  CHECK(ranks("python -m torch.distributed.launch --nnodes=2 --nproc_per_node=2") == 4);
  CHECK(ranks("torchrun --nproc_per_node $GPUS", {{}, {{"GPUS", "4"}}}) == 4);
  CHECK(ranks("torchrun --nproc_per_node $GPUS", {32, {}}) == 32);
  const auto list = faults(Framework::megatron, "torchrun --nproc_per_node $GPUS --nnodes $N " + rest);
  CHECK(place_of(list, "--ranks N, or --set GPUS=N --set N=N") != "nowhere");
}

TEST_CASE("are contradictions told with their numbers and what would do?") {
  CHECK(place_of(with("--pipeline-model-parallel-size 3"), "16 ranks cannot be divided into TP 1 x CP 1 x PP 3") !=
        "nowhere");
  CHECK(place_of(with("--pipeline-model-parallel-size 16 --num-layers 33"), "33 layers cannot be divided over 16") !=
        "nowhere");
  CHECK(place_of(with("--global-batch-size 40"), "nearest: 32 or 48") == "4:3");
  CHECK(place_of(with("--fp16"), "both '--bf16' and '--fp16'") == "4:3");
  CHECK(place_of(with("--pipeline-model-parallel-size 2 --pipeline-model-parallel-layout 'Et*15|t*16L'"),
                 "31 layers, '--num-layers' says 32") == "4:36");
  CHECK(place_of(with("--pipeline-model-parallel-layout 'Et*15|x'"), "cannot be read") == "4:3");
  CHECK(place_of(with("--pipeline-model-parallel-size 2 --pipeline-model-parallel-layout 't*16|Et*16L'"),
                 "must begin with one E") == "4:36");
  CHECK(place_of(with("--data-parallel-sharding-strategy optim_grads"), "without FSDP") == "4:3");
  CHECK(place_of(with("--num-layer-list 15,16", Framework::mindspeed), "2 numbers for 1 stages") == "4:3");
  CHECK(place_of(with("--noop-layers 31,31", Framework::mindspeed), "layer 31 twice") == "4:3");
  CHECK(place_of(with("--noop-layers 32", Framework::mindspeed), "there is no layer 32") == "4:3");
  CHECK(place_of(with("--num-virtual-stages-per-pipeline-rank 2"), "several chunks on one pipeline stage") == "4:3");
  CHECK(place_of(with("--num-layers many"), "needs a whole number, not 'many'") == "4:16");
  CHECK(place_of(with("--num-layers -3"), "cannot be -3") == "4:16");
  CHECK(place_of(with("--num-layers"), "needs a value") == "4:3");
  CHECK(place_of(with("--recompute-granularity some"), "'some' of '--recompute-granularity' is not supported") ==
        "4:27");
}

TEST_CASE("is it said what is missing?") {
  const auto list = faults(Framework::megatron, "torchrun pretrain_gpt.py --num-layers 4\n");
  CHECK(place_of(list, "'--seq-length' is missing") != "nowhere");
  CHECK(place_of(list, "'--micro-batch-size' is missing") != "nowhere");
  CHECK(place_of(list, "the number of ranks is not given") != "nowhere");
  CHECK(place_of(faults(Framework::megatron, "echo hello\n"), "no arguments of a training run") == "1:1");
  CHECK(place_of(faults(Framework::megatron, ""), "no arguments of a training run") == "1:1");
}

TEST_CASE("are arguments as JSON and YAML read, and refused at their place?") {
  const std::string json =
      "{\"num_layers\": 32, \"hidden-size\": 4096, \"num_attention_heads\": 32, \"seq_length\": 4096,\n"
      " \"micro_batch_size\": 1, \"global_batch_size\": 64, \"bf16\": true, \"fp16\": false, \"save\": null,\n"
      " \"nnodes\": 2, \"nproc_per_node\": 8, \"recompute_granularity\": \"selective\",\n"
      " \"recompute_modules\": [\"core_attn\", \"layernorm\"]}";
  CHECK(import(Framework::megatron, json, "a.json").plan.lanes.front().recompute == plan::Recompute::selective);
  std::string wrong = json;
  wrong.replace(wrong.find("seq_length"), 10, "seq_lenght");
  CHECK(place_of(faults(Framework::megatron, wrong, "a.json"), "did you mean '--seq-length'?") == "1:68");
  const std::string yaml =
      "# arguments\nMODEL_ARGS:\n  --num-layers: 32  # of them\n  hidden_size: ${H}\n  tensor: 2\n";
  const auto list = faults(Framework::megatron, yaml, "a.yaml");
  CHECK(place_of(list, "nothing in the file says what ${H} is") == "4:16");
  CHECK(place_of(list, "unknown argument '--tensor'") == "5:3");
}

}  // namespace chipmix::interop
