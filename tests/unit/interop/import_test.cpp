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
  CHECK(place_of(with("--swap-attention", Framework::mindspeed), "host's memory") == "4:3");
  CHECK(place_of(with("--swap-attention"), "unknown argument") == "4:3");
  CHECK(place_of(with("--reuse-fp32-param", Framework::mindspeed), "saves memory") == "4:3");
  CHECK(place_of(with("--schedules-method dualpipev", Framework::mindspeed), "DualPipeV") == "4:3");
  CHECK(place_of(with("--optimizer-cpu-offload"), "host's memory") == "4:3");
  CHECK(place_of(with("--recompute-granularity selective --recompute-modules mlp"), "whole MLP") == "4:37");
  CHECK(place_of(with("--recompute-granularity full --recompute-method uniform --recompute-num-layers 4"),
                 "the input of every 4 layers") != "nowhere");
  CHECK(place_of(with("--num-experts 8 --tensor-model-parallel-size 2"), "each expert is cut over 2 ranks") == "4:19");
  CHECK(place_of(with("--context-parallel-size 2 --context-parallel-algo ulysses_cp_algo", Framework::mindspeed),
                 "'ulysses_cp_algo' is not modelled") != "nowhere");
  CHECK(place_of(with("--context-parallel-size 2", Framework::mindspeed), "differs among versions") == "4:3");
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
  CHECK(place_of(list, "the number of ranks is not said") != "nowhere");
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
