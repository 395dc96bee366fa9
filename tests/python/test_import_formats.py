"""Are configurations of every framework read and written by the command line, asked for what they lack, all at once?"""

import json

import pytest

from program import ANSWER, BAD_INPUT, NO_ANSWER, RENT, USAGE, chipmix, small, write

MODEL = ("--num-layers 32 --hidden-size 4096 --ffn-hidden-size 14336 --num-attention-heads 32 --group-query-attention "
         "--num-query-groups 8 --vocab-size 128256 --seq-length 4096 --max-position-embeddings 8192 --swiglu "
         "--normalization RMSNorm --disable-bias-linear --untie-embeddings-and-output-weights "
         "--position-embedding-type rope --bf16 --use-distributed-optimizer --use-flash-attn "
         "--micro-batch-size 1 --global-batch-size 64 --tensor-model-parallel-size 2")
LAUNCH = f"torchrun --nnodes 1 --nproc_per_node 8 pretrain_gpt.py {MODEL} "
TITAN = """
[model]
name = "llama3"
flavor = "8B"
[training]
local_batch_size = 8
seq_len = 8_192  # tokens
[parallelism]
data_parallel_shard_degree = -1
tensor_parallel_degree = 2
pipeline_parallel_degree = 2
pipeline_parallel_schedule = "Interleaved1F1B"
[activation_checkpoint]
mode = 'selective'
selective_ac_option = "2"
"""


def plan_of(run) -> dict:
    assert run.returncode == ANSWER, run.stderr
    return json.loads(run.stdout)


@pytest.fixture
def file(tmp_path):
    return lambda text, name="run.sh": write(tmp_path / name, text)


def test_is_a_torchtitan_configuration_read_and_estimated(file, scenario, tmp_path):
    path = file(TITAN, "run.toml")
    assert "the number of ranks is not given" in chipmix("import", "torchtitan", path).stderr
    run = chipmix("import", "torchtitan", path, "--ranks", "32")
    plan = plan_of(run)
    lane = plan["lanes"][0]
    assert (plan["model"], plan["sequence_length"], plan["global_batch"], plan["dtype"]) == (
        "llama-3.1-8b", 8192, 64, "bf16")
    assert [stage["layers"] for stage in lane["stages"]] == [[8, 8], [9, 7]]  # embedding and head count as a layer each
    assert (lane["micro_batch"], lane["micro_batches"], lane["interleave"], lane["schedule"]) == (1, 8, 2, "interleaved")
    assert (lane["recompute"], lane["recompute_share"], lane["zero"]) == ("full", 0.5, "parameters")
    assert lane["stages"][0]["data"] == 8
    given = chipmix("import", "torchtitan", path, "--set", "data_parallel_shard_degree=8", "--set", "mode=none")
    assert plan_of(given)["lanes"][0]["recompute"] == "none"
    job = small(job__sequence_length=8192, job__global_batch=64, options__0__cluster__devices=32)
    plan_file = write(tmp_path / "plan.json", run.stdout)
    estimate = chipmix("estimate", scenario(job), "--option", "a", "--plan", plan_file, "--format", "json")
    assert estimate.returncode in (ANSWER, NO_ANSWER), estimate.stderr


def test_are_faults_of_a_torchtitan_configuration_shown_at_their_place(file):
    path = file(TITAN.replace("tensor_parallel_degree = 2", "tensor_paralel_degree = 2"), "run.toml")
    run = chipmix("import", "torchtitan", path, "--ranks", "32")
    assert run.returncode == BAD_INPUT
    assert f"{path}:10:1: error: unknown key 'tensor_paralel_degree' of [parallelism]" in run.stderr
    assert "did you mean 'tensor_parallel_degree'?" in run.stderr
    for bad, message in (("[model\n", "the name of this table is not closed"), ("a\n", "not of the form 'name = value'"),
                         ("[t]\na = 1\na = 2\n", "a second time"), ("a = [1, 2\n", "this bracket is not closed"),
                         ("a = 'x\n", "this quote is not closed"), ("a = yes\n", "'yes' is not a value"),
                         ("a = {b = 1\n", "this bracket is not closed"), ("a = " + "[" * 99, "nested too deeply")):
        run = chipmix("import", "torchtitan", file(bad, "bad.toml"), "--ranks", "8")
        assert run.returncode == BAD_INPUT and message in run.stderr, bad
    csv = TITAN.replace('"Interleaved1F1B"', '"LoopedBFS"')
    assert "the schedule LoopedBFS is not modelled" in chipmix("import", "torchtitan", file(csv, "b.toml"), "--ranks",
                                                                "32").stderr


@pytest.mark.parametrize("kind,name", [("flagscale", "run.yaml"), ("primus", "run.yaml"), ("nemo", "run.yaml"),
                                       ("neox", "run.yml")])
def test_is_a_plan_written_for_a_framework_and_read_back(kind, name, file, scenario):
    fixed = small(options__0__plan={"tensor": 2, "pipeline": 4, "micro_batch": 1, "recompute": "full",
                                    "sequence_parallel": False})
    run = chipmix("plan", scenario(fixed), "--option", "a", "--export", kind)
    assert (run.returncode, run.stderr) == (ANSWER, "")
    back = plan_of(chipmix("import", kind, file(run.stdout, name), "--ranks", "64"))
    lane = back["lanes"][0]
    assert (back["sequence_length"], back["global_batch"], back["dtype"]) == (4096, 256, "bf16")
    assert (lane["recompute"], lane["zero"], lane["sequence_parallel"]) == ("full", "optimizer", False)
    assert [stage["layers"] for stage in lane["stages"]] == [[8]] * 4
    assert {(stage["tensor"], stage["data"]) for stage in lane["stages"]} == {(2, 8)}


def test_is_what_a_framework_cannot_say_named(scenario):
    run = chipmix("plan", scenario(small(options__0__plan={"tensor": 2, "pipeline": 4})), "--option", "a", "--export",
                  "torchtitan")
    assert (run.returncode, run.stdout) == (NO_ANSWER, "")
    assert "torchtitan cannot express this plan" in run.stderr and "FSDP shares weights" in run.stderr
    assert chipmix("plan", scenario(), "--option", "a", "--export", "nothing").returncode == USAGE


def test_is_a_mix_of_vendors_read_from_flagscale(file):
    text = """
system:
  pipeline_model_parallel_size: 3
  use_distributed_optimizer: true
  hetero:
    enable_hetero: true
    hetero_process_meshes: [2, 1, 1, 4, 1, 4, 1, 1, 4, 2]
    hetero_device_types: ["A800", "BI150"]
    hetero_pipeline_layer_split: [12, 8, 4]
model:
  num_layers: 24
  hidden_size: 2048
  num_attention_heads: 16
  seq_length: 4096
  micro_batch_size: 1
  global_batch_size: 32
  bf16: true
"""
    lane = plan_of(chipmix("import", "flagscale", file(text, "hetero.yaml")))["lanes"][0]
    assert [(s["island"], s["layers"], s["tensor"], s["data"]) for s in lane["stages"]] == [
        ("A800", [12], 2, 4), ("BI150", [8], 4, 4), ("BI150", [4], 4, 4)]
    for bad, message in (("1, 4, 2]", "five numbers each"), ('4, 2]\n    hetero_device_types: ["A800"]', "1 device types")):
        wrong = text.replace("1, 4, 2]", bad) if bad.startswith("1") else text.replace(
            '4, 2]\n    hetero_device_types: ["A800", "BI150"]', bad)
        wrong = wrong.replace("1, 1, 4, 2]", "1, 4]") if bad == "1, 4, 2]" else wrong
        run = chipmix("import", "flagscale", file(wrong, "wrong.yaml"))
        assert run.returncode == BAD_INPUT and message in run.stderr, run.stderr


def test_does_a_pipeline_over_two_islands_go_to_flagscale_and_come_back(file, scenario):
    island = {"devices": 8, "fabric": "rail-optimised-non-blocking", "rent": RENT}
    mix = {"islands": [{"name": "fast", "device": "h100-sxm5-80gb", **island},
                       {"name": "slow", "device": "mi300x", **island}],
           "links": [{"between": ["fast", "slow"], "link": "rdma-mixed-200", "count": 4}], "ways": ["pipeline"]}
    path = scenario(small(options=[{"name": "both", "mix": mix,
                                    "search": {"tensor": 2, "context": 1, "micro_batch": 1, "interleave": 1}}]))
    run = chipmix("plan", path, "--option", "both", "--export", "flagscale")
    assert (run.returncode, run.stderr) == (ANSWER, "")
    answer = json.loads(chipmix("compare", path, "--format", "json").stdout)["options"][0]
    lane = next(way for way in answer["ways"] if way["name"] == "pipeline")["plan"]["lanes"][0]
    back = plan_of(chipmix("import", "flagscale", file(run.stdout, "hetero.yaml")))["lanes"][0]
    for key in ("island", "tensor", "data", "layers"):
        assert [stage[key] for stage in back["stages"]] == [stage[key] for stage in lane["stages"]], key
    assert (back["micro_batch"], back["micro_batches"]) == (lane["micro_batch"], lane["micro_batches"])
    refused = chipmix("plan", path, "--option", "both", "--export", "torchtitan")
    assert refused.returncode == NO_ANSWER and "crosses from island 'fast' to 'slow'" in refused.stderr


def test_is_everything_that_a_script_lacks_asked_for_at_once_and_taken_from_the_command_line(file):
    script = ("#!/bin/bash\n#SBATCH --nodes=4\n#SBATCH --ntasks-per-node=8\n#SBATCH --gpus-per-node=mi250:8\n"
              "if [ -z $SLURM_JOB_ID ]; then sbatch \"$0\"; exit; fi\nif [[ -v SLURM_RESTART_COUNT ]]; then\n"
              "echo again; fi\nTP=${12}\nMBS=$1\n"
              f'CMD="pretrain_gpt.py {MODEL} --tensor-model-parallel-size $TP --micro-batch-size $MBS"\n'
              'run="srun python $CMD"\neval $run\n')
    path = file(script)
    run = chipmix("import", "megatron", path)
    assert run.returncode == BAD_INPUT
    assert "--set 12=VALUE gives it" in run.stderr and "--set 1=VALUE gives it" in run.stderr
    lane = plan_of(chipmix("import", "megatron", path, "--set", "12=4", "--set", "1=2"))["lanes"][0]
    assert (lane["micro_batch"], lane["stages"][0]["tensor"], lane["stages"][0]["data"]) == (2, 4, 8)
    context = file(LAUNCH + "--context-parallel-size 2", "cp.sh")
    assert "--set context-parallel-algo=megatron_cp_algo" in chipmix("import", "mindspeed", context).stderr
    ring = plan_of(chipmix("import", "mindspeed", context, "--set", "context-parallel-algo=megatron_cp_algo"))
    assert ring["lanes"][0]["stages"][0]["context"] == 2


def test_are_placeholders_of_a_deepspeed_template_asked_for(file):
    path = file('{"train_batch_size": GBSIZE, "train_micro_batch_size_per_gpu": MBSIZE, "zero_optimization": '
                '{"stage": ZERO_STAGE}, "bf16": {"enabled": true}}', "ds.json")
    run = chipmix("import", "deepspeed", path)
    assert run.returncode == BAD_INPUT and run.stderr.count("error: ") == 3
    words = [word for pair in ("GBSIZE=64", "MBSIZE=2", "ZERO_STAGE=2") for word in ("--set", pair)]
    lane = plan_of(chipmix("import", "deepspeed", path, *words, "--ranks", "8"))["lanes"][0]
    assert (lane["zero"], lane["micro_batch"], lane["micro_batches"]) == ("gradients", 2, 4)


def test_are_values_of_nemo_made_of_other_values(file):
    text = ("trainer:\n  num_nodes: 2\n  devices: 8\n  precision: bf16\nmodel:\n  micro_batch_size: 2\n"
            "  global_batch_size: 64\n  encoder_seq_length: 2048\n  max_position_embeddings: ${.encoder_seq_length}\n"
            "  num_layers: 24\n  heads_too: ${multiply:${.num_layers},\n    ${.num_layers}}\n  hidden_size: 1024\n  ffn_hidden_size: ${multiply:4, ${.hidden_size}}\n"
            "  num_attention_heads: 16\n  tensor_model_parallel_size: 2\n  fp8: False\n  fp8_hybrid: True\n"
            "  activations_checkpoint_granularity: full\n  activations_checkpoint_method: block\n"
            "  activations_checkpoint_num_layers: 6\n  optim:\n    name: distributed_fused_adam\n")
    plan = plan_of(chipmix("import", "nemo", file(text, "gpt.yaml")))
    lane = plan["lanes"][0]
    assert (plan["dtype"], plan["sequence_length"], lane["stages"][0]["data"]) == ("bf16", 2048, 8)
    assert (lane["recompute"], lane["recompute_share"], lane["zero"]) == ("full", 0.25, "optimizer")
    serving = chipmix("import", "nemo", file(text[:text.index("  optim")], "serve.yaml"))
    assert serving.returncode == BAD_INPUT and "trains nothing" in serving.stderr


def test_do_memory_flags_change_the_memory_account(file, scenario, tmp_path):
    job = small(job__sequence_length=4096, job__global_batch=64, options__0__cluster__devices=8)

    def memory(more: str, launch: str = LAUNCH) -> float:
        plan = chipmix("import", "mindspeed", file(launch + more))
        assert plan.returncode == ANSWER, plan.stderr
        path = write(tmp_path / "plan.json", plan.stdout)
        run = chipmix("estimate", scenario(job), "--option", "a", "--plan", path, "--format", "json")
        return max(stage["peak_gib"] for stage in json.loads(run.stdout)["memory"])

    usual = memory("")
    for more in ("--swap-attention", "--o2-optimizer", "--o2-gradient", "--reuse-fp32-param",
                 "--recompute-activation-function", "--lora-r 16 --qlora", "--swap-optimizer"):
        assert memory(more) < usual, more
    assert memory("", LAUNCH.replace("--use-flash-attn ", "")) > usual
    whole = "--recompute-granularity full --recompute-method uniform --recompute-num-layers 1 "  # the loss is the peak
    assert memory(whole + "--output-layer-slice-num 8") < memory(whole) < usual
    weights = 8.03e9 / 2  # llama-3.1-8b over TP 2; o2.md: 2 bytes a weight of gradients, 4 of states over DP 4
    assert usual - memory("--o2-gradient") == pytest.approx(2 * weights / 2**30, rel=0.05)
    assert usual - memory("--o2-optimizer") == pytest.approx(4 * weights / 4 / 2**30, rel=0.05)


def test_is_a_model_that_stands_elsewhere_spread_evenly_and_inference_refused(file):
    bridge = ("train:\n  global_batch_size: 64\n  micro_batch_size: 1\nmodel:\n  tensor_model_parallel_size: 2\n"
              "  pipeline_model_parallel_size: 4\n  expert_model_parallel_size: 4\ndataset:\n  seq_length: 8192\n"
              "mixed_precision: bf16_mixed\n")
    run = chipmix("import", "nemo", file(bridge, "bridge.yaml"), "--ranks", "64")
    lane = plan_of(run)["lanes"][0]
    assert "the sizes of the model are in another file" in run.stderr
    assert [stage.get("layers") for stage in lane["stages"]] == [None] * 4
    assert (lane["stages"][0]["expert"], lane["stages"][0]["data"]) == (4, 8)
    serving = file({"zero_optimization": {"stage": 3}, "train_batch_size": 8, "train_micro_batch_size_per_gpu": 1,
                    "gradient_accumulation_steps": 1}, "zero3_inference.json")
    assert "trains nothing" in chipmix("import", "deepspeed", serving).stderr
    maxtext = file("work_group: x\nmodules:\n  pre_trainer:\n    framework: maxtext\n    model: a.yaml\n", "m.yaml")
    assert "configurations of maxtext are not read" in chipmix("import", "primus", maxtext, "--ranks", "8").stderr
    wrong = file(LAUNCH + "--swap-attention", "w.sh")
    assert "MindSpeed has it: import mindspeed" in chipmix("import", "megatron", wrong).stderr
